"""The line of a transfer on a terminal, at every width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from manyhands.cli import progress_line
from manyhands.cli.steps import Step
from manyhands.cli.views import shortened

STEP = Step(
    "uploading", 500, 1000, "2 MB/s from here, 9 MB/s by 3 devices", "9 MB/s", "9 s left", 250
)


@given(st.text(max_size=80), st.integers(60, 200))
def test_it_fits_and_always_says_share_amount_and_time_left(name: str, width: int) -> None:
    said = progress_line.line(name.strip(), STEP, width)
    assert said.cell_len <= width
    for piece in ("50 %", "500 B of 1 kB", "9 s left"):
        assert piece in said.plain


def test_what_matters_least_is_left_out_first_and_the_bar_last() -> None:
    said = [progress_line.line("a" * 30, STEP, width).plain for width in range(160, 44, -1)]
    pieces = ("by 3 devices", "on the way", "9 MB/s", "uploading", "━")
    gone = [next((n for n, line in enumerate(said) if piece not in line), 999) for piece in pieces]
    assert gone == sorted(gone)
    assert gone[-1] < 999


def test_what_is_on_its_way_is_drawn_lighter_behind_what_is_done() -> None:
    assert progress_line.bar_of(STEP, 8).plain == "━━━━──╌╌"


@pytest.mark.parametrize("width", [18, 21, 24])
def test_two_files_of_one_name_differ_in_a_short_name(width: int) -> None:
    one, other = (shortened(f"2 of 6: folder - {n} - 1.jpg", width) for n in ("a", "b"))
    assert len(one) <= width
    assert one != other


@given(st.text(max_size=50), st.integers(4, 30))
def test_a_short_name_fits(text: str, width: int) -> None:
    assert cell_len(shortened(text, width)) <= width
