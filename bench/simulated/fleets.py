"""Who uploads together in the simulation, and what happens to their lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from bench.scenes import Change, Scene, Turn, What, changes

MB = 1_000_000
STEADY, LOSSY = "steady", "one line with loss"
TURNS = {
    "the fastest dies at 35 %": What.DIES,
    "the fastest falls to 1 % at 35 %": What.CRAWLS,
    "the fastest joins at 35 %": What.JOINS,
}
TURNS_AT = (0.32, 0.38)
"""By seed: what a device has sent and not reported when it dies depends on the very moment."""
LOSS = (0.3, 1.2)
"""Between these shares of its rate the line with loss carries something else every second."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """``rates``: bytes a second, by device."""

    name: str
    rates: Mapping[str, float]

    @property
    def fastest(self) -> str:
        return max(self.rates, key=lambda name: self.rates[name])


def _of(name: str, *rates: float) -> Fleet:
    return Fleet(name, {f"device {n}": rate * MB for n, rate in enumerate(rates, 1)})


THREE = _of("3 devices, 8, 40 and 160 Mbit/s", 0.962, 4.761, 19.045)
TWO = _of("2 equal devices, 40 Mbit/s", 5.0, 5.0)
TEN = _of("10 devices, 2 to 160 Mbit/s", 20, 12, 8, 5, 5, 3, 2, 1, 0.5, 0.25)
THIRTY = _of("30 devices, 2 to 230 Mbit/s", *(0.3 * 1.17**n for n in range(30)))
"""The rates of three are what the shaped lines of ``several_lines`` carried when it was written."""


def course(fleet: Fleet, what: str, mib: int, seed: int) -> list[Change]:
    """What the lines carry, from when on."""
    turn, rng = TURNS.get(what), Random(seed)
    turns = (Turn(rng.uniform(*TURNS_AT), fleet.fastest, turn),) if turn else ()
    known = changes(Scene(name=what, mib=mib, turns=turns), fleet.rates)
    return known + (_losing(fleet, mib, rng) if what == LOSSY else [])


def _losing(fleet: Fleet, mib: int, rng: Random) -> list[Change]:
    """Of the middle one in speed."""
    name = sorted(fleet.rates, key=lambda each: fleet.rates[each])[len(fleet.rates) // 2]
    longest_s = 2 * mib * 2**20 / sum(fleet.rates.values())
    rate = fleet.rates[name]
    return [Change(s, name, rate * rng.uniform(*LOSS)) for s in range(1, int(longest_s))]
