"""``python -m bench.shaped STORAGE 127.0.0.11=8 …``: lines on a machine that has no namespaces.

A TCP proxy on loopback before the storage. It knows a device by the address that its connections
come from (``--bind`` of our command line), or, since others have no such option, by the address at
which it was called: the same port is open at the address of every line. Both directions of a line
are shaped to its Mbit/s. The proxy reads no further than it may send and has small buffers, so TCP
itself slows the sender. Whoever comes from elsewhere and calls 127.0.0.1 is on no line: the
service, which would be beside the storage.

It prints its address as one line and ends with its stdin. ``ADDRESS MBITS`` on stdin shapes a line
anew; the answer is the rate, in bytes a second.

It is the second best. It has no packets to lose, and an acknowledged byte may still be on its way
in it. Linux answers on all of 127.0.0.0/8; elsewhere each address must be given to the loopback
interface first. Refused: asyncio, whose timers are as coarse as the pauses needed here.
"""

import argparse
import contextlib
import socket
import sys
import threading
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from bench.bucket import Bucket

LOOPBACK = "127.0.0.1"
BLOCK = 16 * 1024
BUFFER = 64 * 1024
ENDLESS = 1e6
"""Mbit/s, of whoever is on no line."""


class Line:
    """Both directions at the same speed, in Mbit/s."""

    def __init__(self, megabits: float) -> None:
        self.up, self.down = (Bucket(bytes_in(megabits), time.monotonic()) for _ in range(2))

    def shape(self, megabits: float) -> None:
        for bucket in (self.up, self.down):
            bucket.shape(bytes_in(megabits), time.monotonic())


class Proxy:
    """``lines`` by their addresses."""

    def __init__(self, storage: tuple[str, int], lines: Mapping[str, Line]) -> None:
        self._storage, self._lines = storage, lines
        self._none = Line(ENDLESS)

    def open(self) -> int:
        """The port, the same at 127.0.0.1 and at every line's address. Raises OSError."""
        port = self._listen(LOOPBACK, 0)
        for address in self._lines:
            self._listen(address, port)
        return port

    def shape(self, address: str, megabits: float) -> None:
        self._lines[address].shape(megabits)

    def _listen(self, address: str, port: int) -> int:
        listener = socket.create_server((address, port), backlog=128)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        threading.Thread(target=self._serve, args=(listener,), daemon=True).start()
        return int(listener.getsockname()[1])

    def _serve(self, listener: socket.socket) -> None:
        while True:
            near, (source, _) = listener.accept()
            called, _ = near.getsockname()
            line = self._lines.get(source) or self._lines.get(called) or self._none
            threading.Thread(target=self._join, args=(near, line), daemon=True).start()

    def _join(self, near: socket.socket, line: Line) -> None:
        """Until both directions have ended."""
        with near, contextlib.suppress(OSError), socket.create_connection(self._storage) as far:
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            up = threading.Thread(target=_carry, args=(near, far, line.up), daemon=True)
            up.start()
            _carry(far, near, line.down)
            up.join()


def _carry(source: socket.socket, target: socket.socket, bucket: Bucket) -> None:
    """Until the end; if the connection breaks at one side, it breaks at the other."""
    try:
        while block := source.recv(BLOCK):
            time.sleep(bucket.take(len(block), time.monotonic()))
            target.sendall(block)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def bytes_in(megabits: float) -> float:
    return megabits * 1e6 / 8


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.shaped", description=__doc__)
    parser.add_argument("storage", help="its address, http://HOST:PORT")
    parser.add_argument("lines", nargs="+", metavar="ADDRESS=MBITS")
    asked = parser.parse_args()
    where = urlsplit(asked.storage)
    lines = {address: Line(float(speed)) for address, speed in (x.split("=") for x in asked.lines)}
    proxy = Proxy((where.hostname or "", where.port or 80), lines)
    print(f"{where.scheme}://{LOOPBACK}:{proxy.open()}", flush=True)
    for question in sys.stdin:
        address, megabits = question.split()
        proxy.shape(address, float(megabits))
        print(round(bytes_in(float(megabits))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
