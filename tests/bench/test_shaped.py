"""The shaping proxy: its arithmetic by a clock of the test's own, its sockets with small bodies."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3

from bench.bucket import BURST, Bucket
from bench.place import ADDRESSES, place
from bench.servers import Served, serving

RATE = 1_000_000.0
PHONE, LAPTOP, DESKTOP = ADDRESSES


def exhausted() -> Bucket:
    bucket = Bucket(RATE, now=0.0)
    assert bucket.take(BURST, now=0.0) == 0
    return bucket


def test_an_idle_line_passes_a_burst_at_once_and_no_byte_more() -> None:
    assert exhausted().take(1, now=0.0) == pytest.approx(1 / RATE)


def test_the_idle_time_of_a_day_is_worth_one_burst() -> None:
    bucket = exhausted()
    assert bucket.take(BURST, now=86_400.0) == 0
    assert bucket.take(1_000, now=86_400.0) == pytest.approx(0.001)


def test_those_who_share_a_line_wait_for_each_other() -> None:
    bucket = exhausted()
    assert [bucket.take(16_000, now=0.0) for _ in range(3)] == pytest.approx([0.016, 0.032, 0.048])


@pytest.mark.parametrize("late", [0.0, 0.01, 0.03])
def test_a_sender_that_wakes_late_takes_no_speed_from_the_line(late: float) -> None:
    bucket, now, sent = exhausted(), 0.0, 0
    while now < 10:
        now += bucket.take(16_000, now) + late
        sent += 16_000
    limit = RATE * 10 if late < 0.016 else 16_000 / late * 10
    assert sent == pytest.approx(limit, rel=0.01)


def test_a_line_that_falls_to_1_percent_carries_1_percent_from_then_on() -> None:
    bucket = exhausted()
    bucket.shape(RATE / 100, now=0.0)
    assert bucket.take(1_000, now=0.0) == pytest.approx(0.1)
    bucket.shape(RATE, now=0.1)
    assert bucket.take(1_000, now=0.1) == pytest.approx(0.001)


def test_time_that_runs_backwards_between_threads_gives_and_takes_nothing() -> None:
    bucket = exhausted()
    assert bucket.take(1_000, now=1.0) == 0
    before = Bucket(RATE, now=0.0)
    before.take(BURST, now=0.0)
    before.take(1_000, now=1.0)
    assert before.take(BURST, now=0.5) == bucket.take(BURST, now=1.0) > 0


@dataclass
class Far:
    """The proxy's other end, in the test's own hands; ``url`` of the proxy."""

    listener: socket.socket
    proxy: Served

    @property
    def port(self) -> int:
        return int(self.proxy.url.rpartition(":")[2])

    def connect(
        self, source: str = "127.0.0.1", called: str = "127.0.0.1"
    ) -> tuple[socket.socket, socket.socket]:
        near = socket.create_connection((called, self.port), 10, (source, 0))
        far, _ = self.listener.accept()
        far.settimeout(10)
        return near, far


@pytest.fixture
def far() -> Iterator[Far]:
    """The phone's line is nearly shut: what goes by it does not arrive while a test runs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        speeds = (f"{PHONE}=0.0001", f"{LAPTOP}=1000", f"{DESKTOP}=1000")
        with serving("bench.shaped", url, *speeds) as proxy:
            yield Far(listener, proxy)


def arrives(far: socket.socket, size: int) -> bytes:
    """Exactly so many bytes, or fewer if the connection ends. Raises TimeoutError."""
    found = b""
    while len(found) < size and (block := far.recv(size - len(found))):
        found += block
    return found


def test_both_directions_carry_every_byte_and_each_ends_by_itself(far: Far) -> None:
    near, there = far.connect(LAPTOP)
    with near, there:
        near.sendall(b"a question")
        near.shutdown(socket.SHUT_WR)
        assert arrives(there, 100) == b"a question"
        there.sendall(b"an answer")
        there.shutdown(socket.SHUT_WR)
        assert arrives(near, 100) == b"an answer"


@pytest.mark.parametrize("by", [{"source": PHONE}, {"called": PHONE}])
def test_a_device_is_known_by_where_it_comes_from_or_by_where_it_called(
    far: Far, by: dict[str, str]
) -> None:
    near, there = far.connect(**by)
    with near, there:
        near.sendall(bytes(2 * BURST))
        assert len(arrives(there, BURST)) == BURST
        there.settimeout(0.2)
        with pytest.raises(TimeoutError):
            there.recv(1)


def test_a_sender_on_a_full_line_is_made_to_wait(far: Far) -> None:
    near, there = far.connect(PHONE)
    with near, there:
        near.settimeout(0.2)
        with pytest.raises(TimeoutError):
            near.sendall(bytes(64 * 2**20))


def test_others_are_not_slowed_by_a_full_line(far: Far) -> None:
    slow, fast = far.connect(PHONE), far.connect(LAPTOP)
    slow[0].sendall(bytes(2 * BURST))
    fast[0].sendall(bytes(4 * BURST))
    assert len(arrives(fast[1], 4 * BURST)) == 4 * BURST
    for end in (*slow, *fast):
        end.close()


def test_a_line_is_shaped_anew_while_it_runs(far: Far) -> None:
    assert far.proxy.ask(f"{PHONE} 1000") == 125_000_000
    near, there = far.connect(PHONE)
    with near, there:
        near.sendall(bytes(4 * BURST))
        assert len(arrives(there, 4 * BURST)) == 4 * BURST


def test_who_is_killed_is_gone_for_the_storage_too(far: Far) -> None:
    near, there = far.connect(LAPTOP)
    with there:
        near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        near.close()
        assert arrives(there, 1) == b""


def test_where_namespaces_are_refused_a_proxy_stands_in_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ip = tmp_path / "ip"
    ip.write_text("#!/bin/sh\necho no such thing here >&2\nexit 1\n")
    ip.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with place({"phone": 8.0, "laptop": 40.0, "desktop": 160.0}, proxy=False) as here:
        assert here.how.endswith("because namespaces are refused here: no such thing here")
        assert not here.loses
        assert {line.address for line in here.lines.values()} == set(ADDRESSES)
        url = f"{here.ways['laptop']}/-/received"
        with urllib3.PoolManager(retries=False, timeout=10) as http:
            assert http.request("GET", url).data == b"0"
