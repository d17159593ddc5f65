"""The table of simulated lines, and the means over its seeds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from bench.simulated.fleets import Fleet
from bench.simulated.run import Outcome

MB = 1_000_000
HEAD = (
    "| devices | what happens | file | ideal, s | efficiency | of the sending | sent twice | "
    "calls per part | best line alone | equal split | split by speed | without rescue |\n"
    "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


@dataclass(frozen=True, slots=True)
class Row:
    """``runs`` by seed; ``plain``: the same without rescue; the others' seconds by seed."""

    fleet: Fleet
    what: str
    mib: int
    runs: Sequence[Outcome]
    plain: Sequence[Outcome]
    best_s: Sequence[float]
    equal_s: Sequence[float]
    split_s: Sequence[float]


def table(rows: Sequence[Row]) -> str:
    return "\n".join([HEAD, *map(_line, rows)])


def _line(row: Row) -> str:
    runs, ideals = row.runs, [run.ideal_s for run in row.runs]
    cells = [
        row.fleet.name,
        row.what,
        f"{row.mib} MiB" if row.mib < 1024 else f"{row.mib // 1024} GiB",
        f"{mean(ideals):,.0f}",
        _share(ideals, [run.seconds for run in runs]),
        _sending(runs),
        f"{mean(twice(run) for run in runs):.1%}",
        f"{mean(run.calls / run.parts for run in runs):.2f}",
        _share(ideals, row.best_s),
        _share(ideals, row.equal_s),
        _share(ideals, row.split_s),
        _sending(row.plain) if row.plain else "–",
    ]
    return f"| {' | '.join(cells)} |"


def twice(run: Outcome) -> float:
    """What was sent in vain, as a share of the file."""
    return max(0.0, run.sent - run.size) / run.size


def _sending(runs: Sequence[Outcome]) -> str:
    return _share([run.sending_ideal_s for run in runs], [run.sending_s for run in runs])


def _share(ideals: Sequence[float], spent: Sequence[float]) -> str:
    if math.inf in spent:
        return "never"
    return f"{mean(ideal / s for ideal, s in zip(ideals, spent, strict=True)):.1%}"
