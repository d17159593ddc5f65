"""One kept connection to the storage, with its socket in hand.

Built on ``http.client``, not on a pool, because three things need the socket itself: a stall timer
that knows what the network took (``stall``), a stop that works at once from another thread (the
socket is shut, and whoever waits on it wakes), and bytes counted as they leave. Where the system
offers it, the kernel is kept from swallowing more than a little ahead of the network, or else a
slow line would look fast for seconds and a limit would not be smooth.

``Content-Length`` is always sent, so nothing is chunked; S3 takes no chunked PUT, and the length is
signed. An answer that comes before the whole body was taken (a 403, mostly) is read and not lost.

A GET hands its answer over as it arrives. Whoever reads it to its end keeps the connection; whoever
does not, because the answer is not the one that was wanted, loses it, which costs less than to read
on what nobody needs.
"""

import contextlib
import functools
import http.client
import select
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from manyhands.net.binding import ANY, Binding
from manyhands.net.stall import LOOK_S, Patiently, Stall

AHEAD = 512 * 1024
CONNECT_S = 10.0


class PutStopped(Exception):
    """The transfer was stopped on order; no failure."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes


class Line:
    """``stall_s``: how long nothing may move. For one thread, but for ``stop``."""

    def __init__(self, stall_s: float = 15.0, binding: Binding = ANY) -> None:
        self._stall, self._binding = Stall(stall_s), binding
        self._lock = threading.Lock()
        self._connection: http.client.HTTPConnection | None = None
        self._receiving: socket.socket | None = None
        self._address = ("", "")
        self.stopping = threading.Event()

    def begin(self) -> None:
        """A new transfer; an earlier order to stop counts no more."""
        self.stopping.clear()

    def stop(self) -> None:
        """Break off the transfer under way. From any thread."""
        self.stopping.set()
        with self._lock:
            self._shut()

    def put(
        self, url: str, headers: Mapping[str, str], length: int, body: Iterable[memoryview]
    ) -> Reply:
        """PUT ``length`` bytes. Raises PutStopped, OSError, http.client.HTTPException."""
        try:
            return self._put(urlsplit(url), headers, length, body)
        except BaseException:
            self.close()
            if self.stopping.is_set():
                raise PutStopped from None
            raise

    @contextlib.contextmanager
    def get(self, url: str, headers: Mapping[str, str]) -> Iterator[http.client.HTTPResponse]:
        """GET; the answer is to be read within the context. Raises as ``put``, also from there."""
        try:
            answer = self._get(urlsplit(url), headers)
            with contextlib.closing(answer):
                yield answer
                kept = answer.isclosed() and not answer.will_close
        except BaseException:
            self.close()
            if self.stopping.is_set():
                raise PutStopped from None
            raise
        if not kept:
            self.close()

    def close(self) -> None:
        with self._lock:
            connection, self._connection = self._connection, None
            self._receiving = None
        if connection:
            connection.close()

    def _put(
        self, url: SplitResult, headers: Mapping[str, str], length: int, body: Iterable[memoryview]
    ) -> Reply:
        connection = self._ready(url)
        connection.putrequest("PUT", _target(url), skip_accept_encoding=True)
        for name, value in headers.items():
            if name.lower() not in ("host", "content-length"):
                connection.putheader(name, value)
        connection.putheader("Content-Length", str(length))
        connection.endheaders()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._send(connection.sock, body)
        return self._answer(connection)

    def _send(self, sock: socket.socket, body: Iterable[memoryview]) -> None:
        for block in body:
            self._stall.moved()
            while block and not self.stopping.is_set():
                block = block[self._push(sock, block) :]
            if self.stopping.is_set():
                raise PutStopped

    def _push(self, sock: socket.socket, block: memoryview) -> int:
        """Send some of it. After a look in vain TLS wants the very same block again."""
        while True:
            try:
                count = sock.send(block)
            except TimeoutError:
                self._stall.check(sock)
            else:
                self._stall.moved()
                return count

    def _answer(self, connection: http.client.HTTPConnection) -> Reply:
        answer = self._await(connection)
        reply = Reply(answer.status, answer.read())
        if self.stopping.is_set():
            raise PutStopped
        if answer.will_close:
            self.close()
        return reply

    def _get(self, url: SplitResult, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        connection = self._ready(url)
        connection.putrequest("GET", _target(url), skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        with self._lock:
            self._receiving = connection.sock  # the connection forgets it if it is to be closed
        return self._await(connection)

    def _await(self, connection: http.client.HTTPConnection) -> http.client.HTTPResponse:
        self._stall.asked()
        answer = connection.getresponse()
        self._stall.answered()
        return answer

    def _ready(self, url: SplitResult) -> http.client.HTTPConnection:
        """The kept connection if it still lives and leads there, else a new one."""
        address = (url.scheme, url.netloc)
        if self._connection is None or self._address != address or _ended(self._connection.sock):
            self.close()
            self._open(url)
            self._address = address
        assert self._connection is not None
        self._connection.sock.settimeout(LOOK_S)
        return self._connection

    def _open(self, url: SplitResult) -> None:
        connection = _connection(url)
        connection._create_connection = self._binding.connect  # type: ignore[attr-defined]
        connection.response_class = self._response  # type: ignore[assignment]
        connection.connect()
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, AHEAD)
        with self._lock:
            self._connection = connection
            if self.stopping.is_set():
                self._shut()

    def _response(self, sock: socket.socket, method: str) -> http.client.HTTPResponse:
        patiently: Any = Patiently(sock, self._stall)
        return http.client.HTTPResponse(patiently, method=method)

    def _shut(self) -> None:
        for sock in (self._connection and self._connection.sock, self._receiving):
            if sock:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _target(url: SplitResult) -> str:
    return f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"


def _connection(url: SplitResult) -> http.client.HTTPConnection:
    host = url.hostname or ""
    if url.scheme == "https":
        return http.client.HTTPSConnection(host, url.port, timeout=CONNECT_S, context=trust())
    return http.client.HTTPConnection(host, url.port, timeout=CONNECT_S)


@functools.cache
def trust() -> ssl.SSLContext:
    """One for all lines: to read the system's certificates takes longer than to connect."""
    return ssl.create_default_context()


def _ended(sock: socket.socket | None) -> bool:
    """Whether the other side closed an idle connection: then there is something to read."""
    if sock is None or not hasattr(select, "poll"):
        return sock is None or bool(select.select([sock], [], [], 0)[0])
    polling = select.poll()
    polling.register(sock, select.POLLIN)
    return bool(polling.poll(0))
