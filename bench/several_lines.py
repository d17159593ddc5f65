"""``python -m bench.several_lines``: one file, three devices, three lines. The headline.

Lines of 8, 40 and 160 Mbit/s (``place``) lead to one storage (``null_s3``) and one service
(``null_board``); both wait a while before each answer, as if they were in a data centre. What each
line carries is measured first (``carried``), so *efficiency* is against what could have been
carried and not against a label. Three kinds of uploading stand side by side:

    Manyhands       three devices at once, in scenes: steady, and four kinds of trouble (``race``)
    a peer          the best single line, since one process is all that it has (``rivals``)
    a split         the file cut beforehand, a piece for each line, by boto3

Each line is a network namespace of its own. Where the machine refuses namespaces, or with
``--proxy``, a proxy shapes the lines instead: it has no packets to lose, so that scene is left out.
The first sentence above the table says which it was. Refused: one process with three source
addresses (the devices of a person are three machines).
"""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace

from bench.carried import carried
from bench.lines_report import report
from bench.peers import ROOT
from bench.place import Place, losing, place
from bench.race import Device, Race, Result, device
from bench.report import replace_between
from bench.rivals import peers, splits
from bench.scenes import Scene, Turn, What

DOCUMENT = ROOT / "docs" / "benchmarks.md"
SPEEDS = {"phone": 8.0, "laptop": 40.0, "desktop": 160.0}
FASTEST = "desktop"
SCENES = (
    Scene(name="steady", mib=256),
    Scene(name="steady", mib=1024),
    Scene(name="the fastest dies at 35 %", mib=256, turns=(Turn(0.35, FASTEST, What.DIES),)),
    Scene(
        name="the fastest falls to 1 % at 35 %", mib=256, turns=(Turn(0.35, FASTEST, What.CRAWLS),)
    ),
    Scene(name="the fastest joins at 35 %", mib=256, turns=(Turn(0.35, FASTEST, What.JOINS),)),
    Scene(name="the laptop's line loses 1 % of its packets", mib=256, lossy="laptop"),
)


def main() -> int:
    asked = _arguments()
    scenes = _scenes(asked.only, asked.mib)
    with place(SPEEDS, asked.proxy) as here:
        rates = {name: carried(line, here.ways[name]) for name, line in here.lines.items()}
        possible = [scene for scene in scenes if here.loses or not scene.lossy]
        results = [_told(_raced(here, rates, s)) for s in possible for _ in range(asked.rounds)]
        others = peers(here, FASTEST, asked.rounds) + splits(here, rates) if not asked.ours else []
    left_out = [scene.name for scene in scenes if scene not in possible]
    text = report(here.how, rates, SPEEDS, results, others, left_out)
    print(text)
    if asked.write:
        replace_between(DOCUMENT, "several lines", text)
    return 0 if all(not result.error for result in results) else 1


def _scenes(words: str, mib: int) -> Sequence[Scene]:
    scenes = [scene for scene in SCENES if words in scene.name]
    return list(dict.fromkeys(replace(scene, mib=mib or scene.mib) for scene in scenes))


def _raced(here: Place, steady: Mapping[str, float], scene: Scene) -> Result:
    key, rates = f"ours-{time.time_ns()}", dict(steady)
    with losing(here.lines[scene.lossy]) if scene.lossy else nullcontext():
        if scene.lossy:
            rates[scene.lossy] = carried(here.lines[scene.lossy], here.ways[scene.lossy])
        devices = [_device(here, name, rate) for name, rate in rates.items()]
        return Race(scene, devices, here.storage, here.board, key).run()


def _device(here: Place, name: str, rate: float) -> Device:
    home = here.folder / f"{name}-{time.time_ns()}"
    return device(name, here.lines[name], SPEEDS[name], rate, here.board.url, home)


def _told(result: Result) -> Result:
    shares = f"{result.efficiency:.1%}, while carrying {result.carrying:.1%}"
    note = result.error or f"{result.seconds:.2f} s, {shares}, {result.calls} calls"
    print(f"{result.scene.name}, {result.scene.mib} MiB: {note}", file=sys.stderr, flush=True)
    return result


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.several_lines", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", default="", metavar="WORDS", help="scenes with these in the name")
    parser.add_argument("--mib", type=int, default=0, help="a file of this size in every scene")
    parser.add_argument("--ours", action="store_true", help="neither peers nor splits")
    parser.add_argument("--proxy", action="store_true", help="even if there are namespaces")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
