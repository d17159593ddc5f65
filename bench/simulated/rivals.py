"""What others would need: the best line alone, and the file cut beforehand.

All are given what nobody has: no start, no end, no gap between parts, and speeds known beforehand.
A piece whose line dies is never brought.
"""

import math
from collections.abc import Mapping, Sequence

from bench.scenes import Change, ideal_s


def best_alone_s(size: int, course: Sequence[Change]) -> float:
    return min(_alone_s(size, name, course) for name in {c.device for c in course})


def split_s(size: int, rates: Mapping[str, float], course: Sequence[Change]) -> float:
    """By the lines' speeds; the last to end counts."""
    total = sum(rates.values())
    return max(_alone_s(size * rate / total, name, course) for name, rate in rates.items())


def equal_split_s(size: int, course: Sequence[Change]) -> float:
    names = {change.device for change in course}
    return max(_alone_s(size / len(names), name, course) for name in names)


def _alone_s(size: float, name: str, course: Sequence[Change]) -> float:
    own = [change for change in course if change.device == name]
    try:
        return ideal_s(math.ceil(size), own)
    except ValueError:
        return math.inf
