"""How long to wait before trying again: exponential, with full jitter.

The wait is drawn evenly from nothing up to a ceiling that doubles with each failure in a row. Full
jitter spreads many clients that failed at the same moment better than any fixed wait; a server's
own ``Retry-After`` is a lower bound. Source: Brooker, "Exponential backoff and jitter", AWS 2015.
"""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Backoff:
    """``base_s`` is the first ceiling, ``cap_s`` the last; both in seconds."""

    base_s: float = 0.5
    cap_s: float = 20.0

    def wait_s(self, failures: int, rng: Random, at_least_s: float = 0.0) -> float:
        """Seconds to wait after so many failures in a row (1 or more)."""
        ceiling = min(self.cap_s, self.base_s * 2 ** min(failures - 1, 30))
        return max(at_least_s, rng.uniform(0, ceiling))
