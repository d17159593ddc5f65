"""Sending one part, against a storage that is real enough to stall."""

import hashlib
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pytest

from manyhands.engine.happenings import Failure, PutFailed, Sent
from manyhands.errors import FileChanged
from manyhands.files.hashing import Digests
from manyhands.files.reader import PartReader, identify
from manyhands.net.limiter import Limiter
from manyhands.net.line import Line
from manyhands.parts import in_base64, plan_parts
from manyhands.upload.sender import DigestDiffers, Sender
from manyhands.wire import Limits, Ticket
from tests.client.fake_board import content

BIG = 8 * 1024 * 1024
ONE_PART = Limits(BIG, 1024, 10, 10**9, [], 4, 16)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
FORBIDDEN = (
    b"HTTP/1.1 403 Forbidden\r\nContent-Length: 25\r\nConnection: close\r\n\r\n"
    b"<Code>AccessDenied</Code>"
)


class Storage:
    """Answers each connection with ``answer`` after reading ``appetite`` bytes of bodies."""

    def __init__(self, appetite: int = 10**9, answer: bytes = OK) -> None:
        self._appetite, self._answer = appetite, answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/part?x=1&y=%2F"
        self.heads: list[str] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self.full = threading.Event()
        self._hold = threading.Event()

    @contextmanager
    def running(self) -> Iterator["Storage"]:
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            yield self
        finally:
            self._hold.set()
            self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as file:
            while head := self._head(file):
                self.heads.append(head)
                length = int(head.lower().split("content-length: ")[1].split("\r\n")[0])
                self.bodies.append(file.read(min(length, self._appetite)))
                if length > self._appetite and self._answer == OK:
                    self.full.set()
                    self._hold.wait(10)
                    return
                connection.sendall(self._answer)
                if self._answer != OK:
                    return

    def _head(self, file: object) -> str:
        lines = iter(file.readline, b"")  # type: ignore[attr-defined]
        head = b""
        for line in lines:
            head += line
            if line == b"\r\n":
                break
        return head.decode()


@pytest.fixture
def big(tmp_path: Path) -> Path:
    path = tmp_path / "big"
    path.write_bytes(content(BIG))
    return path


class Bench:
    """A sender, closed with ``with``."""

    def __init__(self, path: Path, *, stall_s: float = 5.0, rate: int = 0) -> None:
        identity = identify(path)
        self.moved: list[int] = []
        self.sender = Sender(
            PartReader(path, identity),
            Digests(plan_parts(identity.size, ONE_PART)),
            Limiter(rate),
            Line(stall_s),
            self.moved.append,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.sender.close()

    def send(self, url: str, digest: bytes) -> Sent | PutFailed:
        headers = {"x-amz-checksum-sha256": in_base64(digest), "x-amz-meta-a": "b"}
        self.sender.begin()
        return self.sender.send(Ticket(1, 0, BIG, url, headers, 900))


def digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def test_a_part_goes_out_as_one_plain_body_with_the_tickets_headers(big: Path) -> None:
    with Storage().running() as storage, Bench(big) as bench:
        assert bench.send(storage.url, digest(big)) == Sent(1)
    head = storage.heads[0].lower()
    assert head.startswith("put /part?x=1&y=%2f http/1.1\r\n")
    assert f"content-length: {BIG}\r\n" in head
    assert f"x-amz-checksum-sha256: {in_base64(digest(big))}\r\n".lower() in head
    assert "x-amz-meta-a: b\r\n" in head
    assert "transfer-encoding" not in head
    assert storage.bodies == [big.read_bytes()]
    assert sum(bench.moved) == BIG


def test_a_connection_is_kept_for_the_next_part(big: Path) -> None:
    with Storage().running() as storage, Bench(big) as bench:
        for _ in range(3):
            assert bench.send(storage.url, digest(big)) == Sent(1)
        assert storage.connections == 1


def test_a_part_of_another_file_never_leaves(big: Path) -> None:
    with Storage().running() as storage, Bench(big) as bench, pytest.raises(DigestDiffers):
        bench.send(storage.url, hashlib.sha256(b"another").digest())
    assert storage.connections == 0


def test_a_file_that_changed_is_told_from_another_file(big: Path) -> None:
    with Bench(big) as bench:
        big.write_bytes(b"x" * BIG)
        with pytest.raises(FileChanged):
            bench.send("http://127.0.0.1:9/", digest(big))


def test_a_network_that_takes_nothing_any_more_is_given_up_soon(big: Path) -> None:
    with Storage(appetite=100_000).running() as storage, Bench(big, stall_s=0.2) as bench:
        failed = bench.send(storage.url, digest(big))
    assert failed == PutFailed(1, Failure.LINE, "no answer from the storage in time")


def test_a_transfer_that_hangs_is_stopped_at_once_from_another_thread(big: Path) -> None:
    with Storage(appetite=100_000).running() as storage, Bench(big, stall_s=60) as bench:
        stopper = threading.Thread(target=lambda: (storage.full.wait(5), bench.sender.stop()))
        stopper.start()
        assert bench.send(storage.url, digest(big)) == PutFailed(1, Failure.STOPPED)
        stopper.join()


def test_a_transfer_that_waits_for_its_limit_is_stopped_at_once(big: Path) -> None:
    with Storage().running() as storage, Bench(big, rate=100) as bench:
        timer = threading.Timer(0.1, bench.sender.stop)
        timer.start()
        assert bench.send(storage.url, digest(big)) == PutFailed(1, Failure.STOPPED)


def test_an_order_to_stop_does_not_outlive_its_transfer(big: Path) -> None:
    with Storage().running() as storage, Bench(big) as bench:
        bench.sender.stop()
        assert bench.send(storage.url, digest(big)) == Sent(1)


def test_a_refusal_that_comes_before_the_whole_body_was_taken_is_read(big: Path) -> None:
    with Storage(4_000_000, FORBIDDEN).running() as storage, Bench(big) as bench:
        failed = bench.send(storage.url, digest(big))
    assert isinstance(failed, PutFailed)
    assert failed.why in (Failure.EXPIRED, Failure.LINE)


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (403, b"<Error><Code>AccessDenied</Code></Error>", Failure.EXPIRED),
        (500, b"<Error><Code>InternalError</Code></Error>", Failure.REFUSED),
        (404, b"<Error><Code>NoSuchUpload</Code></Error>", Failure.REFUSED),
        (503, b"not even XML", Failure.REFUSED),
    ],
)
def test_an_answer_means_what_the_engine_can_act_on(
    big: Path, status: int, body: bytes, why: Failure
) -> None:
    answer = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    with Storage(answer=answer).running() as storage, Bench(big) as bench:
        failed = bench.send(storage.url, digest(big))
    assert isinstance(failed, PutFailed)
    assert failed.why is why
    assert failed.detail.startswith(str(status))


WRONG = b"<Error><Code>BadDigest</Code></Error>"
FINDS_WRONG = b"HTTP/1.1 400 Bad\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (
    len(WRONG),
    WRONG,
)


def test_bytes_that_were_damaged_on_the_way_are_worth_another_try(big: Path) -> None:
    with Storage(answer=FINDS_WRONG).running() as storage, Bench(big) as bench:
        failed = bench.send(storage.url, digest(big))
    assert failed == PutFailed(1, Failure.REFUSED, "400 BadDigest")


def test_a_file_that_changed_behind_its_time_stamp_is_found_out_by_the_storage(big: Path) -> None:
    before, then = digest(big), big.stat()
    with Storage(answer=FINDS_WRONG).running() as storage, Bench(big) as bench:
        bench.send(storage.url, before)
        with big.open("r+b") as file:
            file.write(b"other")
        os.utime(big, ns=(then.st_atime_ns, then.st_mtime_ns))
        with pytest.raises(DigestDiffers):
            bench.send(storage.url, before)


def test_a_storage_that_is_not_there_is_a_failure_of_the_line(big: Path) -> None:
    with Bench(big) as bench:
        failed = bench.send("http://127.0.0.1:9/", digest(big))
    assert isinstance(failed, PutFailed)
    assert failed.why is Failure.LINE
