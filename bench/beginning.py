"""``python -m bench.beginning``: how soon the first byte of a very large file leaves.

The file has 50 GB and takes no room: it is sparse. Each client is started, and ended as soon as the
null server has got a block of a part. Some hash the whole file first, so nobody is waited for
longer than ``LONGEST_S``. Beside it stands how fast each hashes, for that is what a beginning is
made of: our own threads, and the tools that every system has, on the file in memory.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench.carried import received
from bench.peers import PEERS, ROOT, Peer, version_of
from bench.report import replace_between, where
from bench.setting import MIB, environment, file_of
from bench.single_client import DOCUMENT, serve

SPARSE = 50_000_000_000
ENOUGH = 64 * 1024
LONGEST_S, LOOK_S, SETTLING_S = 20.0, 0.01, 1.0
NAMES = ("manyhands", "s5cmd", "rclone", "boto3, SHA-256", "AWS CRT, SHA-256", "AWS CLI 1")
OURS = (
    "import sys; from pathlib import Path; from manyhands.files.hashing import *;"
    "from manyhands.files.reader import identify; from manyhands.parts import PartPlan;"
    "p = Path(sys.argv[1]); i = identify(p); d = Digests(PartPlan(i.size, 5 << 20));"
    "h = Hasher(p, i, d, lambda n: None, print); h.start(); h.join(); assert d.checksum"
)
HASHES = {
    "manyhands: SHA-256 of each part, two threads": (sys.executable, "-c", OURS, "{file}"),
    "sha256sum": ("sha256sum", "{file}"),
    "openssl, SHA-256": ("openssl", "dgst", "-sha256", "{file}"),
    "md5sum": ("md5sum", "{file}"),
}


def main() -> int:
    asked = _arguments()
    there = [peer for peer in PEERS if peer.name in NAMES and version_of(peer)]
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as servers:
        places = serve(servers, Path(name), tls=True) | {"file": str(_sparse())}
        waits = [_wait(p, n, places) for n in range(asked.rounds) for p in there]
    text = f"{where()}, {asked.rounds} rounds.\n\n{_first_bytes(waits)}\n\n{_hashing(asked.rounds)}"
    print(text)
    if asked.write:
        replace_between(DOCUMENT, "beginning", text)
    return 0


def _wait(peer: Peer, number: int, places: Mapping[str, str]) -> tuple[str, float]:
    """The seconds from its start to the first bytes at the storage; infinite for too long."""
    key = f"first-{peer.name}-{number}".replace(" ", "-").replace(",", "")
    filled = [word.format(key=key, **places) for word in peer.command]
    before, began = _settled(places["storage"]), time.monotonic()
    with subprocess.Popen(
        filled,
        env=environment(peer.environment, places),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        while (spent := time.monotonic() - began) < LONGEST_S and process.poll() is None:
            if received(places["storage"]) - before >= ENOUGH:
                break
            time.sleep(LOOK_S)
        else:
            spent = float("inf")
        process.kill()
    print(f"{peer.name}: {spent:.2f} s", file=sys.stderr, flush=True)
    return peer.name, spent


def _settled(storage: str) -> int:
    """What came, once nothing of a client that was ended is on its way any more."""
    count = -1
    while count != (count := received(storage)):
        time.sleep(SETTLING_S)
    return count


def _first_bytes(waits: Sequence[tuple[str, float]]) -> str:
    names = list(dict.fromkeys(name for name, _ in waits))
    rows = [f"| {name} | {_seconds([s for n, s in waits if n == name])} |" for name in names]
    return "\n".join([f"| {SPARSE / 1e9:.0f} GB | first byte after |\n|---|--:|", *rows])


def _seconds(waits: Sequence[float]) -> str:
    middle = median(waits)
    return f"{middle:.2f} s" if middle < LONGEST_S else f"more than {LONGEST_S:.0f} s"


def _hashing(rounds: int) -> str:
    path = file_of(1024 * MIB)
    there = {name: command for name, command in HASHES.items() if shutil.which(command[0])}
    rows = [f"| {name} | {_speed(command, path, rounds):,.0f} |" for name, command in there.items()]
    return "\n".join(["| hashing alone, 1,074 MB in memory | MB/s |\n|---|--:|", *rows])


def _speed(command: Sequence[str], path: Path, rounds: int) -> float:
    """MB a second, start of the program included; the median."""
    filled = [word.format(file=path) for word in command]
    seconds = []
    for _ in range(rounds):
        began = time.monotonic()
        subprocess.run(filled, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        seconds.append(time.monotonic() - began)
    return path.stat().st_size / 1e6 / median(seconds)


def _sparse() -> Path:
    path = ROOT / "build" / "bench" / "sparse.bin"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.truncate(SPARSE)
    return path


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.beginning", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
