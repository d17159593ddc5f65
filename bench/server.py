"""``python -m bench.server``: what the service does with its time, and how many it bears.

    steps        an exchange of the very function, step by step, on boards of three sizes
    boards       the same with many boards in the table
    crowd        many clients on one board, in virtual time
    cold start   in fresh interpreters, as packaged

Nothing of AWS is timed: DynamoDB is a table in memory that answers at once, so milliseconds are
those of the processor here. With 512 MB Lambda gives a function 0.29 of one, so a millisecond
becomes 3.5 there. What moto takes is in none of the figures.
"""

import argparse
import gzip
import os
import platform
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench import crowd
from bench.boards import half_done, request
from bench.cold_start import Start, sizes, starts
from bench.function import Function, function
from bench.peers import ROOT
from bench.report import processor, replace_between
from bench.steps import STEPS, cpu_ms, repeated, steps

DOCUMENT = ROOT / "docs" / "benchmarks.md"
PACKAGE = ROOT / "build" / "prod" / "deployment.zip"
PARTS, BOARDS, CLIENTS = (100, 2_000, 10_000), (1, 100, 10_000), (1, 4, 16, 64, 128)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.server", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="of cold starts")
    parser.add_argument("--most", type=int, default=max(CLIENTS), help="clients on one board")
    parser.add_argument("--boards", type=int, default=max(BOARDS))
    parser.add_argument("--package", type=Path, default=PACKAGE, help="by `make package`")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    asked = parser.parse_args()
    text = "\n\n".join(_sections(asked))
    if asked.write:
        replace_between(DOCUMENT, "server", text)
    return 0


def _sections(asked: argparse.Namespace) -> Iterator[str]:
    for section in (_about, _measured, _crowds, _starting):
        text = section(asked)
        print(f"{text}\n", flush=True)
        yield text


def _about(_: argparse.Namespace) -> str:
    return (
        f"{os.cpu_count()} cores ({processor()}), Python {platform.python_version()}, "
        f"{datetime.now(UTC):%Y-%m-%d}. Milliseconds of the processor."
    )


def _measured(asked: argparse.Namespace) -> str:
    with function() as api:
        found = {parts: steps(api, parts) for parts in PARTS}
        plain, packed = _answer(api)
        flat = {count: _among(api, count) for count in BOARDS if count <= asked.boards}
    return "\n\n".join([step_table(found), _size_line(plain, packed), board_line(flat)])


def step_table(found: Mapping[int, Mapping[str, float]]) -> str:
    """``found``: by tickets of the board; what no step accounts for is Chalice."""
    head = f"| tickets | {' | '.join(STEPS)} | Chalice | whole |\n|--:|{'--:|' * (len(STEPS) + 2)}"
    return "\n".join([head, *(_step_row(parts, each) for parts, each in found.items())])


def _step_row(parts: int, each: Mapping[str, float]) -> str:
    whole = each["whole"]
    rest = max(0.0, whole - sum(each[name] for name in STEPS))
    cells = [f"{ms:.2f} ({ms / whole:.0%})" for ms in (*(each[name] for name in STEPS), rest)]
    return f"| {parts:,} | {' | '.join(cells)} | {whole:.2f} |"


def _answer(api: Function) -> tuple[int, int]:
    """Bytes of an answer with eight tickets: plain, and as the gateway sends it."""
    upload = half_done(api.core, 2_000, 3, "an answer")
    said = msgspec.structs.replace(request(upload, 1), holding=[], done=[])
    body = api.exchange(upload.id, msgspec.json.encode(said))["body"].encode()
    return len(body), len(gzip.compress(body))


def _size_line(plain: int, packed: int) -> str:
    return f"An answer with eight tickets has {plain:,} bytes, compressed {packed:,}."


def _among(api: Function, count: int) -> float:
    """An exchange, in turn on so many boards."""
    core = api.core
    calls = []
    for number in range(min(count, 50)):
        upload = half_done(core, 100, 3, f"{count} boards, {number}")
        said = msgspec.structs.replace(request(upload, 1), holding=[], done=[])
        calls.append(repeated(api, upload.id, said))
    for number in range(len(calls), count):
        api.table.fill(f"{count}-{number}")

    def all_of_them() -> None:
        for call in calls:
            call()

    return cpu_ms(all_of_them) / len(calls)


def board_line(flat: Mapping[int, float]) -> str:
    one = flat[min(flat)]
    told = ", ".join(f"{count:,}: {ms / one:.2f}" for count, ms in flat.items())
    return f"An exchange among so many boards, against the first: {told}."


def _crowds(asked: argparse.Namespace) -> str:
    rows = [
        crowd.row(crowd.as_told(count), crowd.without_a_pause(count))
        for count in CLIENTS
        if count <= asked.most
    ]
    return "\n".join([crowd.HEAD, *rows])


def _starting(asked: argparse.Namespace) -> str:
    package = asked.package if asked.package.exists() else None
    found = starts(package, asked.rounds)
    lines = [start_table(found)]
    if package:
        told = ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in sizes(package).items())
        lines.append(f"The package: {told}.")
    return "\n\n".join(lines)


def start_table(found: Mapping[str, Start]) -> str:
    head = f"| cold start | modules | imports | clients | first URL | whole |\n|---|{'--:|' * 5}"
    rows = [
        f"| from {kind} | {each.modules} | {each.imports:.0f} | {each.clients:.0f} "
        f"| {each.first_url:.0f} | {each.whole:.0f} |"
        for kind, each in found.items()
    ]
    return "\n".join([head, *rows])


if __name__ == "__main__":
    sys.exit(main())
