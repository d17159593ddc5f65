"""``python -m bench.cost``: what an upload costs, in calls, units and money, from 1 GiB to 50 TB.

The figures of our own design are a bill that the real service and the real engine run up in
virtual time (``voyage``): every call and every item is one that was made. The other designs are
counted from what they do for each part. S3's own price for the parts is the measure, because
whoever sends them pays it. That the virtual bill is right is tested against the calls of the same
file on the local stack (``tests/bench/test_cost.py``).
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bench import prices
from bench.bill import api_calls, control, item_for_each_ticket, puts, signing_each_part
from bench.peers import ROOT
from bench.report import replace_between
from bench.voyage import Voyage

GIB, MB, TB = 1 << 30, 1_000_000, 10**12
DOCUMENT = ROOT / "docs" / "benchmarks.md"
HOME, OFFICE, CENTRE = (1, 5, 20), (10, 50, 200), (50, 250, 1000)
SIZES: tuple[tuple[str, int, tuple[int, ...]], ...] = (
    ("1 GiB", GIB, HOME),
    ("16 GiB", 16 * GIB, HOME),
    ("100 GiB", 100 * GIB, OFFICE),
    ("1 TiB", 1024 * GIB, OFFICE),
    ("50 TB", 50 * TB, CENTRE),
)
HEAD = (
    "| file | parts | lines, MB/s | calls a part | write units a part | S3's PUTs, $ "
    "| beside them, $ | against S3's PUTs | a call per part | an item per ticket |\n"
    "|---|--:|---|--:|--:|--:|--:|--:|--:|--:|"
)


@dataclass(frozen=True, slots=True)
class Sailed:
    """One file by some lines, and its bill."""

    name: str
    size: int
    lines: tuple[int, ...]
    parts: int
    bill: Counter[str]

    @property
    def calls_a_part(self) -> float:
        return api_calls(self.bill) / self.parts

    @property
    def units_a_part(self) -> float:
        return self.bill["WRU"] / self.parts

    @property
    def ratio(self) -> float:
        return _ratio(self.bill)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.cost", description=__doc__)
    parser.add_argument("--only", action="append", metavar="SIZE", help='e.g. "1 GiB"')
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    asked = parser.parse_args()
    found = [each for each in sailed(asked.only or ()) if each]
    text = "\n\n".join([table(found), shares(found), price_list()])
    print(text)
    if asked.write:
        replace_between(DOCUMENT, "cost", text)
    return 0


def sailed(only: Sequence[str] = ()) -> list[Sailed]:
    """Each size by the fastest line alone, and by all three."""
    wanted = [each for each in SIZES if not only or each[0] in only]
    return [_sail(name, size, used) for name, size, lines in wanted for used in (lines[-1:], lines)]


def _sail(name: str, size: int, lines: tuple[int, ...]) -> Sailed:
    voyage = Voyage([rate * MB for rate in lines], size)
    bill = voyage.sail()
    print(f"{name} by {lines}: {dict(bill)}", file=sys.stderr, flush=True)
    return Sailed(name, size, lines, voyage.plan.count, bill)


def table(found: Sequence[Sailed]) -> str:
    return "\n".join([HEAD, *map(_row, found)])


def _row(each: Sailed) -> str:
    beside = sum(control(each.bill).values())
    lines = ", ".join(map(str, each.lines))
    others = signing_each_part(each.parts), item_for_each_ticket(each.bill, each.parts)
    return (
        f"| {each.name} | {each.parts:,} | {lines} | {each.calls_a_part:.2f} "
        f"| {each.units_a_part:.2f} | {puts(each.bill):.5f} | {beside:.5f} "
        f"| **{each.ratio:.0%}** | {_ratio(others[0]):.0%} | {_ratio(others[1]):.0%} |"
    )


def shares(found: Sequence[Sailed]) -> str:
    """What the money beside S3's PUTs is for, a GiB, in millionths of a dollar."""
    names = list(control(Counter()))
    head = f"| file, lines | {' | '.join(names)} | together |\n|---|{'--:|' * (len(names) + 1)}"
    rows = []
    for each in found:
        paid = [value * MB * GIB / each.size for value in control(each.bill).values()]
        cells = " | ".join(f"{value:.1f}" for value in [*paid, sum(paid)])
        rows.append(f"| {each.name}, {len(each.lines)} | {cells} |")
    return "\n".join([head, *rows])


def price_list() -> str:
    """The prices, and which of them nobody should rely on."""
    rows = [f"| {each.what} | {_dollars(each)} | {each.source} |" for each in prices.ALL]
    head = f"| us-east-1, {prices.DATED} | list price | source |\n|---|---|---|"
    return "\n".join([head, *rows])


def _dollars(price: prices.Price) -> str:
    if price.each >= 0.001:
        return f"${price.each:g} a {price.unit}"
    if price.unit == "byte":
        return f"${price.each * 1e9:g} a GB"
    return f"${price.each * MB:g} a million {price.unit}s"


def _ratio(bill: Counter[str]) -> float:
    return sum(control(bill).values()) / puts(bill)


if __name__ == "__main__":
    sys.exit(main())
