"""Others on the same lines: each peer on the fastest one, and a file cut beforehand by boto3.

A peer is one process on one line: that is all that it has. A split is a piece for each line, known
before it starts; the last piece to arrive counts, and nobody joins them.
"""

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from bench.lines_report import Alone
from bench.measuring import run
from bench.peers import PEERS, ROOT, Peer, version_of
from bench.place import Place
from bench.setting import environment, file_of

RIVALS = ("s5cmd", "rclone", "boto3, SHA-256", "AWS CLI 1", "AWS CLI 2")
MIB = 2**20


def peers(place: Place, fastest: str, rounds: int) -> list[Alone]:
    """Each on the fastest line, round after round."""
    there = [peer for peer in PEERS if peer.name in RIVALS and version_of(peer)]
    return [_alone(place, fastest, peer, number) for number in range(rounds) for peer in there]


def splits(place: Place, rates: Mapping[str, float]) -> list[Alone]:
    """Equal pieces, of a small file since it takes long, and pieces by what the lines carry."""
    total = sum(rates.values())
    by_rate = {name: rate / total for name, rate in rates.items()}
    equal = dict.fromkeys(rates, 1 / len(rates))
    return [
        _split(place, "split in three equal pieces", 48, equal),
        _split(place, "split by the lines' measured speeds", 256, by_rate),
    ]


def _alone(place: Place, fastest: str, peer: Peer, number: int) -> Alone:
    size, key = 256 * MIB, f"{peer.name}-{number}".replace(" ", "-").replace(",", "")
    places = _places(place, fastest, file_of(size), key)
    found = run(
        _command(place, fastest, peer, places), environment(peer.environment, places), ROOT, 0.0
    )
    print(f"{peer.name}: {found.error or f'{found.seconds:.2f} s'}", file=sys.stderr, flush=True)
    return Alone(f"{peer.name}, the fastest line", size, found.seconds, found.error)


def _split(place: Place, name: str, mib: int, shares: Mapping[str, float]) -> Alone:
    """boto3 on each line, with its own piece of so many whole MiB; the last to end counts."""
    pieces = {line: max(1, round(mib * share)) for line, share in shares.items()}
    files = {line: file_of(piece * MIB) for line, piece in pieces.items()}
    boto3 = next(peer for peer in PEERS if peer.name == "boto3, SHA-256")
    began = time.monotonic()
    running = [_piece(place, boto3, line, path) for line, path in files.items()]
    codes = [process.wait() for process in running]
    seconds = time.monotonic() - began
    error = "" if not any(codes) else f"boto3 ended with {codes}"
    return Alone(f"{name}, boto3", sum(pieces.values()) * MIB, seconds, error)


def _piece(place: Place, peer: Peer, line: str, path: Path) -> "subprocess.Popen[bytes]":
    places = _places(place, line, path, f"piece-{line}-{time.time_ns()}")
    return subprocess.Popen(
        _command(place, line, peer, places),
        env=environment(peer.environment, places),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
    )


def _places(place: Place, line: str, path: Path, key: str) -> dict[str, str]:
    own = {"storage": place.ways[line], "trust": "", "folder": str(place.folder)}
    return own | {"file": str(path), "key": key}


def _command(place: Place, line: str, peer: Peer, places: Mapping[str, str]) -> list[str]:
    return place.lines[line].command(*[word.format(**places) for word in peer.command])
