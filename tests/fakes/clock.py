"""A clock that stands still until a test moves it."""

import random


class FakeClock:
    """The port ``Clock``. ``pause`` waits by moving the clock, and is random by its seed."""

    def __init__(self, now: int = 1_700_000_000_000, seed: int = 0) -> None:
        self._now, self._random = now, random.Random(seed)

    def now(self) -> int:
        return self._now

    def pause(self, most_ms: int) -> None:
        self.advance(self._random.randint(0, most_ms))

    def advance(self, ms: int) -> None:
        self._now += ms
