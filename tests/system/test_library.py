"""The library's document is a session; here it is run, as it stands, against the whole stack."""

import doctest
import os
from pathlib import Path

import pytest

from local.people import PASSWORD
from local.stack import Options, Stack
from tests.calls import PART

LIBRARY = Path(__file__).resolve().parents[2] / "docs" / "library.md"


def test_the_librarys_document_is_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("Holiday film.mov").write_bytes(os.urandom(2 * PART + 5))
    with Stack(Options(sweep_every_s=3_600)) as stack:
        found = doctest.testfile(
            str(LIBRARY),
            module_relative=False,
            globs={"URL": stack.url, "PASSWORD": PASSWORD},
            encoding="utf-8",
        )
    assert found.attempted > 15
    assert found.failed == 0, capsys.readouterr().out
