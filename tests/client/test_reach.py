"""When a person is told that nothing goes on, and that it does again."""

import errno
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from manyhands.engine.reach import SERVICE, SILENT_S, STILL_S, STORAGE, TROUBLE_S, Reach
from manyhands.errors import Unreachable
from manyhands.events import Event, Fetching, InReach, OutOfReach, Progress
from manyhands.net.reasons import reason
from manyhands.net.transport import PoolTransport
from manyhands.parts import PartPlan
from manyhands.upload.tally import Tally
from tests.client.fake_download import QUICK as GETS
from tests.client.fake_download import DownloadService, Fetch, Stored
from tests.client.fake_service import FakeService
from tests.client.looks import PART, client, upload
from tests.client.runs import QUICK, Run

WHY = "nobody answers at the storage"


class Watch:
    """``reach`` looked at every half second."""

    def __init__(self) -> None:
        self.reach, self.now, self.told = Reach(), 0.0, list[Event]()

    def pass_by(
        self, seconds: float, count: int = 0, busy: int = 0, idle: bool = False
    ) -> list[Event]:
        """What is told meanwhile, if ``count`` bytes move in each half second."""
        self.told = []
        for _ in range(int(seconds * 2)):
            self.now += 0.5
            self.reach.moved(count, busy, self.now, idle=idle)
            news = self.reach.news(self.now)
            self.told += [news] if news else []
        return self.told


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_a_failure_that_the_next_try_mends_is_not_told(watch: Watch) -> None:
    watch.reach.failed(STORAGE, WHY, watch.now)
    assert watch.pass_by(TROUBLE_S - 1) == []
    watch.reach.answered(STORAGE)
    assert watch.pass_by(60) == []


def test_a_storage_that_stays_away_is_told_once_and_so_is_its_return(watch: Watch) -> None:
    watch.reach.failed(STORAGE, WHY, watch.now)
    told = watch.pass_by(5)
    for _ in range(20):
        watch.reach.failed(STORAGE, WHY, watch.now)
        told += watch.pass_by(3)
    assert told == [OutOfReach(reason=WHY)]
    assert watch.reach.lost
    watch.reach.answered(STORAGE)
    assert watch.pass_by(5) == [InReach(seconds=62.5)]
    assert not watch.reach.lost


def test_a_service_that_was_asked_often_enough_is_told_at_once(watch: Watch) -> None:
    watch.reach.asked(watch.now)
    watch.reach.failed(SERVICE, "Nobody answers at 127.0.0.1:9.", watch.now)
    assert watch.pass_by(1) == [OutOfReach(reason="nobody answers at 127.0.0.1:9")]


def test_a_service_that_says_nothing_for_long_is_told_before_the_call_ends(watch: Watch) -> None:
    watch.reach.asked(watch.now)
    assert watch.pass_by(SILENT_S - 1) == []
    assert watch.pass_by(2) == [OutOfReach(reason="the service does not answer")]
    watch.reach.answered(SERVICE)
    assert [type(event) for event in watch.pass_by(1)] == [InReach]


def test_while_bytes_flow_nobody_would_say_so(watch: Watch) -> None:
    watch.pass_by(10, count=1000, busy=3)
    watch.reach.failed(SERVICE, WHY, watch.now)
    assert watch.pass_by(60, count=1000, busy=3) == []
    assert watch.pass_by(5, busy=3) == [OutOfReach(reason=WHY)]


def test_a_failure_that_bytes_disproved_is_not_told_when_they_pause(watch: Watch) -> None:
    watch.pass_by(4, count=1000, busy=2)
    watch.reach.failed(STORAGE, WHY, watch.now)
    for _ in range(5):
        assert watch.pass_by(10, count=1000, busy=2) == []
        assert watch.pass_by(5, busy=2) == []


def test_who_has_nothing_to_send_misses_no_storage(watch: Watch) -> None:
    watch.reach.failed(STORAGE, WHY, watch.now)
    assert len(watch.pass_by(5)) == 1
    assert [type(event) for event in watch.pass_by(5, idle=True)] == [InReach]


def test_what_a_kernel_takes_for_a_dead_peer_is_no_sign_of_life(watch: Watch) -> None:
    watch.reach.failed(STORAGE, WHY, watch.now)
    assert len(watch.pass_by(5)) == 1
    for _ in range(10):
        assert watch.pass_by(1, count=500_000, busy=2) == []
        assert watch.pass_by(5, busy=2) == []
    assert [type(event) for event in watch.pass_by(5, count=1000, busy=2)] == [InReach]


def test_parts_under_way_without_a_byte_are_told_before_they_fail(watch: Watch) -> None:
    assert watch.pass_by(STILL_S - 1, busy=2) == []
    assert watch.pass_by(2, busy=2) == [OutOfReach(reason="the storage does not answer")]
    watch.reach.answered(STORAGE)
    assert [type(event) for event in watch.pass_by(1, busy=2)] == [InReach]


def test_who_waits_for_tickets_is_not_out_of_reach(watch: Watch) -> None:
    assert watch.pass_by(10 * STILL_S) == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "nobody answers at the storage"),
        (TimeoutError("timed out"), "no answer from the storage in time"),
        (socket.gaierror(-3, "x"), "name of the storage cannot be looked up"),
        (OSError(errno.ENETUNREACH, "x"), "no network that leads to the storage"),
        (ConnectionResetError(), "the connection to the storage broke"),
    ],
)
def test_why_is_said_in_words(error: Exception, words: str) -> None:
    assert words in reason(error, STORAGE)


def test_a_service_that_is_not_there_or_silent_is_said_so() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(Unreachable, match=f"^No answer from 127.0.0.1:{port} in time.$"):
            ask(port)
    with pytest.raises(Unreachable, match=f"^Nobody answers at 127.0.0.1:{port}.$"):
        ask(port)


def ask(port: int) -> None:
    url = f"http://127.0.0.1:{port}/"
    PoolTransport().send("GET", url, headers={}, body=None, timeout_s=0.2)


def test_an_upload_tells_that_the_storage_is_away_and_back(
    service: FakeService, film: Path
) -> None:
    service.fail("PUT", "/s3/", status=503, times=6)
    run = Run(service, film, rules=replace(QUICK, trouble_s=0))
    assert run.go().outcome == "stored"
    check(run.events, run.told)
    assert run.told(OutOfReach)[0].reason.startswith("the storage answers 503")
    lost = [event for event in run.told(Progress) if not event.in_reach]
    assert {(event.own_rate, event.total_rate, event.eta_s) for event in lost} <= {(0, 0, None)}


def test_an_upload_tells_that_the_board_is_away_and_back(service: FakeService, film: Path) -> None:
    service.fail("POST", "/tickets", status=503, times=9)
    run = Run(service, film)
    assert run.go().outcome == "stored"
    check(run.events, run.told)


@pytest.fixture
def downloads() -> Iterator[DownloadService]:
    with DownloadService(Stored(bytes(100_000))).running() as running:
        assert isinstance(running, DownloadService)
        yield running


def test_a_download_tells_that_the_storage_is_away_and_back(
    downloads: DownloadService, tmp_path: Path
) -> None:
    downloads.spoil(503, times=6)
    fetch = Fetch(downloads, tmp_path / "copy", rules=replace(GETS, trouble_s=0))
    assert fetch.go().outcome == "fetched"
    check(fetch.events, fetch.told)
    lost = [event for event in fetch.told(Fetching) if not event.in_reach]
    assert {(event.rate, event.eta_s) for event in lost} <= {(0, None)}


def check(events: list[Event], told: Callable[[type[Event]], list[Event]]) -> None:
    """First away, then back, each as often."""
    turns = [type(event) for event in events if isinstance(event, OutOfReach | InReach)]
    assert turns and turns == [OutOfReach, InReach] * (len(turns) // 2)
    assert told(Progress if told(Progress) else Fetching)


def test_out_of_reach_there_is_no_speed_and_alone_only_ones_own_counts() -> None:
    mine = client(1, rate=5_000_000, held=[1])
    tally = Tally(PartPlan(100 * PART, PART), upload(parts=100), started=0.0)
    tally.seen(upload(parts=100), [mine])
    alone = tally.progress([], 3_000_000, 1, 60.0)
    assert (alone.own_rate, alone.total_rate, alone.in_reach) == (3_000_000, 3_000_000, True)
    tally.seen(upload(parts=100), [mine, client(2, rate=4_000_000, held=[2])])
    assert tally.progress([], 3_000_000, 1, 60.0).total_rate == 9_000_000
    lost = tally.progress([], 3_000_000, 1, 60.0, in_reach=False)
    assert (lost.own_rate, lost.total_rate, lost.eta_s, lost.in_reach) == (0, 0, None, False)
