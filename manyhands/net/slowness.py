"""Saying so when no answer comes for some seconds: whoever waits in silence thinks of a defect."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from manyhands.errors import Refused

SLOW_S = 3.0


@contextmanager
def told(tell: Callable[[], None]) -> Iterator[None]:
    """``tell`` is called once, from another thread, if what is within lasts longer."""
    timer = threading.Timer(SLOW_S, tell)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class Silence:
    """One outage is told once, however many calls wait in it and by however many ways.

    ``tell`` is called with the other side; again only after a call that was answered.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell, self._is_told = tell, False
        self._lock = threading.Lock()

    @contextmanager
    def told(self, host: str) -> Iterator[None]:
        """Around one call. A refusal is an answer, too."""
        try:
            with told(lambda: self._once(host)):
                yield
        except Refused:
            self._is_told = False
            raise
        self._is_told = False

    def _once(self, host: str) -> None:
        with self._lock:
            before, self._is_told = self._is_told, True
        if not before:
            self._tell(host)
