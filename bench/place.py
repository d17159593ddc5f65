"""Where the race is run: lines, a storage and a service, in namespaces or else through a proxy.

Namespaces are the better place (``tools.network``: real cables, real packets). Where this machine
refuses them, for want of Linux, of rights, of iproute2 or of something in the kernel, a proxy on
loopback shapes the way to the storage (``bench.shaped``). The calls to the service, small as they
are, go past it, and no packet is ever lost in it. ``how`` says which of both it was, and why.
"""

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.line import Line, ShapedLine
from bench.peers import configure
from bench.servers import Served, serving
from tools.network import HUB, Network, NetworkRefused

AFTER = ("--after", "0.1")
ADDRESSES = ("127.0.0.11", "127.0.0.12", "127.0.0.13")
Speeds = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Place:
    """``ways``: at which address a program on this line finds the storage, by the line's name.

    ``storage`` and ``board`` are the servers themselves; ``loses``: packets can be lost here.
    """

    how: str
    loses: bool
    lines: Mapping[str, Line]
    ways: Mapping[str, str]
    storage: Served
    board: Served
    folder: Path


@contextmanager
def place(speeds: Speeds, proxy: bool) -> Iterator[Place]:
    """``speeds`` of the lines in Mbit/s by their names; ``proxy``: do not even try namespaces."""
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="lines-")))
        configure(folder)
        if proxy:
            yield _proxied(ending, speeds, folder, "as was asked for")
            return
        try:
            network, lines = _namespaces(ending, speeds)
        except NetworkRefused as refused:
            reason = f"because namespaces are refused here: {refused}"
            yield _proxied(ending, speeds, folder, reason)
            return
        ending.enter_context(network.inside())
        yield _cabled(ending, lines, folder)


def _namespaces(ending: ExitStack, speeds: Speeds) -> tuple[Network, Mapping[str, Line]]:
    """Raises NetworkRefused, and then nothing is left of them."""
    with ExitStack() as made:
        try:
            network = made.enter_context(Network())
            lines = {name: network.line(megabits) for name, megabits in speeds.items()}
        except subprocess.CalledProcessError as error:
            raise NetworkRefused(error.stderr.decode().strip() or str(error)) from error
        ending.enter_context(made.pop_all())
    return network, lines


def _cabled(ending: ExitStack, lines: Mapping[str, Line], folder: Path) -> Place:
    at = ("--host", HUB, *AFTER)
    storage = ending.enter_context(serving("bench.null_s3", *at))
    board = ending.enter_context(serving("bench.null_board", "--storage", storage.url, *at))
    ways = dict.fromkeys(lines, storage.url)
    return Place("in network namespaces", True, lines, ways, storage, board, folder)


def _proxied(ending: ExitStack, speeds: Speeds, folder: Path, reason: str) -> Place:
    """The service signs for the proxy's own address: its clients are told by where they bind."""
    addresses = dict(zip(speeds, ADDRESSES, strict=True))
    shapes = [f"{addresses[name]}={megabits}" for name, megabits in speeds.items()]
    storage = ending.enter_context(serving("bench.null_s3", *AFTER))
    proxy = ending.enter_context(serving("bench.shaped", storage.url, *shapes))
    board = ending.enter_context(serving("bench.null_board", "--storage", proxy.url, *AFTER))
    lines = {name: ShapedLine(address, proxy) for name, address in addresses.items()}
    ways = {name: proxy.url.replace("127.0.0.1", address) for name, address in addresses.items()}
    how = f"through a shaping proxy, {reason}"
    return Place(how, False, lines, ways, storage, board, folder)


@contextmanager
def losing(line: Line) -> Iterator[None]:
    """One in a hundred of what comes from this device is dropped, at the hub we are in."""
    _nft("add table inet losing")
    try:
        _nft("add chain inet losing up { type filter hook input priority 0 ; }")
        _nft(f"add rule inet losing up ip saddr {line.address} numgen random mod 100 < 1 drop")
        yield
    finally:
        _nft("delete table inet losing")


def _nft(rule: str) -> None:
    subprocess.run(["nft", *rule.split()], check=True, capture_output=True)
