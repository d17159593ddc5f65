"""What the lines could have carried, and how it is told."""

import pytest

from bench.lines_report import Alone, report
from bench.race import Result
from bench.scenes import Change, Scene, Turn, What, changes, ideal_s, seen_from

MIB = 2**20
RATES = {"phone": 1.0 * MIB, "desktop": 3.0 * MIB}


def ideal(*turns: Turn) -> float:
    scene = Scene(name="any", mib=40, turns=turns)
    return ideal_s(scene.mib * MIB, changes(scene, RATES))


def test_steady_lines_need_as_long_as_their_sum_does() -> None:
    assert ideal() == pytest.approx(10)


def test_who_dies_carries_nothing_from_then_on() -> None:
    assert ideal(Turn(0.5, "desktop", What.DIES)) == pytest.approx(5 + 20)


def test_who_crawls_carries_a_hundredth() -> None:
    assert ideal(Turn(0.5, "desktop", What.CRAWLS)) == pytest.approx(5 + 20 / 1.03)


def test_who_joins_late_carries_nothing_before() -> None:
    assert ideal(Turn(0.4, "desktop", What.JOINS)) == pytest.approx(4 + 36 / 4)


def test_a_turn_after_the_end_changes_nothing() -> None:
    assert ideal(Turn(2.0, "desktop", What.DIES)) == pytest.approx(10)


def test_nobody_left_is_no_time_at_all() -> None:
    with pytest.raises(ValueError, match="nobody"):
        ideal_s(10, [Change(0.0, "phone", 1.0), Change(1.0, "phone", 0.0)])


def test_a_clock_that_starts_later_sees_turns_sooner() -> None:
    course = [Change(0.0, "phone", 1.0), Change(5.0, "desktop", 3.0)]
    assert [change.at_s for change in seen_from(course, 2.0)] == [0.0, 3.0]


def _result(efficiency: float, error: str = "") -> Result:
    scene = Scene(name="steady", mib=40)
    return Result(
        scene=scene,
        seconds=10 / efficiency,
        efficiency=efficiency,
        carrying=0.99,
        start_s=0.8,
        end_s=1.2,
        sent=41 * MIB,
        calls=4,
        parts=8,
        error=error,
    )


def test_the_table_tells_the_median_and_what_was_sent_twice() -> None:
    text = report(
        "in a test",
        RATES,
        {"phone": 8, "desktop": 24},
        [_result(0.9), _result(0.8), _result(1)],
        [],
    )
    assert "| steady | 42 | 11.1 | 90.0% | 99.0% | 0.8 | 1.2 | 1.20 × | 2.5% | 0.50 |" in text


def test_who_failed_is_told_with_the_reason() -> None:
    failed = [_result(1.0, error="not stored in time")]
    text = report(
        "in a test", RATES, {"phone": 8, "desktop": 24}, failed, [Alone("s5cmd", MIB, 1.0, "no")]
    )
    assert "not stored in time" in text
    assert "| s5cmd | steady | 1 | – | no |" in text
