"""What a person reads."""

import io
import os

import msgspec
import pytest
import rich.console
from hypothesis import given
from hypothesis import strategies as st

from manyhands import words
from manyhands.cli.bars import BarScreen
from manyhands.cli.display import LineScreen
from manyhands.cli.sentences import result
from manyhands.cli.steps import phase, step
from manyhands.events import (
    Ended,
    Hashing,
    InReach,
    Opened,
    OutOfReach,
    Progress,
    Retrying,
    Turned,
)

PROGRESS = Progress(
    bytes_done=500_000_000,
    size=1_400_000_000,
    parts_done=95,
    parts=267,
    own_bytes=1000,
    own_rate=2_400_000,
    total_rate=9_000_000,
    sending=4,
    devices=3,
    eta_s=100.0,
    status="active",
)
ENDED = Ended(
    outcome="stored",
    upload="abc",
    name="film.mov",
    size=1_400_000_000,
    seconds=312.0,
    own_bytes=350_000_000,
    own_parts=67,
    parts=267,
    devices=3,
    checksum="x-267",
)


@given(st.text())
def test_no_text_can_command_a_terminal(text: str) -> None:
    shown = words.harmless(text)
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in shown)
    assert len(shown) <= words.LONGEST


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "M"]), max_size=100))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert words.harmless(text) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (5_242_880, "5.24 MB"), (10**12, "1 TB")],
)
def test_sizes_are_short(count: int, text: str) -> None:
    assert words.size(count) == text


def test_the_result_says_what_how_long_and_whose_share() -> None:
    line = result(ENDED)
    for piece in ("film.mov", "1.4 GB", "5 min", "25 % from here", "3 devices"):
        assert piece in line


def test_plain_lines_come_now_and_then() -> None:
    out, now = io.StringIO(), [0.0]
    lines = LineScreen(out, lambda: now[0]).row(1, "")
    for second in range(25):
        now[0] = float(second)
        lines.show(PROGRESS)
    text = "uploading  500 MB of 1.4 GB  2.4 MB/s from here, 9 MB/s by 3 devices  2 min left"
    assert out.getvalue().splitlines() == [text] * 3


def test_another_device_is_told_soon_but_never_two_lines_within_three_seconds() -> None:
    out, now = io.StringIO(), [0.0]
    lines = LineScreen(out, lambda: now[0]).row(1, "")
    told_at = []
    for second in range(20):
        now[0], before = float(second), len(out.getvalue())
        devices = 1 if second < 5 else 2 + second % 2 * (second > 12)
        lines.show(msgspec.structs.replace(PROGRESS, devices=devices))
        told_at += [second] * (len(out.getvalue()) > before)
    assert told_at == [3, 6, 13, 16, 19]
    assert "by 2 devices" in out.getvalue().splitlines()[1]


@pytest.mark.parametrize("status", ["paused", "assembling", "complete"])
def test_when_all_is_in_or_paused_nobody_is_fast(status: str) -> None:
    found = step(msgspec.structs.replace(PROGRESS, status=status))
    assert found
    assert found.speeds == "—"


def test_what_happens_is_told_at_once() -> None:
    out = io.StringIO()
    lines = LineScreen(out).row(1, "")
    lines.show(Turned(before="active", status="paused"))
    assert "Paused for everybody" in out.getvalue()


def test_out_of_reach_and_back_are_a_line_each_and_retries_none() -> None:
    out, now = io.StringIO(), [0.0]
    lines = LineScreen(out, lambda: now[0]).row(1, "")
    lines.show(OutOfReach(reason="nobody answers"))
    for second in range(60):
        now[0] = float(second)
        lines.show(Retrying(what="part 3", reason="nobody answers", wait_s=0.4))
        lines.show(msgspec.structs.replace(PROGRESS, in_reach=False))
    lines.show(InReach(seconds=60.0))
    assert out.getvalue().splitlines() == [
        "Nothing goes on: nobody answers. What is done so far is kept; trying again …",
        "It goes on, after 60 s.",
    ]


def test_out_of_reach_the_bar_shows_no_speed_and_the_next_progress_does() -> None:
    out = io.StringIO()
    console = rich.console.Console(file=out, force_terminal=True, width=120, color_system=None)
    bar = BarScreen(console).row(1, "")
    bar.show(PROGRESS)
    before = len(out.getvalue())
    bar.show(msgspec.structs.replace(PROGRESS, in_reach=False, own_rate=0, total_rate=0))
    lost = out.getvalue()[before:]
    assert "out of reach" in lost and "500 MB of 1.4 GB  —" in lost
    assert "/s" not in lost
    before = len(out.getvalue())
    bar.show(PROGRESS)
    assert "2.4 MB/s from here" in out.getvalue()[before:]
    bar.end()


def test_the_bar_shows_names_as_they_are_and_leaves_the_terminal_tidy() -> None:
    out = io.StringIO()
    console = rich.console.Console(file=out, force_terminal=True, width=120, color_system=None)
    screen = BarScreen(console)
    bar = screen.row(1, "")
    bar.show(Hashing(bytes_hashed=1, size=2))
    bar.show(
        Opened(
            outcome="created",
            upload="abc",
            name="[bold]x",
            group="[red]g",
            size=1,
            parts=1,
            part_size=1,
            parts_done=0,
            label="l",
        )
    )
    bar.show(PROGRESS)
    bar.end()
    screen.close()
    shown = out.getvalue()
    assert "in group [red]g." in shown
    assert "500 MB of 1.4 GB" in shown
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")


@pytest.mark.parametrize(
    ("status", "sending", "word"),
    [
        ("active", 2, "uploading"),
        ("active", 0, "waiting"),
        ("paused", 1, "paused for everybody"),
        ("assembling", 0, "assembling"),
        ("complete", 0, "stored"),
        ("of the future", 0, "waiting"),
    ],
)
def test_one_word_says_what_is_going_on(status: str, sending: int, word: str) -> None:
    fields = {name: getattr(PROGRESS, name) for name in PROGRESS.__struct_fields__}
    assert phase(Progress(**fields | {"status": status, "sending": sending})) == word


def test_a_name_whose_bytes_are_no_text_can_still_be_sent() -> None:
    name = os.fsdecode(b"caf\xe9.mov")
    assert words.valid(name) == "caf\ufffd.mov"
    assert words.valid("café.mov") == "café.mov"
