"""``python -m bench.simulated_lines``: files and fleets too large for this machine, in a minute.

The rules of the board (``chalicelib.domain``) and the client's engine and pager (``manyhands``) are
the real ones; only lines, hashing and the time that calls take are played, on a virtual clock (see
``simulated``). So it is both a measurement and the instrument with which the figures in ``board``,
``share``, ``rescue``, ``pace`` and in the engines' rules are tuned: change one and look. With
``--set`` that needs no editing, e.g. ``--set pace.RISK=30 --set engine.spare_s=2 --most 1024``.

What it cannot say: what processors, TCP and the storage do. ``several_lines`` measures these with
real programs on real sockets, for files up to 1 GiB; the same scenes stand there.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.report import replace_between
from bench.simulated.fleets import LOSSY, STEADY, TEN, THIRTY, THREE, TURNS, TWO, Fleet, course
from bench.simulated.rivals import best_alone_s, equal_split_s, split_s
from bench.simulated.run import AS_IT_IS, Setting, run
from bench.simulated.table import Row, table
from chalicelib.domain import pace, rescue, share

DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
SEEDS = {256: 10, 1024: 10, 16_384: 2, 102_400: 1}
PLAIN_MOST = 16_384
"""MiB. Where rescue matters less and less, nobody waits for the comparison."""
CASES = [
    *((THREE, what, mib) for mib in SEEDS for what in (STEADY, *TURNS, LOSSY)),
    *((TWO, what, 1024) for what in (STEADY, "the fastest dies at 35 %")),
    *((TEN, what, 16_384) for what in (STEADY, "the fastest dies at 35 %")),
    *((THIRTY, what, 16_384) for what in (STEADY, "the fastest dies at 35 %")),
    (TEN, STEADY, 102_400),
]
MODULES = {"pace": pace, "rescue": rescue, "share": share}


def main() -> int:
    asked = _arguments()
    setting, began = varied(asked.set), time.monotonic()
    cases = [case for case in CASES if case[2] <= asked.most and asked.only in case[1]]
    rows = [row_of(fleet, what, mib, range(SEEDS[mib]), setting) for fleet, what, mib in cases]
    text = table(rows)
    print(text)
    print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
    if asked.write:
        replace_between(DOCUMENT, "simulated lines", text)
    return 0


def row_of(
    fleet: Fleet, what: str, mib: int, seeds: Iterable[int], setting: Setting = AS_IT_IS
) -> Row:
    size, courses = mib * 2**20, [(seed, course(fleet, what, mib, seed)) for seed in seeds]
    plain = replace(setting, rescuing=False)
    return Row(
        fleet=fleet,
        what=what,
        mib=mib,
        runs=[run(size, lines, seed, setting) for seed, lines in courses],
        plain=[run(size, lines, seed, plain) for seed, lines in courses if mib <= PLAIN_MOST],
        best_s=[best_alone_s(size, lines) for _, lines in courses],
        equal_s=[equal_split_s(size, lines) for _, lines in courses],
        split_s=[split_s(size, fleet.rates, lines) for _, lines in courses],
    )


def varied(changes: Sequence[str]) -> Setting:
    """The setting after ``board.hold_ms=…``, ``engine.spare_s=…``, ``pace.RISK=…`` and the like.

    What is a module's is changed in this process for good. Raises SystemExit for what is not there.
    """
    setting = AS_IT_IS
    for change in changes:
        where, _, value = change.partition("=")
        place, _, name = where.partition(".")
        rules: Any = MODULES.get(place) or getattr(setting, place, None)
        if not hasattr(rules, name):
            raise SystemExit(f"there is no {where}")
        number = type(getattr(rules, name))(value)
        if place in MODULES:
            setattr(rules, name, number)
        else:
            kept: dict[str, Any] = {place: replace(rules, **{name: number})}
            setting = replace(setting, **kept)
    return setting


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.simulated_lines", description=__doc__)
    parser.add_argument("--only", default="", metavar="WORDS", help="scenes with these in the name")
    parser.add_argument("--most", type=int, default=102_400, help="MiB; larger files are left out")
    parser.add_argument("--set", action="append", default=[], metavar="RULE=NUMBER")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
