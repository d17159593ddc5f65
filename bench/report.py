"""The figures as a table in Markdown, and its place in ``docs/benchmarks.md``.

One section for each scheme, between two marks; the text around them is written by hand and stays.
MB are 10⁶ bytes. A peer that could not run has its row too, and the reason in it.
"""

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.measuring import Run
from bench.peers import Peer

MB = 1_000_000
OURS = "manyhands"
HEAD = (
    "| client | version | settings | MB/s | min–max | against manyhands | CPU s/GB | peak MB |\n"
    "|---|---|---|--:|--:|--:|--:|--:|"
)
MISSING = "| {name} | {version} | {how} | – | {why} | – | – | – |"


def table(
    peers: Sequence[Peer], versions: Mapping[str, str], runs: Mapping[str, Sequence[Run]], size: int
) -> str:
    """``runs`` by the peer's name; a peer without runs is not installed."""
    base = _speed(runs.get(OURS, []), size)
    rows = [_row(p, versions[p.name], runs.get(p.name, []), size, base) for p in peers]
    return "\n".join([HEAD, *rows])


def machine(size: int, rounds: int, scheme: str, runs: Sequence[Run]) -> str:
    """What was measured on what, and how much others were at work there, in two sentences."""
    others = median(run.others for run in runs) if runs else 0.0
    return (
        f"{scheme}, a file of {size / MB:,.0f} MB, {rounds} rounds, {where()}. "
        f"Before each run others had {others:.0%} of the processors (median)."
    )


def where() -> str:
    """On what, and when."""
    return (
        f"{os.cpu_count()} cores ({processor()}), Linux {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}"
    )


def replace_between(document: Path, mark: str, text: str) -> None:
    """Put ``text`` between the two marks of this name. Raises ValueError if they are not there."""
    begin, end = f"<!-- begin {mark} -->", f"<!-- end {mark} -->"
    before, found, rest = document.read_text().partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{document} has no marks «{mark}»")
    document.write_text(f"{before}{begin}\n{text}\n{end}{after}")


def _row(peer: Peer, version: str, runs: Sequence[Run], size: int, base: float) -> str:
    good = [run for run in runs if not run.error]
    if not good:
        why = f"does not run here: {runs[0].error}" if runs else f"not installed ({peer.source})"
        return MISSING.format(name=peer.name, version=version or "–", how=peer.how, why=_cell(why))
    speeds = [size / run.seconds / MB for run in good]
    cpu = median(run.cpu_s for run in good) / (size / MB / 1000)
    memory = max(run.memory for run in good) / MB
    failed = f" ({len(runs) - len(good)} failed)" if len(good) < len(runs) else ""
    ratio = f"{median(speeds) / base:.2f}" if base else "–"
    return (
        f"| {peer.name} | {version} | {peer.how}{failed} | {median(speeds):.0f} "
        f"| {min(speeds):.0f}–{max(speeds):.0f} | {ratio} | {cpu:.2f} | {memory:.0f} |"
    )


def _speed(runs: Sequence[Run], size: int) -> float:
    speeds = [size / run.seconds / MB for run in runs if not run.error]
    return median(speeds) if speeds else 0.0


def _cell(text: str) -> str:
    return text.replace("|", "/")[:120]


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(": ", 1)[1] for line in lines if line.startswith("model name")), "?")
