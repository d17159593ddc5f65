"""The measured rate."""

import pytest

from manyhands.engine.rate import RateMeter


def test_nothing_is_said_before_a_part_was_confirmed_or_a_second_passed() -> None:
    meter = RateMeter()
    meter.add(0, 0.0, busy=True)
    meter.add(500, 0.5, busy=True)
    assert meter.rate == 0
    meter.confirm()
    assert meter.rate == 1000


def test_a_steady_line_has_its_rate_from_the_start() -> None:
    meter = RateMeter()
    for tick in range(50):
        meter.add(100 if tick else 0, tick * 0.1, busy=True)
        if tick > 10:
            assert meter.rate == pytest.approx(1000, rel=0.01)


def test_a_line_that_becomes_slow_is_noticed_within_seconds() -> None:
    meter = RateMeter()
    for tick in range(100):
        meter.add(1000 if tick < 50 else 10, tick * 0.2, busy=True)
    assert meter.rate < 300


def test_waiting_for_tickets_is_not_slowness() -> None:
    meter = RateMeter()
    meter.add(0, 0.0, busy=True)
    meter.add(2000, 2.0, busy=True)
    meter.add(0, 60.0, busy=False)
    assert meter.rate == 1000
