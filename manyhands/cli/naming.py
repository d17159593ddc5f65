"""Which files are meant, and under which names they are stored."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import typer

from manyhands import words
from manyhands.errors import BadInput, ManyhandsError, NotAFile
from manyhands.files.reader import FileIdentity, identify

BETWEEN_FOLDERS = " - "
"""A stored name holds no slashes; the page names files from folders in the same way."""


def named(files: list[Path], *, recursive: bool, name: str) -> tuple[list[tuple[Path, str]], int]:
    """Each file with the name to store it under, "" for its own; and how many were left out.

    Raises NoSuchFile, NotAFile, Unreadable if there is but one, BadInput if none is left.
    """
    if name and (len(files) > 1 or _is_folder(files[0])):
        raise BadInput("--name is for one file. Several keep their own names.")
    found: list[tuple[Path, str]] = []
    left_out = 0
    for path in files:
        if recursive and _is_folder(path):
            within, closed = _within(path)
            found += within
            left_out += closed
        elif _is_good(path, alone=len(files) == 1):
            found.append((path, name))
        else:
            left_out += 1
    if not found:
        raise BadInput("There is no file to upload.")
    return found, left_out


def insist_on_file(path: Path, instead: str) -> FileIdentity:
    """For a command that takes one file and no folder; ``instead``: how to name one in it.

    Raises NotAFile, and as ``identify``.
    """
    if _is_folder(path):
        raise NotAFile(f"{path} is a folder. Please name the file in it: «{instead}».")
    return identify(path)


def _within(folder: Path) -> tuple[list[tuple[Path, str]], int]:
    """The files in it as ``named`` has them, and how many places in it cannot be looked at."""
    found: list[tuple[Path, str]] = []
    closed: list[OSError] = []
    for path in sorted(_entries(folder, closed.append)):
        try:
            mode = path.lstat().st_mode
        except OSError as error:
            closed.append(error)
            continue
        if stat.S_ISREG(mode):
            parts = (folder.absolute().name, *path.relative_to(folder).parts)
            found.append((path, BETWEEN_FOLDERS.join(parts)))
        elif not stat.S_ISDIR(mode):
            typer.echo(f"Left out, because it is no file: {words.harmless(str(path))}", err=True)
    for each in closed:
        where = words.harmless(str(each.filename), 1000)
        typer.echo(f"{where} cannot be read: {each.strerror}.", err=True)
    return found, len(closed)


def _entries(folder: Path, closed: Callable[[OSError], None]) -> Iterator[Path]:
    """All that is in it and in its folders; ``rglob`` would pass over a closed one in silence."""
    for within, folders, files in os.walk(folder, onerror=closed):
        yield from (Path(within, name) for name in (*folders, *files))


def _is_good(path: Path, *, alone: bool) -> bool:
    """Among several, one that cannot be read is said and left out."""
    try:
        identify(path)
    except ManyhandsError as error:
        if alone:
            raise
        typer.echo(words.harmless(error.message, 1000), err=True)
        return False
    return True


def _is_folder(path: Path) -> bool:
    """Not, as far as can be told, if it lies in a closed folder; ``is_dir`` would raise."""
    try:
        return path.is_dir()
    except OSError:
        return False
