"""The parts that are not there yet: each waits, or is under way, never both.

In order from the first, because a film that is watched while it arrives wants its beginning; those
that failed go before all others once their wait is over, so that nothing is left behind to the end.
"""

import math
from collections import Counter, deque
from collections.abc import Iterable


class PartsLeft:
    def __init__(self, parts: Iterable[int]) -> None:
        self._fresh = deque(sorted(set(parts)))
        self._again: dict[int, float] = {}
        self._busy: dict[int, int] = {}  # by which URL each began
        self.failures: Counter[int] = Counter()
        self.wrongs: Counter[int] = Counter()

    def __bool__(self) -> bool:
        return bool(self._fresh or self._again or self._busy)

    @property
    def busy(self) -> list[int]:
        """Parts under way."""
        return sorted(self._busy)

    def due(self, now: float) -> bool:
        """Whether one may begin."""
        return bool(self._fresh) or any(at <= now for at in self._again.values())

    def begin(self, now: float, url: int) -> int:
        """The next one, now under way by the URL of this number; for when one is due."""
        ready = [part for part, at in self._again.items() if at <= now]
        part = min(ready) if ready else self._fresh.popleft()
        self._again.pop(part, None)
        self._busy[part] = url
        return part

    def ended(self, part: int) -> int | None:
        """It is no longer under way; returns the number of its URL, None if it was not."""
        return self._busy.pop(part, None)

    def again(self, part: int, at: float) -> None:
        self._again[part] = at

    def hurry(self, now: float) -> None:
        self._again = dict.fromkeys(self._again, now)

    def wake_at(self) -> float:
        """When the next one that waits is due."""
        return min(self._again.values(), default=math.inf)
