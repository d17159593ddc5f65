"""A clock that jumps from one event to the next, so hours take seconds and each run is the same."""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

Deed = Callable[[], None]


class Clock:
    """``now`` in seconds. Deeds of one moment happen in the order in which they were set."""

    def __init__(self) -> None:
        self.now = 0.0
        self._deeds: list[tuple[float, int, Deed]] = []
        self._numbers = count()

    def at(self, when: float, deed: Deed) -> None:
        heappush(self._deeds, (max(when, self.now), next(self._numbers), deed))

    def after(self, seconds: float, deed: Deed) -> None:
        self.at(self.now + seconds, deed)

    def run(self, until: float) -> None:
        """All that is to be done until this moment."""
        while self._deeds and self._deeds[0][0] <= until:
            self.now, _, deed = heappop(self._deeds)
            deed()
        self.now = max(self.now, until)
