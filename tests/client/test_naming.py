"""Which files are meant: what cannot be read is named and counted, and the others go up."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.client.commands import Command
from tests.client.fake_download import ID

Close = Callable[[Path], None]


@pytest.fixture
def close(monkeypatch: pytest.MonkeyPatch) -> Close:
    """Folders and files that cannot be read, also by root, to whom nothing is closed."""
    closed, scandir, access, opened = set[str](), os.scandir, os.access, Path.open

    def guarded(path: str) -> Iterator[os.DirEntry[str]]:
        if os.fspath(path) in closed:
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scandir(path)

    def opening(path: Path, *how: Any, **also: Any) -> Any:
        if str(path) in closed:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *how, **also)

    def may(path: Any, mode: int, **also: Any) -> bool:
        return str(path) not in closed and access(path, mode, **also)

    monkeypatch.setattr(os, "scandir", guarded)
    monkeypatch.setattr(os, "access", may)
    monkeypatch.setattr(Path, "open", opening)
    return lambda path: closed.add(str(path))


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """A folder with a file and, in a folder, another."""
    made = tmp_path / "films"
    (made / "inner").mkdir(parents=True)
    (made / "a.mov").write_bytes(b"a")
    (made / "inner" / "b.mov").write_bytes(b"b")
    return made


def stored(member: Command) -> list[object]:
    assert member("list", "--json") == 0
    return sorted(str(event["name"]) for event in member.events)


def test_a_folder_in_a_folder_that_cannot_be_read_is_named_and_not_done(
    member: Command, films: Path, close: Close
) -> None:
    close(films / "inner")
    assert member("upload", "-r", str(films)) == 1
    assert f"{films}/inner cannot be read: Permission denied.\n" in member.err
    assert member.err.endswith("1 done, 1 not.\n")
    assert stored(member) == ["films - a.mov"]


def test_where_nothing_can_be_read_there_is_nothing_to_upload(
    member: Command, films: Path, close: Close
) -> None:
    close(films)
    assert member("upload", "-r", str(films)) == 252
    assert member.err == (
        f"{films} cannot be read: Permission denied.\nThere is no file to upload.\n"
    )


def test_a_link_in_a_folder_is_left_out_and_said(member: Command, films: Path) -> None:
    (films / "link.mov").symlink_to(films / "a.mov")
    (films / "round").symlink_to(films)
    assert member("upload", "-r", str(films)) == 0
    for name in ("link.mov", "round"):
        assert f"Left out, because it is no file: {films / name}\n" in member.err
    assert stored(member) == ["films - a.mov", "films - inner - b.mov"]


@pytest.mark.parametrize("missing", [False, True])
def test_one_of_several_files_that_cannot_be_used_is_said_and_the_others_go_up(
    member: Command, films: Path, close: Close, missing: bool
) -> None:
    good, bad = films / "a.mov", films / "inner" / "b.mov"
    if missing:
        bad.unlink()
    else:
        close(bad)
    assert member("upload", str(bad), str(good)) == 1
    why = f"There is no file {bad}." if missing else f"{bad} cannot be read: Permission denied."
    lines = member.err.splitlines()
    assert (lines[0], lines[-1]) == (why, "1 done, 1 not.")
    assert any(line.startswith("1 of 2: a.mov: Began upload ") for line in lines)
    assert stored(member) == ["a.mov"]


@pytest.mark.parametrize("arguments", [("upload",), ("verify",), ("help-with", ID)])
def test_a_single_file_that_cannot_be_read_is_said_in_a_sentence(
    member: Command, films: Path, close: Close, arguments: tuple[str, ...]
) -> None:
    close(films / "a.mov")
    assert member(*arguments, str(films / "a.mov")) == 252
    assert member.err == f"{films}/a.mov cannot be read: Permission denied.\n"


def test_a_file_in_a_closed_folder_is_said_in_a_sentence(
    member: Command, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(path: Path, **_: Any) -> Any:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as within:
        within.setattr(Path, "stat", closed)
        code = member("verify", str(films / "a.mov"))
    assert (code, member.err) == (252, f"{films}/a.mov cannot be read: Permission denied.\n")
