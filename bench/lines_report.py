"""The table of several lines: efficiency, time, what was sent twice, calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from bench.race import Result
from bench.report import where

MB = 1_000_000
HEAD = (
    "| who | what happens | MB | seconds | efficiency | while carrying | start, s | end, s "
    "| against the best single line | sent twice | calls per part |\n"
    "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


@dataclass(frozen=True, slots=True)
class Alone:
    """Somebody else's upload of so many bytes: on one line, or a piece on each."""

    name: str
    size: int
    seconds: float
    error: str


def report(
    how: str,
    rates: Mapping[str, float],
    speeds: Mapping[str, float],
    results: Sequence[Result],
    alone: Sequence[Alone],
    left_out: Sequence[str] = (),
) -> str:
    """``how``: where it was measured. ``left_out``: scenes that could not be had there.

    ``rates``: what the lines carry, in bytes a second; ``speeds``: what they are called.
    """
    carried = ", ".join(
        f"{name} {rates[name] / MB:.2f} MB/s ({speeds[name]:.0f} Mbit/s)" for name in rates
    )
    total = sum(rates.values())
    head = f"Measured {how}. {where()}. The lines carry: {carried}; together {total / MB:.2f} MB/s."
    ours = [_ours(list(runs), rates) for _, runs in groupby(results, lambda r: r.scene)]
    by_name = sorted(alone, key=lambda a: [b.name for b in alone].index(a.name))
    others = [_other(list(runs), rates) for _, runs in groupby(by_name, lambda a: a.name)]
    return "\n".join([f"{head}\n", HEAD, *ours, *others, *_under(left_out)])


def _under(left_out: Sequence[str]) -> list[str]:
    names = ", ".join(f"«{name}»" for name in left_out)
    return [f"\nLeft out: {names}. A proxy has no packets to lose."] if left_out else []


def _ours(runs: Sequence[Result], rates: Mapping[str, float]) -> str:
    scene, good = runs[0].scene, [run for run in runs if not run.error]
    size = scene.mib * 2**20
    name = f"| manyhands, {len(rates)} devices | {scene.name} | {size / MB:,.0f} |"
    if not good:
        return f"{name} – | {runs[0].error} | – | – | – | – | – | – |"
    seconds = median(run.seconds for run in good)
    share = median(run.efficiency for run in good)
    carrying = median(run.carrying for run in good)
    twice = median((run.sent - size) / size for run in good)
    calls = median(run.calls / run.parts for run in good)
    best = size / seconds / max(rates.values())
    ends = f"{median(run.start_s for run in good):.1f} | {median(run.end_s for run in good):.1f}"
    shares = f"{share:.1%} | {carrying:.1%} | {ends}"
    return f"{name} {seconds:.1f} | {shares} | {best:.2f} × | {twice:.1%} | {calls:.2f} |"


def _other(runs: Sequence[Alone], rates: Mapping[str, float]) -> str:
    good, size = [run for run in runs if not run.error], runs[0].size
    name = f"| {runs[0].name} | steady | {size / MB:,.0f} |"
    if not good:
        return f"{name} – | {runs[0].error} | – | – | – | – | – | – |"
    seconds = median(run.seconds for run in good)
    share = size / sum(rates.values()) / seconds
    best = size / seconds / max(rates.values())
    return f"{name} {seconds:.1f} | {share:.1%} | – | – | – | {best:.2f} × | – | – |"
