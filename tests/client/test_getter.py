"""Fetching one part, from a storage that says and gives whatever a test wants."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

from manyhands.download.getter import Getter
from manyhands.download.happenings import (
    Failure,
    GetFailed,
    Got,
)
from manyhands.download.part_file import PartFile, part_path
from manyhands.net.limiter import Limiter
from manyhands.net.line import Line
from tests.client.fake_board import content
from tests.client.fake_download import ID, manifest_of

PART = 200_000
DATA = content(2 * PART + 5)
SECOND = DATA[PART : 2 * PART]
RANGE = f"Content-Range: bytes {PART}-{2 * PART - 1}/{len(DATA)}"
LENGTH = f"Content-Length: {PART}"


def head(*lines: str, status: int = 206) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status} X", *lines, "", ""]).encode()


class Storage:
    """Answers every request on every connection with ``said``, then closes if it is told to."""

    def __init__(self, said: bytes, *, close: bool = False) -> None:
        self._said, self._close = said, close
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/object?x=%2F"
        self.requests: list[str] = []
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
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
        """Until the other side goes, which may be in the middle."""
        with (
            contextlib.suppress(ConnectionError),
            connection,
            connection.makefile("rb") as file,
        ):
            request = ""
            for line in iter(file.readline, b""):
                request += line.decode()
                if line == b"\r\n":
                    self.requests.append(request)
                    request = ""
                    connection.sendall(self._said)
                    if self._close:
                        return


class Bench:
    def __init__(self, folder: Path) -> None:
        self.file = PartFile(part_path(folder / "x", ID), manifest_of(DATA, PART), lambda *_: None)
        self.moved: list[int] = []

    def getter(self, stall_s: float = 5.0, rate: int = 0) -> Getter:
        manifest, line = manifest_of(DATA, PART), Line(stall_s)
        return Getter(self.file.writer(), manifest, Limiter(rate), line, self.moved.append)

    def get(self, storage: Storage, getter: Getter | None = None) -> Got | GetFailed:
        """The second part, by a getter of its own or by this."""
        mine = getter or self.getter()
        mine.begin()
        result = mine.get(2, storage.url)
        if getter is None:
            mine.close()
        return result


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.file.close()


def test_a_part_is_asked_for_by_its_range_and_written_to_its_place(bench: Bench) -> None:
    with Storage(head(RANGE, LENGTH) + SECOND) as storage:
        assert bench.get(storage) == Got(2)
    (request,) = storage.requests
    assert request.startswith("GET /object?x=%2F HTTP/1.1\r\n")
    assert f"range: bytes={PART}-{2 * PART - 1}\r\n" in request.lower()
    assert "accept-encoding: identity\r\n" in request.lower()
    assert sum(bench.moved) == PART
    assert bench.file.content.holds(2)
    assert not bench.file.content.holds(1)


def test_a_connection_is_kept_for_the_next_part(bench: Bench) -> None:
    getter = bench.getter()
    with Storage(head(RANGE, LENGTH) + SECOND) as storage:
        for _ in range(3):
            assert bench.get(storage, getter) == Got(2)
        getter.close()
        assert storage.connections == 1


def test_a_connection_that_the_storage_closes_is_opened_again(bench: Bench) -> None:
    getter = bench.getter()
    with Storage(head(RANGE, LENGTH, "Connection: close") + SECOND, close=True) as storage:
        for _ in range(2):
            assert bench.get(storage, getter) == Got(2)
        getter.close()
        assert storage.connections == 2


def test_a_body_without_a_length_that_is_right_is_taken(bench: Bench) -> None:
    with Storage(head(RANGE, "Connection: close") + SECOND, close=True) as storage:
        assert bench.get(storage) == Got(2)


WRONG = {
    "other bytes": head(RANGE, LENGTH) + bytes(PART),
    "one byte too many": head(RANGE, f"Content-Length: {PART + 1}") + SECOND + b"x",
    "one byte too few": head(RANGE, f"Content-Length: {PART - 1}") + SECOND[:-1],
    "more without a length": head(RANGE, "Connection: close") + SECOND + b"x",
    "another range": head(f"Content-Range: bytes 0-{PART - 1}/{len(DATA)}", LENGTH) + SECOND,
    "another size": head(RANGE[:-1], LENGTH) + SECOND,
    "an unknown size": head(RANGE.rpartition("/")[0] + "/*", LENGTH) + SECOND,
    "no range": head(LENGTH) + SECOND,
    "all of it": head(f"Content-Length: {len(DATA)}", status=200) + DATA,
    "the part, but as if it were all": head(LENGTH, status=200) + SECOND,
}


@pytest.mark.parametrize("said", WRONG.values(), ids=WRONG.keys())
def test_what_is_not_just_the_part_never_counts(bench: Bench, said: bytes) -> None:
    with Storage(said, close=True) as storage:
        failed = bench.get(storage)
    assert isinstance(failed, GetFailed)
    assert failed.why is Failure.WRONG


@pytest.mark.parametrize(
    "said",
    [
        head(RANGE, LENGTH) + SECOND[:-1],
        head(RANGE, "Connection: close") + SECOND[:-1],
        b"",
        b"what?\r\n\r\n",
    ],
)
def test_a_connection_that_ends_early_is_a_failure_of_the_line(bench: Bench, said: bytes) -> None:
    with Storage(said, close=True) as storage:
        broke = GetFailed(2, Failure.LINE, "the connection to the storage broke")
        assert bench.get(storage) == broke


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (403, Failure.REFUSED),
        (404, Failure.REFUSED),
        (416, Failure.REFUSED),
        (400, Failure.REFUSED),
        (301, Failure.REFUSED),
        (204, Failure.REFUSED),
        (429, Failure.BUSY),
        (500, Failure.BUSY),
        (503, Failure.BUSY),
    ],
)
def test_an_answer_means_what_the_engine_can_act_on(
    bench: Bench, status: int, why: Failure
) -> None:
    with Storage(head("Content-Length: 3", status=status) + b"no!") as storage:
        assert bench.get(storage) == GetFailed(2, why, f"status {status}")


def test_a_storage_that_is_not_there_is_a_failure_of_the_line(bench: Bench) -> None:
    getter = bench.getter()
    failed = getter.get(2, "http://127.0.0.1:9/")
    getter.close()
    assert failed == GetFailed(2, Failure.LINE, "nobody answers at the storage")


@pytest.mark.parametrize("given", [head(RANGE, LENGTH) + SECOND[:1000], b""])
def test_a_storage_that_gives_nothing_any_more_is_given_up_soon(bench: Bench, given: bytes) -> None:
    with Storage(given) as storage:
        getter = bench.getter(stall_s=0.4)
        began = time.monotonic()
        failed = bench.get(storage, getter)
        getter.close()
    assert not given or time.monotonic() - began < 1.4
    assert failed == GetFailed(2, Failure.LINE, "no answer from the storage in time")


@pytest.mark.parametrize("kept", ["keep-alive", "close"])
@pytest.mark.parametrize(("rate", "given"), [(0, 1000), (100, PART)])
def test_a_transfer_that_hangs_or_waits_for_its_limit_is_stopped_at_once(
    bench: Bench, rate: int, given: int, kept: str
) -> None:
    said = head(RANGE, LENGTH, f"Connection: {kept}") + SECOND[:given]
    with Storage(said) as storage:
        getter = bench.getter(stall_s=60, rate=rate)
        threading.Timer(0.1, getter.stop).start()
        began = time.monotonic()
        assert bench.get(storage, getter) == GetFailed(2, Failure.STOPPED)
        assert time.monotonic() - began < 5
        getter.close()


def test_an_order_to_stop_does_not_outlive_its_transfer(bench: Bench) -> None:
    getter = bench.getter()
    with Storage(head(RANGE, LENGTH) + SECOND) as storage:
        getter.stop()
        assert bench.get(storage, getter) == Got(2)
        getter.close()


def test_the_limit_is_kept_while_reading(bench: Bench) -> None:
    getter = bench.getter(rate=400_000)
    with Storage(head(RANGE, LENGTH) + SECOND) as storage:
        began = time.monotonic()
        assert bench.get(storage, getter) == Got(2)
        assert 0.35 < time.monotonic() - began < 1.5
        getter.close()
