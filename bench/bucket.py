"""A token bucket: how long so many bytes have to wait at this rate, by whatever clock there is.

Whoever takes more than there is goes into debt and waits until it is paid; the next one waits for
both. So those who share a line are served in the order in which they came, and nobody who wakes a
little late takes speed from the line: the debts of the others have been paid in the meantime.
"""

from threading import Lock

BURST = 32 * 1024
"""What an idle line gathers, as in the kernel's own shaping (``tools.network``)."""


class Bucket:
    """``rate`` in bytes a second, times in seconds. Safe to call from several threads."""

    def __init__(self, rate: float, now: float) -> None:
        self._rate, self._at = rate, now
        self._tokens = float(BURST)
        self._lock = Lock()

    def take(self, size: int, now: float) -> float:
        """So many seconds from now these bytes may pass."""
        with self._lock:
            self._refill(now)
            self._tokens -= size
            return max(0.0, -self._tokens / self._rate)

    def shape(self, rate: float, now: float) -> None:
        """At this rate from now on; who waits already waits as long as was said."""
        with self._lock:
            self._refill(now)
            self._rate = rate

    def _refill(self, now: float) -> None:
        """Threads may come with their times in another order than they took them."""
        passed = max(0.0, now - self._at)
        self._tokens = min(float(BURST), self._tokens + passed * self._rate)
        self._at += passed
