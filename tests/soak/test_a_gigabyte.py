"""A gigabyte, up and down again, by a command line that is killed and cut off, and a browser."""

import os
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.stored import devices
from tests.calls import PART
from tests.lines import town
from tests.system.terminal import Command, Terminal
from tests.visitor import Visitor
from tools.network import Line

SIZE = 1_000_000_000
PARTS = -(-SIZE // PART)
CUT_S = 20.0


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mov"
    with path.open("wb") as file:
        for _ in range(SIZE // 10**6):
            file.write(os.urandom(10**6))
    return path


@pytest.mark.timeout(900)
def test_a_gigabyte_survives_three_kills_and_a_cut_beside_a_browser(
    browser: Browser, film: Path, tmp_path: Path
) -> None:
    with town(tmp_path) as here:
        laptop, phone = here.line(160), here.line(80)
        terminal, visitor = here.terminal(laptop, "ana"), here.browser(phone, browser)
        visitor.sign_in("Ana")
        upload, sent = _upload(terminal, laptop, film, visitor)
        expect(visitor.page.get_by_role("button", name="Download")).to_be_visible(timeout=60_000)
        _check_shares(devices(here.caller("ana"), upload), sent)
        copy = tmp_path / "copy.mov"
        fetched = _download(terminal, laptop, upload, copy)
    assert sorted(fetched) == list(range(1, PARTS + 1)), "each part was fetched once"
    assert copy.read_bytes() == film.read_bytes()


def _check_shares(rows: dict[str, int], sent: list[int]) -> None:
    browser = sum(parts for label, parts in rows.items() if "Chrom" in label)
    print(f"the command line sent {len(sent)} parts, the browser {browser}, of {PARTS}")
    assert len(rows) == 2, "each device has one row, however often it was restarted"
    assert sum(rows.values()) == PARTS
    assert browser > PARTS / 6
    assert len(sent) == len(set(sent)), "no part that was finished was sent again"


def _upload(terminal: Terminal, line: Line, film: Path, visitor: Visitor) -> tuple[str, list[int]]:
    run = terminal.start("upload", str(film), "--group", "film", "--json")
    upload = str(run.until(lambda: run.events("opened"))[0]["upload"])
    visitor.opens(upload)
    visitor.help(film)
    run, sent = _kill_thrice_and_cut(terminal, line, run, "part_sent")
    assert run.code(600) == 0, run.err
    return upload, sent + run.parts("part_sent")


def _download(terminal: Terminal, line: Line, upload: str, copy: Path) -> list[int]:
    run = terminal.start("download", upload, "-o", str(copy), "--json")
    run, fetched = _kill_thrice_and_cut(terminal, line, run, "part_fetched")
    assert not copy.exists(), "nothing stands there that is not whole"
    assert run.code(600) == 0, run.err
    return fetched + run.parts("part_fetched")


def _kill_thrice_and_cut(
    terminal: Terminal, line: Line, run: Command, kind: str
) -> tuple[Command, list[int]]:
    """The run that goes on after it, and the parts that the runs before had finished."""
    finished: list[int] = []
    for _ in range(3):
        run.until(lambda run=run: len(run.parts(kind)) >= 8)
        run.kill()
        finished += run.parts(kind)
        run = terminal.start("resume", "--json")
    run.until(lambda: len(run.parts(kind)) >= 8)
    line.cut()
    time.sleep(CUT_S)
    during = len(run.parts(kind))
    line.mend()
    run.until(lambda: len(run.parts(kind)) > during)
    return run, finished
