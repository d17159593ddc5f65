"""What the views look like: golden texts, and what holds for all of them."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from manyhands import words
from manyhands.board.cells import Cell, State
from manyhands.board.grid import Grid
from manyhands.cli import board_view, device_table, listing, status, ticket_map, views
from tests.client.looks import NOW_MS, client, look, upload
from tests.client.pictures import GOLDEN, GROUPS, PICTURES, UNDER_WAY, path


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_as_it_was(name: str) -> None:
    assert PICTURES[name]() + "\n" == path(name).read_text()


def test_every_golden_text_is_of_a_picture() -> None:
    assert {each.stem for each in GOLDEN.iterdir()} == set(PICTURES)


def drawn(parts: int, width: int, height: int, devices: int) -> list[str]:
    seen = look(
        [client(n, "x" * n, held=[n]) for n in range(1, devices + 1)],
        [1] * (parts // 2),
        parts=parts,
    )
    return views.plain(board_view.picture(seen, width, height, styled=False), width).split("\n")


@settings(deadline=None)
@given(st.integers(1, 10_000), st.integers(40, 200), st.integers(24, 60), st.integers(0, 40))
def test_a_board_fits_every_terminal(parts: int, width: int, height: int, devices: int) -> None:
    lines = drawn(parts, width, height, devices)
    assert len(lines) <= height
    assert max(map(cell_len, lines)) <= width


def rendered(text: Text, **console: object) -> str:
    file = io.StringIO()
    Console(file=file, force_terminal=True, color_system="truecolor", **console).print(text)  # type: ignore[arg-type]
    return file.getvalue()


CELLS = [Cell(State.DONE, 1), Cell(State.HELD, 2), Cell(State.TWICE, 3), Cell(State.OPEN)]


def map_of(cells: list[Cell], *, styled: bool, per: int = 1) -> Text:
    (row,) = ticket_map.rows(cells, Grid(per, 1, 10, 0), styled=styled)
    return row


def test_the_signs_are_letters_and_where_nothing_can_be_reversed_a_2() -> None:
    assert map_of(CELLS, styled=True).plain == "Abc·"
    assert map_of(CELLS, styled=False).plain == "Ab2·"


def test_each_state_has_a_look_of_its_own_and_each_device_a_colour() -> None:
    done, held, twice, open_ = map(ticket_map.style, CELLS)
    assert "bold" in done and " on #" in done
    assert held.startswith("dim #")
    assert twice.startswith("reverse ")
    assert open_ == "dim"
    assert ticket_map.style(Cell(State.DONE, 1)) != ticket_map.style(Cell(State.DONE, 2))


def test_no_color_takes_the_colours_and_leaves_dim_and_reversed() -> None:
    with_colours = rendered(map_of(CELLS, styled=True))
    without = rendered(map_of(CELLS, styled=True), no_color=True)
    assert "38;2;" in with_colours and "48;2;" in with_colours
    assert "38;2;" not in without and "48;2;" not in without
    assert "\x1b[2m" in without
    assert "7m" in without


def test_the_legend_says_when_a_sign_is_several_parts() -> None:
    one = ticket_map.legend(CELLS, Grid(1, 1, 10, 0), 200, styled=False)
    several = ticket_map.legend(CELLS, Grid(3, 1, 10, 0), 200, styled=False)
    assert one[0].plain == (
        "A stored (1)   b on its way (1)   2 sent by two, to end sooner (1)   · open (1)"
    )
    assert several[0].plain == (
        "Each sign is 3 parts.   2 some sent by two   · none begun   1 of 4 parts are stored."
    )


def test_the_legends_letters_are_some_that_stand_in_the_map() -> None:
    many = [Cell(State.DONE, number) for number in (5, 2, 9, 2, 7)] + [Cell(State.HELD, 3)]
    (line,) = ticket_map.legend(many, Grid(1, 1, 10, 0), 200, styled=False)
    assert line.plain == "B E G stored (5)   c on its way (1)"


def test_a_row_begins_with_its_first_part() -> None:
    lines = ticket_map.rows([Cell(State.OPEN)] * 50, Grid(2, 1, 10, 4), styled=False)
    assert [line.plain for line in lines] == [" 1  ··········", "21  ··········", "41  ·····"]


def test_those_at_work_are_shown_first_when_there_is_no_room() -> None:
    seen = look(
        [client(1, alive=False), client(2), client(3, seen_s=40.0), client(4)], [1, 1, 1, 3, 4]
    )
    assert [c.number for c in device_table.foremost(seen, 2)] == [2, 4]
    assert [c.number for c in device_table.foremost(seen, 3)] == [1, 2, 4]
    assert [line.plain for line in device_table.unseen(seen, 3)] == ["and 1 more device"]
    assert device_table.unseen(seen, 4) == []


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([], ""),
        ([4], "4"),
        ([3, 1, 2], "1–3"),
        ([1, 2, 5, 9], "1–2, 5, 9"),
        ([1, 3, 5, 7], "1, 3, 5, …"),
    ],
)
def test_numbers_in_short(numbers: list[int], text: str) -> None:
    assert views.ranges(numbers) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (4.9, "now"),
        (5, "5 s ago"),
        (59.9, "59 s ago"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (7200, "2 h ago"),
        (86_400, "1 day ago"),
        (200_000, "2 days ago"),
        (-3, "now"),
    ],
)
def test_how_long_ago(seconds: float, text: str) -> None:
    assert words.ago(seconds) == text


def test_nothing_is_100_percent_before_all_is_there() -> None:
    assert views.percent(0.9999) == "99 %"
    assert views.percent(1.0) == "100 %"


def test_a_line_says_how_far_how_fast_and_how_long() -> None:
    line = "uploading  48 %, 105 MB of 215 MB, 24.4 MB/s from 3 devices, about 5 s left"
    assert views.figures(UNDER_WAY) == line


def test_the_lines_of_a_change() -> None:
    before = look([client(1)], [1], parts=4)
    after = look(
        [client(1), client(2, "pho\x1bne", person="ben")], [1, 2], parts=4, status="paused"
    )
    assert list(status.as_lines(before, after)) == [
        "pho�ne (ben) takes part.",
        "paused for everybody  50 %, 10.5 MB of 21 MB",
    ]
    assert list(status.as_lines(before, look([client(1, alive=False)], [1], parts=4))) == [
        "laptop (ana) is gone."
    ]


def test_no_terminal_gets_whole_names(tmp_path: Path) -> None:
    name = "a name that is longer than any column would be.mov"
    found = listing.Listed([upload(name=name)], False, GROUPS)
    assert name in views.plain(listing.table(found, NOW_MS, 10_000), 10_000)
