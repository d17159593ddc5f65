"""Which files are meant: what cannot be read is named and counted, and the others go up."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.client.commands import Command

Close = Callable[[Path], None]


@pytest.fixture
def close(monkeypatch: pytest.MonkeyPatch) -> Close:
    """Folders that cannot be looked into, also by root, to whom no folder is closed."""
    closed, scandir = set[str](), os.scandir

    def guarded(path: str) -> Iterator[os.DirEntry[str]]:
        if os.fspath(path) in closed:
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
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
