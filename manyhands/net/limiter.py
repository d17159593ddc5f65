"""``--limit-rate``: one limit for all connections of this process together.

A token bucket without a clock and without sleep: ``reserve`` books the next bytes and says how
long to wait before they may leave. Whoever asks first leaves first, so the connections share
evenly. The bucket holds a twentieth of a second's bytes, and blocks are cut no larger, so a low
limit gives a steady trickle instead of bursts that fill the line's own queue.
"""

import re
import threading

from manyhands.errors import BadRate

BLOCK = 256 * 1024
SMALLEST_BLOCK = 1024
STEPS_PER_S = 20
_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMG]?)(?:i?B)?(?:/s)?", re.IGNORECASE)
_UNITS = {"": 1, "K": 1000, "M": 1000**2, "G": 1000**3}


class Limiter:
    """``rate`` in bytes a second; 0 for none."""

    def __init__(self, rate: int = 0) -> None:
        self._rate = rate
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
        if not self._rate:
            return 0.0
        with self._lock:
            start = max(self._booked_until, now - 1 / STEPS_PER_S)
            self._booked_until = start + size / self._rate
        return max(0.0, start - now)


def rate_of(text: str) -> int:
    """Bytes a second from ``300K``, ``2M``, ``1.5M`` or a plain number. Raises BadRate."""
    match = _RATE.fullmatch(text.strip())
    rate = int(float(match[1]) * _UNITS[match[2].upper()]) if match else 0
    if rate < 1:
        raise BadRate(f"«{text}» is not a rate. Write for example 300K, 2M or 1.5M (bytes/s).")
    return rate
