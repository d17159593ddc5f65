import pytest

from chalicelib.adapters.system import SystemClock
from chalicelib.ports import Clock
from tests.fakes.clock import FakeClock


@pytest.fixture(params=[SystemClock, FakeClock])
def clock(request: pytest.FixtureRequest) -> Clock:
    made: Clock = request.param()
    return made


def test_time_is_whole_milliseconds_of_this_epoch(clock: Clock) -> None:
    assert isinstance(clock.now(), int)
    assert 1_600_000_000_000 < clock.now() < 4_000_000_000_000


def test_a_pause_is_no_longer_than_asked_for(clock: Clock) -> None:
    before = clock.now()
    clock.pause(50)
    assert 0 <= clock.now() - before < 1_000


def test_pauses_differ_so_that_those_who_clash_come_apart(clock: Clock) -> None:
    assert len({_paused(clock) for _ in range(8)}) > 1


def test_no_pause_at_all_is_allowed(clock: Clock) -> None:
    before = clock.now()
    clock.pause(0)
    assert clock.now() - before < 1_000


def _paused(clock: Clock) -> int:
    before = clock.now()
    clock.pause(40)
    return clock.now() - before
