"""One connection over TLS 1.3, whose session tickets come before any answer."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench import certificate
from manyhands.net.line import Line, PutStopped, trust

SIZE = 3 * 2**20
BLOCK = 256 * 1024
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
Serve = Callable[[ssl.SSLSocket], None]


class Storage:
    """Does with each connection what it is told; a context manager."""

    def __init__(self, folder: Path, serve: Serve) -> None:
        self._serve = serve
        self.trust, key = certificate.make(folder)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_3
        self._context.load_cert_chain(self.trust, key)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}/part"

    def __enter__(self) -> "Storage":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._take, args=(plain,), daemon=True).start()

    def _take(self, plain: socket.socket) -> None:
        try:
            with plain, self._context.wrap_socket(plain, server_side=True) as sock:
                self._serve(sock)
        except OSError:
            pass  # the client has given it up


def body(size: int) -> Iterator[memoryview]:
    block = memoryview(bytes(BLOCK))
    return (block for _ in range(size // BLOCK))


def put(line: Line, storage: Storage, size: int = SIZE) -> int:
    line.begin()
    return line.put(storage.url, {}, size, body(size)).status


@pytest.fixture
def storage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Serve], Storage]]:
    def make(serve: Serve) -> Storage:
        made = Storage(tmp_path, serve)
        monkeypatch.setenv("SSL_CERT_FILE", str(made.trust))
        trust.cache_clear()
        return made

    yield make
    trust.cache_clear()


def swallow(sock: ssl.SSLSocket, bytes_per_s: float = 1e12, size: int = SIZE) -> None:
    """The head and the body, at this speed."""
    taken = 0
    while taken < size:
        taken += len(sock.recv(16384))
        time.sleep(16384 / bytes_per_s)


def waits(end: threading.Event) -> None:
    end.wait(20)


def test_a_late_answer_is_waited_for_a_little_longer_each_time(
    storage: Callable[[Serve], Storage],
) -> None:
    def serve(sock: ssl.SSLSocket) -> None:
        swallow(sock)
        time.sleep(1.5)
        sock.sendall(OK)

    line, failures = Line(stall_s=0.5), 0
    with storage(serve) as there:
        for _ in range(6):
            try:
                assert put(line, there) == 200
                break
            except TimeoutError:
                failures += 1
    assert 1 <= failures <= 3, "each wait is twice as long as the one before"
    line.close()


def test_a_slow_line_is_no_line_that_hangs(storage: Callable[[Serve], Storage]) -> None:
    """A block takes longer than the stall time, but all the while some of it is confirmed."""

    def serve(sock: ssl.SSLSocket) -> None:
        swallow(sock, BLOCK / 2, size=4 * BLOCK)
        sock.sendall(OK)

    line = Line(stall_s=1.5)
    with storage(serve) as there:
        assert put(line, there, size=4 * BLOCK) == 200
    line.close()


def test_a_line_that_takes_nothing_any_more_is_left(storage: Callable[[Serve], Storage]) -> None:
    end = threading.Event()
    line = Line(stall_s=0.3)
    with storage(lambda _: waits(end)) as there:
        with pytest.raises(TimeoutError):
            put(line, there)
        end.set()
    line.close()


def test_a_transfer_that_hangs_is_stopped_at_once(storage: Callable[[Serve], Storage]) -> None:
    end = threading.Event()
    line = Line(stall_s=60)
    with storage(lambda _: waits(end)) as there:
        stopper = threading.Timer(0.5, line.stop)
        stopper.start()
        with pytest.raises(PutStopped):
            put(line, there)
        end.set()
    line.close()
