"""``python -m bench.single_client``: one client, one file, everybody side by side.

What one machine reaches is the least that a tool for several must offer, or else nobody installs
it. The same file of random bytes, in the page cache, is uploaded by each client in turn, round
after round (A B C, A B C, …), so that a slow minute of the machine falls on all of them, and the
median counts. The storage is the null server (``null_s3``), the service is the real one
(``null_board``). The client, the null server and, for Manyhands, the service share the cores.
With ``--local`` the storage is the one of ``make run``: moto, which keeps what it is given and is
slower than any client, so that differences shrink.

Refused: several runs of one client in a row, a warm-up that is thrown away, the best of many.
"""

import argparse
import functools
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.measuring import Run, run
from bench.peers import PEERS, ROOT, Peer, configure, version_of
from bench.report import machine, replace_between, table
from bench.servers import serving
from bench.setting import MIB, environment, file_of, free_port, sign_in

DOCUMENT = ROOT / "docs" / "benchmarks.md"


def main() -> int:
    asked = _arguments()
    peers = [peer for peer in PEERS if not asked.only or peer.name in asked.only]
    versions = {peer.name: version_of(peer) for peer in peers}
    size, there = asked.size * MIB, [peer for peer in peers if versions[peer.name]]
    runs = _measured(there, size, asked)
    about = machine(
        size, asked.rounds, asked.scheme, [run for each in runs.values() for run in each]
    )
    text = f"{about}\n\n{table(peers, versions, runs, size)}"
    print(text)
    if asked.write:
        replace_between(DOCUMENT, f"single client {asked.scheme}", text)
    return 0


def _measured(peers: Sequence[Peer], size: int, asked: argparse.Namespace) -> dict[str, list[Run]]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as servers:
        begin = _serve_local if asked.local else functools.partial(serve, tls=asked.tls)
        places = begin(servers, Path(name)) | {"file": str(file_of(size))}
        return _rounds(peers, asked.rounds, places, asked.patience)


def serve(servers: ExitStack, folder: Path, *, tls: bool) -> dict[str, str]:
    """Start both servers and sign in; the places that commands refer to."""
    trust = str(folder / "certificate.pem") if tls else ""
    options = ["--tls", str(folder)] if tls else []
    storage = servers.enter_context(serving("bench.null_s3", *options)).url
    known = ["--trust", trust] if tls else []
    board = servers.enter_context(serving("bench.null_board", "--storage", storage, *known))
    places = {"storage": storage, "trust": trust, "folder": str(folder)}
    configure(folder)
    sign_in(board.url, environment({}, places))
    return places


def _serve_local(servers: ExitStack, folder: Path) -> dict[str, str]:
    """The stack's own storage; it has a bucket for the peers."""
    port = free_port()
    board = servers.enter_context(serving("bench.null_board", "--storage-port", str(port)))
    places = {"storage": f"http://127.0.0.1:{port}", "trust": "", "folder": str(folder)}
    configure(folder)
    sign_in(board.url, environment({}, places))
    return places


def _rounds(
    peers: Sequence[Peer], rounds: int, places: Mapping[str, str], patience_s: float
) -> dict[str, list[Run]]:
    """Everybody once in each round; who fails in the first is not asked again."""
    runs: dict[str, list[Run]] = {peer.name: [] for peer in peers}
    for number in range(rounds):
        for peer in peers:
            if not any(run.error for run in runs[peer.name]):
                runs[peer.name].append(_one(peer, number, places, patience_s))
    return runs


def _one(peer: Peer, number: int, places: Mapping[str, str], patience_s: float) -> Run:
    """Under a name of its own, because some do not send again what is there."""
    key = f"{peer.name}-{number}".replace(" ", "-").replace(",", "")
    filled = [word.format(key=key, **places) for word in peer.command]
    found = run(filled, environment(peer.environment, places), ROOT, patience_s)
    note = found.error or f"{found.seconds:.2f} s, {found.cpu_s:.2f} s CPU"
    print(f"{peer.name}: {note}; others {found.others:.0%}", file=sys.stderr, flush=True)
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.single_client", description=__doc__)
    parser.add_argument("--size", type=int, default=1024, help="MiB")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tls", action="store_true", help="https to the storage")
    parser.add_argument("--local", action="store_true", help="the storage of make run, not null")
    parser.add_argument("--patience", type=float, default=20.0, help="seconds, for quiet")
    parser.add_argument("--only", action="append", metavar="NAME", help="may be given again")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    asked = parser.parse_args()
    asked.scheme = "local" if asked.local else "https" if asked.tls else "http"
    return asked


if __name__ == "__main__":
    sys.exit(main())
