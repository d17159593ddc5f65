"""The lanes: each a thread with its own connection and its own handle of the file.

Which part is on which lane is known only to the deciding thread; a lane reports with one message
for each order, whatever happens. Lanes are made when they are first needed, so a small file or a
slow line costs no threads.
"""

import time
from collections.abc import Callable

from manyhands.download.desk import Message
from manyhands.download.getter import Getter
from manyhands.download.manifest import Manifest
from manyhands.download.part_file import PartFile
from manyhands.inbox import Broke, Counter, Worker
from manyhands.net.limiter import Limiter
from manyhands.net.line import Line

WIND_DOWN_S = 2.0


class Lane:
    """``part`` is what it fetches, None while idle; ``come``: counts its bytes that have come.

    For the deciding thread.
    """

    def __init__(
        self, getter: Getter, come: Counter, put: Callable[[Message | Broke], None]
    ) -> None:
        self.part: int | None = None
        self.come = come
        self._getter, self._put = getter, put
        self._worker = Worker("fetching", lambda error: put(Broke(error)))

    def fetch(self, part: int, url: str) -> None:
        self.part = part
        self.come.take()
        self._getter.begin()
        self._worker.submit(lambda: self._put(self._getter.get(part, url)))

    def stop(self) -> None:
        self._getter.stop()

    def end(self) -> None:
        self._getter.stop()
        self._worker.submit(self._getter.close)
        self._worker.end()

    def join(self, timeout_s: float) -> None:
        self._worker.join(timeout_s)


class Crew:
    """Lanes that share one limit. Made and ordered by the deciding thread."""

    def __init__(
        self,
        file: PartFile,
        manifest: Manifest,
        limiter: Limiter,
        put: Callable[[Message | Broke], None],
        stall_s: float,
    ) -> None:
        self.moved = Counter()
        self._file, self._manifest, self._limiter = file, manifest, limiter
        self._put, self._stall_s = put, stall_s
        self._lanes: list[Lane] = []

    @property
    def busy(self) -> int:
        """How many parts are under way."""
        return sum(lane.part is not None for lane in self._lanes)

    @property
    def under_way(self) -> int:
        """Bytes that have come of them."""
        return sum(lane.come.count for lane in self._lanes if lane.part is not None)

    def start(self, part: int, url: str) -> None:
        idle = next((lane for lane in self._lanes if lane.part is None), None)
        (idle or self._another()).fetch(part, url)

    def stop(self, part: int) -> None:
        for lane in self._lanes:
            if lane.part == part:
                lane.stop()

    def ended(self, part: int) -> None:
        """The lane that fetched this part has reported."""
        for lane in self._lanes:
            if lane.part == part:
                lane.part = None

    def end(self) -> None:
        """Break off all; who still opens a connection after this writes nothing any more."""
        for lane in self._lanes:
            lane.end()
        until = time.monotonic() + WIND_DOWN_S
        for lane in self._lanes:
            lane.join(max(0.0, until - time.monotonic()))

    def _another(self) -> Lane:
        line, come = Line(self._stall_s), Counter()

        def count(moved: int) -> None:
            come.add(moved)
            self.moved.add(moved)

        getter = Getter(self._file.writer(), self._manifest, self._limiter, line, count)
        self._lanes.append(Lane(getter, come, self._put))
        return self._lanes[-1]
