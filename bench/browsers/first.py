"""How soon the storage gets the first bytes of a file, after it was chosen.

The page says when the file was chosen, the storage how much came, and both have the clock of this
machine. The storage counts whole MiB while a part comes, so it is really the first MiB.
"""

import threading
import time
from collections.abc import Callable

import urllib3
from playwright.sync_api import Page

LOOK_S = 0.005
PATIENCE_S = 60.0


def first_byte(page: Page, storage: str, choose: Callable[[], None]) -> float:
    """Seconds. Raises TimeoutError if nothing comes."""
    arrival = _Arrival(storage)
    arrival.start()
    choose()
    arrival.join(PATIENCE_S)
    if not arrival.at:
        raise TimeoutError("nothing arrived")
    return arrival.at - float(page.evaluate("(performance.timeOrigin + chosen) / 1000"))


class _Arrival(threading.Thread):
    """Looks until more has come than when it was made; ``at``: when that was, 0 before."""

    def __init__(self, storage: str) -> None:
        super().__init__(name="arrival", daemon=True)
        self._http, self._url = urllib3.PoolManager(), f"{storage}/-/received"
        self._before = self._received()
        self.at = 0.0

    def run(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while self._received() == self._before and time.monotonic() < until:
            time.sleep(LOOK_S)
        if self._received() != self._before:
            self.at = time.time()

    def _received(self) -> int:
        return int(self._http.request("GET", self._url).data)
