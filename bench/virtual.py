"""Time that passes at once: what happens next happens now, in its order.

    clock.at(ms, do)      ``do`` is called when the clock stands there
    clock.wait(ms)        within ``begin``: whoever calls goes on after so long
    clock.begin(do)       ``do`` may wait, as a function of Lambda waits for DynamoDB

Days of an upload are seconds here, and alike each time. The service is written in plain calls, so
those that wait run in greenlets, as in ``tests/simulation``.
"""

import heapq
import math
from collections.abc import Callable
from itertools import count
from random import Random

from greenlet import getcurrent, greenlet


class VirtualClock:
    """The port ``Clock``, too: milliseconds, from a fixed moment on."""

    def __init__(self, seed: int = 1) -> None:
        self._now, self.rng = 1_800_000_000_000, Random(seed)
        self._coming: list[tuple[int, int, Callable[[], object]]] = []
        self._order = count()
        self._hub = getcurrent()

    def now(self) -> int:
        return self._now

    def pause(self, most_ms: int) -> None:
        self.wait(self.rng.uniform(0, most_ms))

    def at(self, ms: float, do: Callable[[], object]) -> None:
        heapq.heappush(self._coming, (max(self._now, math.ceil(ms)), next(self._order), do))

    def after(self, ms: float, do: Callable[[], object]) -> None:
        self.at(self._now + ms, do)

    def begin(self, do: Callable[[], object]) -> None:
        """In its turn: whoever begins goes on before."""
        self.after(0, lambda: greenlet(do, self._hub).switch())

    def wait(self, ms: float) -> None:
        """Nothing to wait for outside of ``begin``."""
        me = getcurrent()
        if ms > 0 and me is not self._hub:
            self.after(ms, me.switch)
            self._hub.switch()

    def run(self, over: Callable[[], bool] = lambda: False) -> None:
        """Until nothing is to come, or it is ``over``."""
        while self._coming and not over():
            self._now, _, do = heapq.heappop(self._coming)
            do()
