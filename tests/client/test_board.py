"""What the client understands of a board: cells, layout, totals, words, news; by tables."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyhands.board import statuses
from manyhands.board.cells import OPEN, Cell, State, cells, counts, gathered, hue, letter
from manyhands.board.grid import grid
from manyhands.board.look import Look
from manyhands.board.news import Kind, news, same
from manyhands.board.totals import present, share_of, speed, totals
from manyhands.errors import NotUnderstood
from manyhands.parts import PartPlan
from manyhands.upload.tally import Tally
from manyhands.wire import Board
from tests.client.looks import NOW_MS, PART, client, look, tickets, upload

AT_WORK = json.loads((Path(__file__).parents[1] / "wire" / "cases" / "at_work.json").read_text())
TEXTS = Path(__file__).resolve().parents[2] / "frontend" / "texts" / "en.js"


def held(number: int) -> Cell:
    return Cell(State.HELD, number)


def done(number: int) -> Cell:
    return Cell(State.DONE, number)


def twice(number: int) -> Cell:
    return Cell(State.TWICE, number)


def test_a_part_is_done_held_held_twice_or_open() -> None:
    devices = [client(1, held=[2, 3]), client(2, held=[3])]
    assert cells(Board(tickets([2, 0, 0, 0]), devices)) == [done(2), held(1), twice(2), OPEN]


def test_what_is_done_is_done_whoever_still_holds_it() -> None:
    assert cells(Board(tickets([2]), [client(1, held=[1])])) == [done(2)]


def test_a_device_after_the_255th_would_not_fit_and_the_last_one_does() -> None:
    assert cells(Board(tickets([255]), [])) == [done(255)]


def test_tickets_that_are_no_base64_are_not_understood() -> None:
    with pytest.raises(NotUnderstood):
        cells(Board("<html>", []))


@pytest.mark.parametrize(
    ("some", "one"),
    [
        ([done(1), done(2), done(2)], done(2)),
        ([done(1), done(1), OPEN], held(1)),
        ([done(1), held(2), held(2)], held(2)),
        ([done(1), twice(3), OPEN], twice(3)),
        ([OPEN, OPEN, OPEN], OPEN),
        ([OPEN, OPEN, held(4)], held(4)),
    ],
)
def test_several_parts_in_one_cell(some: list[Cell], one: Cell) -> None:
    assert gathered(some, 3) == [one]


def test_the_last_of_the_gathered_cells_may_stand_for_fewer_parts() -> None:
    assert gathered([done(1), OPEN, done(2)], 2) == [held(1), done(2)]


def test_parts_are_counted_by_their_state() -> None:
    assert counts([done(1), done(2), held(1), OPEN]) == {
        State.DONE: 2,
        State.HELD: 1,
        State.OPEN: 1,
    }


def test_neighbouring_devices_have_letters_and_hues_of_their_own() -> None:
    assert [letter(n) for n in (1, 2, 26, 27)] == ["A", "B", "Z", "A"]
    assert len({hue(n) for n in range(1, 7)}) == 6
    assert (hue(1), hue(2), hue(3)) == (190, 328, 105)


@given(st.integers(1, 10_000), st.integers(1, 400), st.integers(1, 100))
def test_every_board_fits_its_room(parts: int, width: int, height: int) -> None:
    laid = grid(parts, width, height)
    assert laid.rows(parts) <= height
    assert laid.margin + laid.columns * laid.width <= max(1, width)
    assert laid.rows(parts) * laid.columns * laid.per >= parts


@pytest.mark.parametrize(
    ("parts", "width", "height", "per", "cell", "columns"),
    [
        (41, 90, 20, 1, 3, 20),
        (41, 30, 20, 1, 3, 8),
        (700, 100, 20, 1, 2, 40),
        (1200, 100, 20, 1, 1, 90),
        (10_000, 100, 20, 6, 1, 90),
        (1, 80, 20, 1, 3, 20),
    ],
)
def test_cells_are_as_large_as_they_fit(
    parts: int, width: int, height: int, per: int, cell: int, columns: int
) -> None:
    laid = grid(parts, width, height)
    assert (laid.per, laid.width, laid.columns) == (per, cell, columns)


def test_only_devices_that_hold_tickets_and_were_seen_lately_are_fast() -> None:
    seen = look(
        [
            client(1, rate=30, held=[1]),
            client(2, rate=20, held=[2], seen_s=29.0),
            client(3, rate=100, held=[]),
            client(4, rate=1000, held=[3], seen_s=31.0),
            client(5, rate=10_000, held=[4], alive=False),
        ],
        size=1000,
        bytes_done=500,
    )
    found = totals(seen)
    assert (found.rate, found.devices, found.eta_s, found.share) == (50, 3, 10.0, 0.5)
    assert totals(seen.later(2.0)).rate == 30


@pytest.mark.parametrize("status", ["paused", "assembling", "complete", "of the future"])
def test_nothing_is_fast_while_no_tickets_are_given(status: str) -> None:
    assert totals(look([client(1, held=[1])], status=status)).rate == 0


def test_a_speed_of_yesterday_is_not_shown() -> None:
    now = look()
    assert speed(client(1, held=[1]), now) == 6_000_000
    assert speed(client(1), now) == 0
    assert speed(client(1, seen_s=40.0, held=[1]), now) == 0
    assert speed(client(1, held=[1]), look(status="complete")) == 0


@pytest.mark.parametrize("case", AT_WORK["cases"], ids=lambda case: case["name"])
def test_who_is_at_work_is_what_the_page_says(case: dict[str, Any]) -> None:
    fields = {"size": 1000, "status": case["status"], "bytes_done": case["bytes_done"]}
    rows = [client(n, **row) for n, row in enumerate(case["clients"], 1)]
    touched_at = AT_WORK["now"] - 1000 * case["touched_s"]
    seen = replace(look(rows, touched_at=touched_at, **fields), now_ms=AT_WORK["now"])
    seen = seen.later(case["age_s"]) if case["age_s"] else seen
    found = totals(seen)
    assert {
        "shown": statuses.shown(
            upload(status=case["status"], touched_at=touched_at), AT_WORK["now"]
        ),
        "devices": found.devices,
        "rate": found.rate,
        "eta_s": found.eta_s,
        "speeds": [speed(each, seen) for each in seen.clients],
    } == {name: case[name] for name in ("shown", "devices", "rate", "eta_s", "speeds")}


def test_a_progress_line_counts_only_who_holds_tickets_and_nobody_in_a_pause() -> None:
    tally = Tally(PartPlan(100 * PART, PART), upload(parts=100), started=0.0)
    rows = [client(1, held=[1], rate=30), client(2, held=[], rate=20), client(3, held=[2], rate=1)]
    tally.seen(upload(parts=100), rows)
    told = tally.progress([], 0, 1, 100.0)
    assert (told.total_rate, told.devices) == (31, 3)
    tally.seen(upload(parts=100, status="paused"), rows)
    told = tally.progress([], 30, 1, 100.0)
    assert (told.own_rate, told.total_rate, told.eta_s) == (0, 0, None)


def test_of_what_is_over_nothing_is_on_its_way() -> None:
    rows = [client(1, held=[2, 3])]
    assert [each.held for each in look(rows).clients] == [[2, 3]]
    over = look(rows, [1], status="complete")
    assert [each.held for each in over.clients] == [[]]
    assert State.HELD not in {cell.state for cell in cells(over.board)}


def test_who_was_just_heard_of_is_at_work() -> None:
    assert present(client(1), age_s=28.5)
    assert not present(client(1), age_s=29.5)


@pytest.mark.parametrize(
    ("size", "bytes_done", "status", "share"),
    [
        (1000, 250, "active", 0.25),
        (0, 0, "active", 0.0),
        (0, 0, "assembling", 0.0),
        (0, 0, "complete", 1.0),
    ],
)
def test_the_share_of_a_file(size: int, bytes_done: int, status: str, share: float) -> None:
    assert share_of(upload(size=size, bytes_done=bytes_done, status=status)) == share


@pytest.mark.parametrize(
    ("status", "quiet_ms", "shown"),
    [
        ("active", 60_000, "active"),
        ("active", 60_001, "idle"),
        ("paused", 99_999, "paused"),
        ("initialized", 99_999, "initialized"),
        ("of the future", 99_999, "of the future"),
    ],
)
def test_an_upload_of_which_nothing_is_heard_for_a_minute_is_idle(
    status: str, quiet_ms: int, shown: str
) -> None:
    assert statuses.shown(upload(status=status, touched_at=NOW_MS - quiet_ms), NOW_MS) == shown


def of_the_page(name: str) -> dict[str, str]:
    """One table of the page's English texts."""
    _, _, after = TEXTS.read_text().partition(f"  {name}: {{\n")
    block = after.partition("\n  },")[0]
    return dict(re.findall(r'^\s+(\w+):\s+"([^"]*)",$', block, re.M))


def test_the_words_are_those_of_the_page() -> None:
    assert dict(statuses.WORDS) == of_the_page("status")
    hints = {status: hint for status, hint in of_the_page("statusHint").items() if hint}
    assert dict(statuses.HINTS) == hints


def test_a_status_of_a_newer_service_is_its_own_word() -> None:
    assert statuses.in_words("of the future") == "of the future"
    assert not statuses.is_over("of the future")


@pytest.mark.parametrize(
    ("status", "over", "well", "again_s"),
    [
        ("initialized", False, False, 3),
        ("active", False, False, 1),
        ("paused", False, False, 3),
        ("assembling", False, False, 1),
        ("complete", True, True, None),
        ("failed", True, False, None),
        ("cancelled", True, False, None),
        ("expired", True, False, None),
        ("deleted", True, False, None),
    ],
)
def test_what_is_over_and_what_is_looked_at_again(
    status: str, over: bool, well: bool, again_s: float | None
) -> None:
    assert statuses.is_over(status) == over
    assert statuses.ended_well(status) == well
    if again_s:
        assert statuses.look_again_s(status) == again_s


def told(before: Look, after: Look) -> list[tuple[Kind, str]]:
    return [(n.kind, n.device.label if n.device else "") for n in news(before, after)]


def test_devices_that_come_and_go_are_news() -> None:
    laptop, phone = client(1), client(2, "phone")
    alone, together = look([laptop]), look([laptop, phone])
    assert told(alone, together) == [(Kind.CAME, "phone")]
    silent = look([laptop, client(2, "phone", seen_s=31.0)])
    assert told(together, silent) == [(Kind.WENT, "phone")]
    assert told(silent, together) == [(Kind.CAME, "phone")]


def test_devices_that_leave_what_is_over_are_no_news() -> None:
    gone = look([client(1, alive=False)], status="complete")
    assert told(look([client(1)]), gone) == [(Kind.MOVED, "")]


def test_each_whole_percent_is_news_and_nothing_in_between() -> None:
    def at(bytes_done: int) -> Look:
        return look(size=100 * PART, bytes_done=bytes_done)

    assert told(at(0), at(PART - 1)) == []
    assert told(at(PART - 1), at(PART)) == [(Kind.MOVED, "")]


def test_a_status_that_turns_is_news_also_to_idle() -> None:
    assert told(look(), look(status="paused")) == [(Kind.MOVED, "")]
    assert told(look(), look(touched_at=NOW_MS - 61_000)) == [(Kind.MOVED, "")]


def test_that_time_passes_is_no_change_and_anything_else_is() -> None:
    before = look([client(1)], [1]).reply
    assert same(before, look([client(1, seen_s=9.0)], [1]).reply)
    assert not same(before, look([client(1, rate=1)], [1]).reply)
    assert not same(before, look([client(1, held=[2])], [1]).reply)
    assert not same(before, look([client(1)], [1, 1]).reply)
    assert not same(before, look([client(1)], [1], status="paused").reply)


def test_a_look_grows_old_by_both_clocks() -> None:
    old = look().later(2.0).later(5.0)
    assert (old.age_s, old.now_ms) == (5.0, NOW_MS + 5000)
