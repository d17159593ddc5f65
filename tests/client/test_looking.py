"""Watching an upload: until it is over, through bad moments, and until somebody has seen enough."""

import io
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console

from manyhands.account.auth import StoredSession
from manyhands.board.look import Look
from manyhands.cli import looking, showing
from manyhands.errors import Refused
from manyhands.net.api import Api
from manyhands.net.transport import PoolTransport
from tests.client.fake_board import PART, FakeBoard
from tests.client.fake_service import FakeService
from tests.client.looks import client, look
from tests.client.runs import api_of, signed_in


@pytest.fixture
def board(service: FakeService) -> FakeBoard:
    """Of five parts, two of them done, none of them ours."""
    known = ["VEXD55QPek8dljf58Vid+QsL0OjbdGF3HoEHwygA1BU="] * 5
    service.boards["u1"] = FakeBoard("u1", "film", "film.mov", 5 * PART, PART, known)
    service.boards["u1"].status = "active"
    service.boards["u1"].labels = {"c1": "the studio"}
    service.boards["u1"].done = {1: "c1", 2: "c1"}
    return service.boards["u1"]


class Time:
    """A clock that goes on only by sleeping; ``then`` are what happens at each sleep."""

    def __init__(self, *then: Callable[[], object]) -> None:
        self.now, self.slept, self._then = 0.0, list[float](), iter(then)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        next(self._then)()

    def clock(self) -> float:
        return self.now


def watched(api: Api, time: Time) -> Iterator[Look]:
    return looking.looks(api, "u1", time.sleep, time.clock)


def test_it_looks_until_the_upload_is_over(
    service: FakeService, board: FakeBoard, tmp_path: Path
) -> None:
    def turned(status: str) -> Callable[[], None]:
        return lambda: setattr(board, "status", status)

    clock = Time(turned("paused"), turned("active"), turned("complete"))
    seen = list(watched(api_of(service, tmp_path), clock))
    assert [each.upload.status for each in seen] == ["active", "paused", "active", "complete"]
    assert clock.slept == [1, 3, 1]


def test_a_moment_without_an_answer_shows_what_was_known_and_since_when(
    service: FakeService, board: FakeBoard, tmp_path: Path
) -> None:
    def nothing() -> None:
        """Time passes."""

    service.fail("GET", "/uploads/u1", times=0)
    fault = service.faults[0]

    def away() -> None:
        fault.times, fault.status = 1, 503

    def portal() -> None:
        fault.times, fault.status, fault.body = 1, 200, b"<html>"

    def back() -> None:
        board.status = "complete"

    clock = Time(away, portal, away, nothing, back)
    seen = list(watched(api_of(service, tmp_path), clock))
    assert [each.age_s for each in seen] == [0, 1, 2, 3, 0, 0]
    assert seen[3].reply == seen[0].reply
    assert seen[3].now_ms == seen[0].now_ms + 3000
    assert seen[-1].upload.status == "complete"


def test_the_first_look_fails_like_any_call(service: FakeService, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        next(watched(api_of(service, tmp_path), Time()))


def test_what_another_try_does_not_mend_ends_it(
    service: FakeService, board: FakeBoard, tmp_path: Path
) -> None:
    seen = watched(api_of(service, tmp_path), Time(service.boards.clear))
    next(seen)
    with pytest.raises(Refused, match="no_such_upload"):
        next(seen)


@pytest.mark.parametrize(
    ("status", "code"),
    [("complete", 0), ("failed", 1), ("cancelled", 1), ("expired", 1), ("deleted", 1)],
)
def test_the_exit_code_says_how_it_ended(status: str, code: int) -> None:
    shown: list[Look] = []
    assert looking.follow(iter([look(), look(status=status)]), shown.append) == code
    assert len(shown) == 2


def test_the_services_clock_counts_and_not_ours(service: FakeService, tmp_path: Path) -> None:
    transport = PoolTransport()
    session = StoredSession(signed_in(service, tmp_path), transport)
    yesterday = time.time() - 86_400
    wrong = Api(f"{service.url}/api", session, transport, clock=lambda: yesterday)
    assert wrong.now_ms() < (time.time() - 80_000) * 1000
    wrong.me()
    assert abs(wrong.now_ms() - time.time() * 1000) < 5000


def told(*looks: Look) -> list[str]:
    console = Console(file=io.StringIO(), width=60, color_system=None)
    tell = showing.Told(console, lambda each, _: f"picture of {each.upload.name}")
    for each in looks:
        tell(each)
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined, no-any-return]


def test_without_a_screen_the_picture_comes_once_and_then_a_line_for_each_change() -> None:
    laptop, phone = client(1, rate=0), client(2, "phone [red]", rate=0)
    before = look([laptop], [1], parts=4, name="[bold]x")
    after = look([laptop, phone], [1, 2], parts=4, name="[bold]x")
    lines = told(before, before, after, after)
    assert lines[1:] == ["phone [red] (ana) takes part.", "uploading  50 %, 10.5 MB of 21 MB"]


def test_json_has_a_line_for_each_change_and_none_for_time() -> None:
    out = io.StringIO()
    show = showing.Json(out)
    for each in (look([client(1)]), look([client(1, seen_s=9)]), look([client(1)], [1])):
        show(each)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["parts_done"] for line in lines] == [0, 1]
    assert lines[1]["clients"][0]["parts"] == 1


def command(service: FakeService, folder: Path, *arguments: str) -> list[str]:
    signed_in(service, folder)
    return [sys.executable, "-m", "manyhands", *arguments]


def environment(folder: Path, **more: str) -> dict[str, str]:
    return os.environ | {"MANYHANDS_HOME": str(folder / "home"), "TERM": "xterm-256color"} | more


class Terminal:
    """A command in a terminal of its own; ``text`` is all that came so far."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        self._side, other = pty.openpty()
        self.process = subprocess.Popen(
            arguments, env=environment, stdin=other, stdout=other, stderr=other
        )
        os.close(other)
        self.text = ""

    def read_until(self, wanted: str) -> None:
        deadline = time.monotonic() + 15
        while wanted not in self.text:
            assert time.monotonic() < deadline, self.text
            self._read(0.1)

    def ended(self) -> int:
        """Its exit code. Read on meanwhile: who fills a terminal that nobody reads cannot end."""
        deadline = time.monotonic() + 15
        while self.process.poll() is None:
            assert time.monotonic() < deadline, self.text
            self._read(0.1)
        while self._read(0.1):
            pass
        os.close(self._side)
        return self.process.returncode

    def _read(self, wait_s: float) -> bool:
        if not select.select([self._side], [], [], wait_s)[0]:
            return False
        try:
            read = os.read(self._side, 65536).decode(errors="replace")
        except OSError:  # how Linux says that the other side is closed
            return False
        self.text += read
        return bool(read)


def test_the_board_is_drawn_live_until_it_is_over_and_its_last_picture_stays(
    service: FakeService, board: FakeBoard, tmp_path: Path
) -> None:
    run = command(service, tmp_path, "board", "u1")
    terminal = Terminal(run, environment(tmp_path, COLUMNS="80", LINES="24"))
    terminal.read_until("uploading")
    board.status = "complete"
    assert terminal.ended() == 0
    _, on_the_other_screen, left_behind = terminal.text.rpartition("\x1b[?1049l")
    assert on_the_other_screen
    assert "stored" in left_behind and "the studio" in left_behind
    assert terminal.text.rindex("\x1b[?25h") > terminal.text.rindex("\x1b[?25l")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("arguments", [("board", "u1"), ("status", "u1", "--watch")])
def test_leaving_is_quick_and_leaves_the_terminal_tidy(
    service: FakeService,
    board: FakeBoard,
    tmp_path: Path,
    arguments: tuple[str, ...],
    number: signal.Signals,
) -> None:
    terminal = Terminal(command(service, tmp_path, *arguments), environment(tmp_path))
    terminal.read_until("uploading")
    terminal.process.send_signal(number)
    assert terminal.ended() == 128 + number
    assert "Traceback" not in terminal.text and "Abort" not in terminal.text
    assert terminal.text.rindex("\x1b[?25h") > terminal.text.rindex("\x1b[?25l")
    assert terminal.text.count("\x1b[?1049h") == terminal.text.count("\x1b[?1049l")


def test_no_color_is_respected(service: FakeService, board: FakeBoard, tmp_path: Path) -> None:
    board.held = {"c1": [3]}
    once = command(service, tmp_path, "board", "u1", "--once")
    colourful = Terminal(once, environment(tmp_path, NO_COLOR=""))
    assert colourful.ended() == 0
    assert re.search(r"\x1b\[[0-9;]*48;", colourful.text)
    plain = Terminal(once, environment(tmp_path, NO_COLOR="1"))
    assert plain.ended() == 0
    assert not re.search(r"\x1b\[[0-9;]*[34]8;", plain.text)
    assert re.search(r"\x1b\[2m +a", plain.text)


def test_a_watched_status_in_json_ends_with_the_upload(
    service: FakeService, board: FakeBoard, tmp_path: Path
) -> None:
    run = command(service, tmp_path, "status", "u1", "--watch", "--json")
    process = subprocess.Popen(run, env=environment(tmp_path), stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert json.loads(process.stdout.readline())["status"] == "active"
    board.status = "cancelled"
    rest = process.communicate(timeout=15)[0].splitlines()
    assert [json.loads(line)["status"] for line in rest] == ["cancelled"]
    assert process.returncode == 1


def test_ctrl_c_while_a_file_is_read_is_130(service: FakeService, tmp_path: Path) -> None:
    huge = tmp_path / "huge"
    with huge.open("wb") as stream:
        stream.truncate(10**10)
    terminal = Terminal(command(service, tmp_path, "verify", str(huge)), environment(tmp_path))
    terminal.read_until(" of 10 GB")
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.ended() == 130
    assert "Traceback" not in terminal.text
    assert terminal.text.rindex("\x1b[?25h") > terminal.text.rindex("\x1b[?25l")


def test_a_dumb_terminal_is_told_and_not_drawn(
    service: FakeService, board: FakeBoard, tmp_path: Path
) -> None:
    run = command(service, tmp_path, "board", "u1")
    terminal = Terminal(run, environment(tmp_path, TERM="dumb"))
    assert terminal.ended() == 0
    assert "\x1b" not in terminal.text
    assert "uploading" in terminal.text
