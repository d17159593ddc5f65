"""``python -m bench.several_lines``: one file, three devices, three lines. The headline.

Lines of 8, 40 and 160 Mbit/s, each a network namespace of its own (``tools.network``), lead to one
storage (``null_s3``) and one service (``null_board``); both wait a while before each answer, as if
they were in a data centre. What each line carries is measured first (``carried``), so *efficiency*
is against what could have been carried and not against a label. Three kinds of uploading stand side
by side:

    Manyhands       three devices at once, in scenes: steady, and four kinds of trouble
    a peer          the best single line, since one process is all that it has
    a split         the file cut beforehand, a piece for each line, by boto3

Refused: shaping by a proxy (it has no packets to lose and no queue), and one process with three
source addresses (the devices of a person are three machines).
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.carried import carried
from bench.lines_report import Alone, report
from bench.measuring import run
from bench.peers import PEERS, ROOT, Peer, configure, version_of
from bench.race import Device, Race, Result, device
from bench.report import replace_between
from bench.scenes import Scene, Turn, What
from bench.servers import Served, serving
from bench.setting import environment, file_of
from tools.network import HUB, Line, Network

DOCUMENT = ROOT / "docs" / "benchmarks.md"
SPEEDS = {"phone": 8.0, "laptop": 40.0, "desktop": 160.0}
FASTEST = "desktop"
AFTER_S = "0.1"
RIVALS = ("s5cmd", "rclone", "boto3, SHA-256", "AWS CLI 1", "AWS CLI 2")
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


@dataclass(frozen=True, slots=True)
class Place:
    """A network with its two servers; ``rates``: what each line carries, in bytes a second."""

    lines: Mapping[str, Line]
    rates: Mapping[str, float]
    storage: Served
    board: Served
    folder: Path


def main() -> int:
    asked = _arguments()
    with _place() as place:
        scenes = [scene for scene in SCENES if asked.only in scene.name]
        if asked.mib:
            scenes = list(dict.fromkeys(replace(scene, mib=asked.mib) for scene in scenes))
        results = [_told(_raced(place, scene)) for scene in scenes for _ in range(asked.rounds)]
        alone = [] if asked.ours else [*_peers(place, asked.rounds), *_splits(place)]
    text = report(place.rates, SPEEDS, results, alone)
    print(text)
    if asked.write:
        replace_between(DOCUMENT, "several lines", text)
    return 0 if all(not result.error for result in results) else 1


@contextmanager
def _place() -> Iterator[Place]:
    """Raises NetworkRefused where there are no namespaces."""
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="lines-")))
        network = ending.enter_context(Network())
        ending.enter_context(network.inside())
        at = ("--host", HUB, "--after", AFTER_S)
        storage = ending.enter_context(serving("bench.null_s3", *at))
        board = ending.enter_context(serving("bench.null_board", "--storage", storage.url, *at))
        lines = {name: network.line(megabits) for name, megabits in SPEEDS.items()}
        rates = {name: carried(line, storage.url) for name, line in lines.items()}
        configure(folder)
        yield Place(lines, rates, storage, board, folder)


def _raced(place: Place, scene: Scene) -> Result:
    key = f"ours-{time.time_ns()}"
    with _losing(place, scene.lossy):
        rates = dict(place.rates)
        if scene.lossy:
            rates[scene.lossy] = carried(place.lines[scene.lossy], place.storage.url)
        devices = [_device(place, name, rate) for name, rate in rates.items()]
        return Race(scene, devices, place.storage, place.board, key).run()


def _device(place: Place, name: str, rate: float) -> Device:
    home = place.folder / f"{name}-{time.time_ns()}"
    return device(name, place.lines[name], SPEEDS[name], rate, place.board.url, home)


@contextmanager
def _losing(place: Place, name: str) -> Iterator[None]:
    """One in a hundred of what comes from this device is dropped, at the hub."""
    if not name:
        yield
        return
    source = place.lines[name].address
    _nft("add table inet losing")
    try:
        _nft("add chain inet losing up { type filter hook input priority 0 ; }")
        _nft(f"add rule inet losing up ip saddr {source} numgen random mod 100 < 1 drop")
        yield
    finally:
        _nft("delete table inet losing")


def _nft(rule: str) -> None:
    """In the namespace that this thread is in: the hub."""
    subprocess.run(["nft", *rule.split()], check=True, capture_output=True)


def _peers(place: Place, rounds: int) -> list[Alone]:
    """Each on the fastest line, round after round."""
    size = 256 * 2**20
    there = [peer for peer in PEERS if peer.name in RIVALS and version_of(peer)]
    return [_alone(place, peer, size, number) for number in range(rounds) for peer in there]


def _alone(place: Place, peer: Peer, size: int, number: int) -> Alone:
    places = {
        "storage": place.storage.url,
        "trust": "",
        "folder": str(place.folder),
        "file": str(file_of(size)),
        "key": f"{peer.name}-{number}".replace(" ", "-").replace(",", ""),
    }
    filled = [word.format(**places) for word in peer.command]
    command = place.lines[FASTEST].command(*filled)
    found = run(command, environment(peer.environment, places), ROOT, 0.0)
    print(f"{peer.name}: {found.error or f'{found.seconds:.2f} s'}", file=sys.stderr, flush=True)
    return Alone(f"{peer.name}, the fastest line", size, found.seconds, found.error)


def _splits(place: Place) -> list[Alone]:
    """Equal pieces, of a small file since it takes long, and pieces by what the lines carry."""
    total = sum(place.rates.values())
    by_rate = {name: rate / total for name, rate in place.rates.items()}
    equal = dict.fromkeys(place.rates, 1 / len(place.rates))
    return [
        _split(place, "split in three equal pieces", 48, equal),
        _split(place, "split by the lines' measured speeds", 256, by_rate),
    ]


def _split(place: Place, name: str, mib: int, shares: Mapping[str, float]) -> Alone:
    """boto3 on each line, with its own piece of so many whole MiB; the last to end counts."""
    pieces = {line: max(1, round(mib * share)) for line, share in shares.items()}
    files = {line: file_of(piece * 2**20) for line, piece in pieces.items()}
    boto3 = next(peer for peer in PEERS if peer.name == "boto3, SHA-256")
    began = time.monotonic()
    running = [_piece(place, boto3, line, path) for line, path in files.items()]
    codes = [process.wait() for process in running]
    seconds = time.monotonic() - began
    error = "" if not any(codes) else f"boto3 ended with {codes}"
    return Alone(f"{name}, boto3", sum(pieces.values()) * 2**20, seconds, error)


def _piece(place: Place, peer: Peer, line: str, path: Path) -> "subprocess.Popen[bytes]":
    places = {"storage": place.storage.url, "trust": "", "folder": str(place.folder)}
    places |= {"file": str(path), "key": f"piece-{line}-{time.time_ns()}"}
    filled = [word.format(**places) for word in peer.command]
    return subprocess.Popen(
        place.lines[line].command(*filled),
        env=environment(peer.environment, places),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
    )


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
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
