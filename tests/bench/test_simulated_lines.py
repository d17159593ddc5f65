"""The simulation: its parts by what they must do, and short runs of fixed seeds."""

import math
from random import Random

import pytest

from bench.scenes import Change
from bench.simulated.clock import Clock
from bench.simulated.fleets import LOSSY, STEADY, THREE, TURNS, TWO, Fleet, course
from bench.simulated.line import Line
from bench.simulated.rivals import best_alone_s, equal_split_s, split_s
from bench.simulated.run import AS_IT_IS, Setting, run
from bench.simulated.table import Row, table, twice
from bench.simulated_lines import row_of, varied

MIB = 2**20
SMALL, MEDIUM = 64, 256
EVERYTHING = (STEADY, *TURNS, LOSSY)


def test_deeds_happen_in_the_order_of_their_moments_and_none_after_the_end() -> None:
    clock, done = Clock(), []
    clock.at(2.0, lambda: done.append((clock.now, "second")))
    clock.at(1.0, lambda: clock.after(0.5, lambda: done.append((clock.now, "first"))))
    clock.at(9.0, lambda: done.append((clock.now, "never")))
    clock.run(8.0)
    assert done == [(1.5, "first"), (2.0, "second")]


def test_a_line_carries_its_rate_however_many_puts_share_it() -> None:
    clock, ended = Clock(), []
    line = Line(clock, Random(1), set())
    line.carry(100.0)
    for part in (1, 2, 3):
        line.put(part, 1_000, lambda well, part=part: ended.append((part, well)))  # type: ignore[misc]
    clock.run(29.0)
    assert line.moved() in (2_899, 2_900)
    clock.run(40.0)
    assert sorted(ended) == [(1, True), (2, True), (3, True)]
    assert round(line.sent) == 3_000


def test_what_a_stopped_put_had_sent_was_sent_and_its_part_is_not_there() -> None:
    clock, ended = Clock(), []
    line = Line(clock, Random(1), set())
    line.carry(100.0)
    line.put(1, 1_000, ended.append)
    clock.at(4.0, lambda: line.stop(1))
    clock.run(60.0)
    assert (ended, round(line.sent)) == ([False], 400)


def test_after_a_line_was_cut_nothing_is_heard_of_it() -> None:
    clock, ended = Clock(), []
    line = Line(clock, Random(1), set())
    line.carry(100.0)
    line.put(1, 100, ended.append)
    clock.at(0.5, line.cut)
    clock.run(60.0)
    assert ended == []


def test_rivals_are_given_all_that_nobody_has() -> None:
    steady = [Change(0.0, "slow", 1.0), Change(0.0, "fast", 3.0)]
    dies = [*steady, Change(10.0, "fast", 0.0)]
    rates = {"slow": 1.0, "fast": 3.0}
    assert best_alone_s(120, steady) == 40.0
    assert split_s(120, rates, steady) == 30.0
    assert equal_split_s(120, steady) == 60.0
    assert split_s(120, rates, dies) == math.inf
    assert best_alone_s(120, dies) == 120.0


def test_a_line_with_loss_is_the_middle_one_and_never_the_same_for_long() -> None:
    lossy = [c for c in course(THREE, LOSSY, 256, 1) if c.at_s > 0]
    assert {change.device for change in lossy} == {"device 2"}
    assert len({change.rate for change in lossy}) == len(lossy) > 10


@pytest.mark.parametrize("what", EVERYTHING)
@pytest.mark.parametrize("seed", range(3))
def test_every_file_is_stored_sooner_than_by_the_best_line_alone(what: str, seed: int) -> None:
    lines = course(THREE, what, MEDIUM, seed)
    found = run(MEDIUM * MIB, lines, seed)
    assert found.ideal_s <= found.sending_s <= found.seconds < math.inf
    assert found.sending_s < best_alone_s(MEDIUM * MIB, lines)
    assert found.sent >= found.size - 1


def test_a_gibibyte_meets_its_targets() -> None:
    """97 % of the lines, 95 % where the fastest falls to 1 %; no more than 0.35 calls a part."""
    steady, crawls, dies = (
        run(1024 * MIB, course(THREE, what, 1024, 1), 1)
        for what in (STEADY, "the fastest falls to 1 % at 35 %", "the fastest dies at 35 %")
    )
    assert steady.sending_ideal_s / steady.sending_s > 0.97
    assert steady.calls / steady.parts <= 0.35
    assert crawls.sending_ideal_s / crawls.sending_s > 0.95
    assert dies.sending_ideal_s / dies.sending_s > 0.95
    assert max(map(twice, (steady, crawls, dies))) < 0.03


@pytest.mark.parametrize("seed", range(3))
def test_what_a_dead_device_had_sent_is_looked_for_once_and_not_sent_again(seed: int) -> None:
    lines = course(THREE, "the fastest dies at 35 %", MEDIUM, seed)
    looking, blind = (run(MEDIUM * MIB, lines, seed, Setting(looking=on)) for on in (True, False))
    assert (looking.listings, blind.listings) == (1, 0)
    assert twice(looking) < twice(blind) / 2


def test_nobody_is_looked_after_where_nobody_dies() -> None:
    assert run(MEDIUM * MIB, course(THREE, STEADY, MEDIUM, 1), 1).listings == 0


def test_the_storage_has_what_has_left_though_its_answer_is_never_heard() -> None:
    clock, stored = Clock(), set[int]()
    line = Line(clock, Random(1), stored)
    line.carry(100.0)
    line.put(1, 100, lambda well: None)
    line.put(2, 1_000, lambda well: None)
    clock.at(5.0, line.cut)
    clock.run(60.0)
    assert stored == {1}


def test_without_rescue_a_line_that_falls_holds_up_the_file() -> None:
    lines = course(THREE, "the fastest falls to 1 % at 35 %", 256, 1)
    plain = run(256 * MIB, lines, 1, Setting(rescuing=False))
    assert plain.sending_s > 5 * run(256 * MIB, lines, 1).sending_s


def test_the_same_seed_is_the_same_run() -> None:
    lines = course(TWO, STEADY, SMALL, 5)
    assert run(SMALL * MIB, lines, 5) == run(SMALL * MIB, lines, 5)
    assert run(SMALL * MIB, lines, 5) != run(SMALL * MIB, lines, 6)


def test_what_was_never_stored_stands_so_in_the_table() -> None:
    row = row_of(THREE, "the fastest dies at 35 %", SMALL, (1,))
    cells = [cell.strip() for cell in table([row]).splitlines()[-1].strip("|").split("|")]
    assert (cells[2], cells[9], cells[10]) == ("64 MiB", "never", "never")
    assert cells[5].endswith("%")


def test_a_rule_may_be_varied_and_an_unknown_one_is_refused() -> None:
    setting = varied(["board.hold_ms=5000", "engine.spare_s=2.5"])
    assert (setting.board.hold_ms, setting.engine.spare_s) == (5000, 2.5)
    assert varied([]) == AS_IT_IS
    for unknown in ("board.nonsense=1", "nowhere.RISK=1", "pace=1"):
        with pytest.raises(SystemExit, match="there is no"):
            varied([unknown])


def test_a_row_has_a_run_for_each_seed() -> None:
    row: Row = row_of(Fleet("one", {"a": 5e6}), STEADY, SMALL, range(2))
    assert len(row.runs) == len(row.plain) == len(row.split_s) == 2
