"""``--limit-rate``: one limit for all connections of this process together.

A token bucket without a clock and without sleep: ``reserve`` books the next bytes and says how
long to wait before they may leave. Whoever asks first leaves first, so the connections share
evenly. The bucket holds a twentieth of a second's bytes, and blocks are cut no larger, so a low
limit gives a steady trickle instead of bursts that fill the line's own queue.
"""

import threading
from collections.abc import Callable

from manyhands.net.schedule import Schedule, minute_now

BLOCK = 256 * 1024
SMALLEST_BLOCK = 1024
STEPS_PER_S = 20
LOOK_EVERY_S = 5.0


class Limiter:
    """``rate`` in bytes a second, 0 for none, or a schedule; ``minute`` tells that of the day."""

    def __init__(self, rate: int | Schedule = 0, minute: Callable[[], int] = minute_now) -> None:
        self._schedule = rate if isinstance(rate, Schedule) else Schedule()
        self._minute = minute
        self._rate = self._schedule.rate_at(minute()) if isinstance(rate, Schedule) else rate
        self._look_at = float("-inf")
        self._lock = threading.Lock()
        self._booked_until = float("-inf")

    @property
    def block(self) -> int:
        """How many bytes to send at once."""
        if not self._rate:
            return BLOCK
        return min(BLOCK, max(SMALLEST_BLOCK, self._rate // STEPS_PER_S))

    def reserve(self, size: int, now: float) -> float:
        """Book ``size`` bytes; returns the seconds to wait before sending them."""
        if self._schedule.entries and now >= self._look_at:
            self._look_at = now + LOOK_EVERY_S
            self._rate = self._schedule.rate_at(self._minute())
        if not self._rate:
            return 0.0
        with self._lock:
            start = max(self._booked_until, now - 1 / STEPS_PER_S)
            self._booked_until = start + size / self._rate
        return max(0.0, start - now)
