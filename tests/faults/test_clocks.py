"""A device's clock may be a day wrong: the servers sign, and they alone decide what is late."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.stored import find, is_stored
from tests.calls import Caller
from tests.faults.conftest import Behind
from tests.system.terminal import Terminal
from tests.visitor import visiting

Make = Callable[[float], Path]
DAY_S = 86_400

IN_PYTHON = """import time
_right, _right_ns = time.time, time.time_ns
time.time = lambda: _right() + {shift}
time.time_ns = lambda: _right_ns() + {shift} * 10**9
"""
IN_BROWSER = """const Right = Date;
globalThis.Date = class extends Right {
  constructor(...given) {
    super(...(given.length ? given : [Right.now() + SHIFT]));
  }
  static now() {
    return Right.now() + SHIFT;
  }
};
"""


@pytest.mark.parametrize("shift", [DAY_S, -DAY_S], ids=["ahead", "behind"])
def test_a_command_line_whose_clock_is_a_day_wrong_uploads_and_downloads(
    behind: Behind,
    ana: Caller,
    a_file: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    shift: int,
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(IN_PYTHON.format(shift=shift))
    before = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "site"), before]))
    terminal, film = Terminal(behind.url, "ana", tmp_path / "home"), a_file(3)
    run = terminal.run("upload", str(film), "--group", "film", "--json")
    upload = str(run.events("ended")[0]["upload"])
    assert is_stored(ana, upload, film)
    terminal.run("download", upload, "-o", str(tmp_path / "copy.mov"))
    assert (tmp_path / "copy.mov").read_bytes() == film.read_bytes()


@pytest.mark.parametrize("shift", [DAY_S, -DAY_S], ids=["ahead", "behind"])
def test_a_browser_whose_clock_is_a_day_wrong_uploads(
    browser: Browser, behind: Behind, ana: Caller, a_file: Make, shift: int
) -> None:
    film = a_file(3)
    with visiting(browser, behind.url) as visit:
        visitor = visit()
        visitor.page.add_init_script(IN_BROWSER.replace("SHIFT", str(shift * 1000)))
        visitor.sign_in("Ana")
        visitor.upload(film)
        visitor.shows(film.name, "stored")
        assert is_stored(ana, find(ana, "film", film.name), film)
