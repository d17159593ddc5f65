"""Limits by the time of day."""

import pytest

from manyhands.errors import BadRate
from manyhands.net.limiter import LOOK_EVERY_S, Limiter
from manyhands.net.schedule import schedule_of


def at(text: str, hour: int, minute: int = 0) -> int:
    return schedule_of(text).rate_at(hour * 60 + minute)


def test_a_plain_rate_counts_always() -> None:
    assert [at("2M", hour) for hour in (0, 12, 23)] == [2_000_000] * 3
    assert at("", 12) == 0


@pytest.mark.parametrize(
    ("hour", "minute", "rate"),
    [(7, 59, 0), (8, 0, 500_000), (17, 29, 500_000), (17, 30, 0)],
)
def test_a_rate_with_times_counts_within_them(hour: int, minute: int, rate: int) -> None:
    assert at("500k from 8 to 17:30", hour, minute) == rate


def test_entries_with_times_come_before_the_one_without() -> None:
    assert at("2M, 500k from 8 to 18", 12) == at("500k from 8 to 18, 2M", 12) == 500_000
    assert at("2M, 500k from 8 to 18", 20) == 2_000_000


def test_times_may_go_over_midnight() -> None:
    rates = [at("1M from 22 to 6", hour) for hour in (21, 22, 0, 5, 6)]
    assert rates == [0, 10**6, 10**6, 10**6, 0]


BAD = ["fast", "1M from 8", "1M from 8 to 25", "0", "1M from x to y", "2M, 3M", "1M from 8 to 8"]


@pytest.mark.parametrize("bad", BAD)
def test_what_makes_no_sense_is_said(bad: str) -> None:
    with pytest.raises(BadRate):
        schedule_of(bad)


def test_the_limiter_follows_the_clock() -> None:
    minutes = [12 * 60]
    limiter = Limiter(schedule_of("1M from 8 to 18"), lambda: minutes[0])
    assert limiter.reserve(1_000_000, 0.0) == 0.0
    assert limiter.reserve(1_000_000, 0.1) > 0.5
    minutes[0] = 19 * 60
    assert limiter.reserve(1_000_000, 0.2) > 0.5, "looked at only now and then"
    assert limiter.reserve(1_000_000, LOOK_EVERY_S + 1) == 0.0


def test_the_highest_rate_is_known_only_where_one_counts_always() -> None:
    assert schedule_of("2M, 500k from 8 to 18").highest == 2_000_000
    assert schedule_of("500k from 8 to 18").highest == 0
    assert schedule_of("").highest == 0
