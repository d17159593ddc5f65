"""The limit on the rate, by a clock of the test's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyhands.errors import BadRate
from manyhands.net.limiter import BLOCK, Limiter
from manyhands.net.schedule import rate_of


@given(st.integers(1_000, 10**8), st.lists(st.floats(0, 0.3), min_size=5, max_size=60))
def test_no_more_than_the_limit_leaves_over_any_stretch(rate: int, pauses: list[float]) -> None:
    limiter, now, sent = Limiter(rate), 0.0, 0
    for pause in pauses:
        now += pause + limiter.reserve(limiter.block, now + pause)
        sent += limiter.block
        assert sent <= rate * now + rate / 20 + limiter.block + 1


def test_a_sender_that_is_always_ready_gets_the_whole_limit() -> None:
    limiter, now = Limiter(1_000_000), 0.0
    for _ in range(200):
        now += limiter.reserve(limiter.block, now)
    assert now == pytest.approx(200 * limiter.block / 1_000_000, abs=0.1)


def test_two_connections_share_one_limit() -> None:
    limiter = Limiter(100_000)
    waits = [limiter.reserve(10_000, 0.0) for _ in range(4)]
    assert waits == pytest.approx([0.0, 0.05, 0.15, 0.25])


def test_an_idle_time_is_not_made_up_for_by_a_burst() -> None:
    limiter = Limiter(100_000)
    limiter.reserve(1_000, 0.0)
    assert limiter.reserve(5_000, 1_000.0) == 0.0
    assert limiter.reserve(1, 1_000.0) == pytest.approx(0.0, abs=0.001)
    assert limiter.reserve(1, 1_000.0) > 0.0


def test_blocks_are_small_when_the_limit_is_low_and_large_when_there_is_none() -> None:
    assert Limiter(300_000).block == 15_000
    assert Limiter(100).block == 1_024
    assert Limiter().block == BLOCK
    assert Limiter().reserve(10**9, 0.0) == 0.0


@pytest.mark.parametrize(
    ("text", "rate"),
    [("300K", 300_000), ("2M", 2_000_000), ("1.5M", 1_500_000), ("42", 42), ("1 MB/s", 10**6)],
)
def test_a_rate_is_written_as_people_write_it(text: str, rate: int) -> None:
    assert rate_of(text) == rate


@pytest.mark.parametrize("text", ["", "fast", "-1M", "0", "1X", "1e3", "M"])
def test_what_is_no_rate_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadRate, match="300K"):
        rate_of(text)
