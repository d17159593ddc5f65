"""How many connections to use: more while that makes it faster, fewer when it fails.

A single connection is slow where the way is long or each is held back on purpose; many are slow
where they stand in each other's way. No number is right everywhere, so it is found by trying: when
all lanes were busy for a window, a half as many more are opened; if the next window is not clearly
faster, they are closed again and nothing is tried for a while. A failure halves the lanes. A line
that changes is noticed, because what a trial is compared with is always the window just before.

Refused: a model of the line (BBR and its kin). It needs round trips and losses, which the kernel
knows and we do not. A few percent more are not worth a trial's noise, hence the threshold.
"""

WINDOW_S = 2.0
GAIN = 1.08
QUIET_S = 20.0


class Lanes:
    """``first`` lanes to begin with, never more than ``most`` nor fewer than ``fewest``."""

    def __init__(self, first: int, most: int, fewest: int = 2) -> None:
        self.count = min(first, most)
        self._most, self._fewest = most, min(fewest, most)
        self._since: float | None = None
        self._bytes = 0
        self._before: tuple[int, float] | None = None  # lanes and rate before the trial
        self._quiet_until = float("-inf")

    def moved(self, sent: int, now: float, busy: int) -> None:
        """``sent`` bytes have left since the last call, with ``busy`` lanes at work."""
        if busy < self.count:
            self._since = None
        elif self._since is None:
            self._since, self._bytes = now, 0
        else:
            self._bytes += sent
            if now - self._since >= WINDOW_S:
                self._judge(self._bytes / (now - self._since), now)

    def failed(self, now: float) -> None:
        """A connection broke, or the storage refused: fewer, and no trial for a while."""
        self._settle(max(self._fewest, self.count // 2), now)

    def _judge(self, rate: float, now: float) -> None:
        before, self._since = self._before, None
        if before and rate < before[1] * GAIN:
            self._settle(before[0], now)
        elif now >= self._quiet_until and self.count < self._most:
            self._before = (self.count, rate)
            self.count = min(self._most, self.count + max(1, self.count // 2))
        else:
            self._before = None

    def _settle(self, count: int, now: float) -> None:
        self.count, self._before, self._since = count, None, None
        self._quiet_until = now + QUIET_S
