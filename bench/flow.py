"""A line in virtual time: all that is sent by it shares its speed evenly, whenever it began."""

import math
from collections.abc import Callable

from bench.virtual import VirtualClock

ANSWER_MS = 100
"""From a part's last byte to the storage's answer; meanwhile others have the line."""

DUST = 0.5
"""Bytes; less is nothing but rounding."""


class Line:
    """``rate`` in bytes a second; ``stored`` is told each part that the storage has answered."""

    def __init__(self, clock: VirtualClock, rate: int, stored: Callable[[int], None]) -> None:
        self._clock, self._rate, self._stored = clock, rate, stored
        self._left: dict[int, float] = {}
        self._answering: set[int] = set()
        self._moved, self._since, self._turn = 0.0, clock.now(), 0

    def start(self, part: int, length: int) -> None:
        self._go_on()
        self._left[part] = length
        self._arm()

    def stop(self, part: int) -> bool:
        """Whether there was anything to stop."""
        self._go_on()
        found = part in self._left or part in self._answering
        self._left.pop(part, None)
        self._answering.discard(part)
        self._arm()
        return found

    def moved(self) -> int:
        """Bytes that have left since the last call."""
        self._go_on()
        whole, self._moved = int(self._moved), self._moved % 1
        return whole

    def _go_on(self) -> None:
        now, busy = self._clock.now(), len(self._left)
        sent = self._rate * (now - self._since) / 1000
        self._since = now
        if not busy:
            return
        for part, left in self._left.items():
            self._left[part] = left - sent / busy
        self._moved += sent

    def _arm(self) -> None:
        self._turn += 1
        if self._left:
            turn, least = self._turn, max(0.0, min(self._left.values()))
            ms = least * len(self._left) * 1000 / self._rate
            self._clock.after(max(1, math.ceil(ms)), lambda: self._due(turn))

    def _due(self, turn: int) -> None:
        if turn != self._turn:
            return
        self._go_on()
        for part in [p for p, left in self._left.items() if left < DUST]:
            del self._left[part]
            self._answering.add(part)
            self._clock.after(ANSWER_MS, lambda part=part: self._answered(part))  # type: ignore[misc]
        self._arm()

    def _answered(self, part: int) -> None:
        if part in self._answering:
            self._answering.discard(part)
            self._stored(part)
