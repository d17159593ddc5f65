"""``python -m bench.null_s3``: an S3 that takes everything and keeps nothing.

A client cannot be seen to be fast on a storage that is slow. This one reads each body and drops it,
so what is measured is the client: its reading, hashing, signing, its TLS, its copies. Several
processes listen on one socket and give each connection a thread; nothing is verified and only the
names and sizes of parts are remembered (``answers``, ``ledger``). A server in Go or C would need
no more tricks and one more compiler, which not everybody has; this one discards several times
faster than any client here sends.

It binds to 127.0.0.1 unless it is told otherwise, prints its address as one line, and ends with its
stdin, so that it never outlives whoever started it. ``GET /-/received`` says how many bytes of
bodies came, finished or not: "-" is no name that a bucket may have. S3 takes its time with an
answer; so does this server if asked to (``--after``).
"""

import argparse
import contextlib
import multiprocessing
import socket
import ssl
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from bench import certificate, cross_origin
from bench.answers import answer
from bench.inbound import Inbound, Request
from bench.ledger import Ledger
from bench.replies import Answer

LOOPBACK = "127.0.0.1"
BACKLOG = 512
COUNTER = ("-", "received")
FORK = multiprocessing.get_context("fork")


class Server:
    """What each process runs. ``received`` is shared by all; answers come ``after_s``."""

    def __init__(
        self,
        ledger: Ledger,
        received: "Synchronized[int]",
        tls: ssl.SSLContext | None,
        after_s: float = 0.0,
    ) -> None:
        self._ledger, self._received, self._tls = ledger, received, tls
        self._after_s = after_s

    def serve(self, listener: socket.socket) -> None:
        """Forever: a thread for each connection."""
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=self._converse, args=(sock,), daemon=True).start()

    def _converse(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.closing(self._secured(sock)) as ready:
            inbound = Inbound(ready)
            while request := inbound.request():
                answer = self._answer(request, inbound.discard(request, self._counting(request)))
                if self._after_s:
                    time.sleep(self._after_s)
                ready.sendall(answer.encoded())

    def _secured(self, sock: socket.socket) -> socket.socket:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._tls.wrap_socket(sock, server_side=True) if self._tls else sock

    def _answer(self, request: Request, size: int) -> Answer:
        if (request.bucket, request.key) == COUNTER:
            return Answer(body=str(self._received.value))
        if cross_origin.is_preflight(request):
            return cross_origin.shown(request, cross_origin.permission(request))
        return cross_origin.shown(request, answer(request, size, self._ledger))

    def _counting(self, request: Request) -> Callable[[int], None]:
        return self._count if request.method == "PUT" and request.key else _ignore

    def _count(self, size: int) -> None:
        with self._received.get_lock():
            self._received.value += size


def _ignore(size: int) -> None:
    """No byte of an object."""


def main() -> int:
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="null-s3-") as folder, _listener(asked) as socket:
        tls = _tls(Path(asked.certificate)) if asked.certificate else None
        server = Server(Ledger(Path(folder)), FORK.Value("Q", 0), tls, asked.after)
        for _ in range(asked.processes):
            FORK.Process(target=server.serve, args=(socket,), daemon=True).start()
        scheme = "https" if tls else "http"
        print(f"{scheme}://{asked.host}:{socket.getsockname()[1]}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            sys.stdin.read()
    return 0


def _listener(asked: argparse.Namespace) -> socket.socket:
    return socket.create_server((asked.host, asked.port), backlog=BACKLOG)


def _tls(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate.make(folder))
    return context


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.null_s3", description=__doc__)
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--after", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument(
        "--tls", dest="certificate", metavar="FOLDER", help="https, by a certificate made there"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
