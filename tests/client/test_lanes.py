"""The number of connections, on lines that behave in known ways."""

from collections.abc import Callable

import pytest

from manyhands.engine.lanes import QUIET_S, Lanes

MB = 1_000_000


def drive(lanes: Lanes, rate: Callable[[int], float], seconds: float, start: float = 0.0) -> float:
    """Send at ``rate(lanes)`` bytes a second, all lanes busy; returns the time at the end."""
    now = start
    while now < start + seconds:
        now += 0.25
        lanes.moved(int(rate(lanes.count) * 0.25), now, lanes.count)
    return now


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (lambda n: n * MB, 16),  # each connection is held back: the more the better
        (lambda n: min(n, 6) * MB, 6),  # six fill the line, the last trial brings nothing
        (lambda n: 40 * MB, 4),  # one fills it already
        (lambda n: 40 * MB / n, 4),  # they stand in each other's way
    ],
)
def test_lanes_grow_only_while_that_makes_it_faster(
    rate: Callable[[int], float], expected: int
) -> None:
    lanes = Lanes(4, 16)
    drive(lanes, rate, QUIET_S - 1)
    assert lanes.count == expected


def test_a_line_that_became_longer_is_tried_again_after_a_while() -> None:
    lanes = Lanes(4, 16)
    now = drive(lanes, lambda n: 40 * MB, 10)
    assert lanes.count == 4
    drive(lanes, lambda n: n * MB, 60, now)
    assert lanes.count == 16


def test_failures_halve_the_lanes_down_to_the_fewest() -> None:
    lanes = Lanes(8, 16)
    lanes.failed(0.0)
    assert lanes.count == 4
    for _ in range(5):
        lanes.failed(0.0)
    assert lanes.count == 2
    assert drive(lanes, lambda n: n * MB, QUIET_S - 4) and lanes.count == 2


def test_nothing_is_tried_while_lanes_are_idle() -> None:
    lanes = Lanes(4, 16)
    for tick in range(200):
        lanes.moved(5 * MB, tick * 0.25, busy=3)
    assert lanes.count == 4


def test_a_fixed_number_stays() -> None:
    lanes = Lanes(3, 3)
    drive(lanes, lambda n: n * MB, 60)
    assert lanes.count == 3
    assert Lanes(4, 1).count == 1
