"""What happens to the lines of one run, and how long it would take if nothing were ever lost.

A run has devices, each with the rate that its line was measured to carry, and turns: from this
moment on this line carries so much. The ideal is the moment at which the lines together could have
carried the file, each filled without a gap from its first moment to its last; nobody reaches it,
since a program must start, a part in flight dies with its device, and storage takes time to answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum


class What(Enum):
    """Of a device, or of its line."""

    JOINS = "joins late"
    DIES = "dies"
    CRAWLS = "falls to 1 %"


CRAWL = 0.01


@dataclass(frozen=True, slots=True)
class Turn:
    """``at``: when, as a share of the time that all lines together would need."""

    at: float
    device: str
    what: What


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """``mib``: the file. ``lossy``: a line that loses one packet in a hundred on its way up."""

    name: str
    mib: int
    turns: tuple[Turn, ...] = ()
    lossy: str = ""

    def joins_late(self, device: str) -> bool:
        return any((t.device, t.what) == (device, What.JOINS) for t in self.turns)


@dataclass(frozen=True, slots=True)
class Change:
    """From ``at_s`` on the line of this device carries ``rate`` bytes a second."""

    at_s: float
    device: str
    rate: float


def changes(scene: Scene, rates: Mapping[str, float]) -> list[Change]:
    """The scene's turns in seconds and bytes a second, in order; from 0 on for who is there."""
    whole_s = scene.mib * 2**20 / sum(rates.values())
    there = [Change(0.0, name, rate) for name, rate in rates.items() if not scene.joins_late(name)]
    later = {What.JOINS: 1.0, What.DIES: 0.0, What.CRAWLS: CRAWL}
    turned = [
        Change(t.at * whole_s, t.device, rates[t.device] * later[t.what]) for t in scene.turns
    ]
    return there + sorted(turned, key=lambda change: change.at_s)


def seen_from(course: Sequence[Change], later_s: float) -> list[Change]:
    """The same course by a clock that starts so much later."""
    return [replace(change, at_s=max(0.0, change.at_s - later_s)) for change in course]


def ideal_s(size: int, course: Sequence[Change]) -> float:
    """When the lines could have carried ``size`` bytes. Raises ValueError if they never do."""
    rates: dict[str, float] = {}
    now, left = 0.0, float(size)
    for change in course:
        carried = sum(rates.values()) * (change.at_s - now)
        if carried >= left:
            break
        left, now = left - carried, change.at_s
        rates[change.device] = change.rate
    total = sum(rates.values())
    if total <= 0:
        raise ValueError("nobody is left to carry the rest")
    return now + left / total
