"""The file on its way: ``<target>.part-<upload>`` beside its target, until it is whole.

There is no record of what has arrived: none could be trusted after a power loss, when the record
may be on the disk and the bytes not, or the other way round. What counts is what lies there. On
opening, every part that may hold data is hashed and compared with the manifest; a part that matches
is there, however it came, and everything else is fetched. Holes are skipped where the system knows
them, so that a new file costs nothing.

The room for all of it is taken at the start, so a full disk is said before the first byte. The
name bears the upload, so files of several uploads with one name do not meet; what stands there and
cannot be this upload's, because it is longer, is set aside and kept. A lock keeps out a second
process with the same wish.

The file gets its name only when it is whole and flushed to the disk, in one step, and never takes
another file's place unless that was said. A target that appeared meanwhile is left alone; the file
on its way is kept, and the next run has nothing to fetch.

Refused: a temporary folder elsewhere. It is often another disk, and a rename would be a copy.
"""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from manyhands.download import disk
from manyhands.download.content import Content
from manyhands.download.manifest import Manifest
from manyhands.download.names import shortened
from manyhands.errors import DiskFailed, DownloadFailed, TargetBusy, TargetExists, TargetUnusable

ID_LETTERS = 10
_FLAGS = os.O_RDWR | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


def part_path(target: Path, upload: str) -> Path:
    """Where the file is while it is on its way."""
    ending = f".part-{upload[:ID_LETTERS]}"
    return target.with_name(shortened(target.name, 255 - len(ending)) + ending)


class PartFile:
    """A context manager. ``set_aside`` is called with the old and the new path of what was there.

    Raises DiskFull, DiskFailed, TargetUnusable, TargetBusy, as all its methods do.
    """

    def __init__(
        self, path: Path, manifest: Manifest, set_aside: Callable[[Path, Path], None]
    ) -> None:
        self.path, self._manifest, self._size = path, manifest, manifest.plan.size
        try:
            self._make_way(set_aside)
            self.had_parts = path.exists()
            """Whether there was something of an earlier run."""
            self._file = os.open(path, _FLAGS | os.O_CREAT, 0o666)
        except OSError as error:
            raise disk.said(error, path) from error
        try:
            self._prepare()
        except BaseException:
            os.close(self._file)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        file, self._file = self._file, -1
        if file >= 0:
            disk.unlock(file)
            os.close(file)

    def writer(self) -> "Writer":
        """A handle of its own for one thread, which also closes it."""
        return Writer(os.dup(self._file), self.path)

    @property
    def content(self) -> Content:
        """What lies there now."""
        return Content(self._file, self.path, self._manifest)

    def flush(self) -> None:
        """Everything is on the disk when this returns; may take long."""
        try:
            disk.flush(self._file)
        except OSError as error:
            raise disk.said(error, self.path) from error

    def publish(self, target: Path, *, overwrite: bool) -> None:
        """Give the whole file its name, and close it. Raises TargetExists, too."""
        if os.name == "nt":
            self.close()
        try:
            self._rename(target, overwrite)
        except FileExistsError as error:
            raise TargetExists(_appeared(target, self.path)) from error
        except IsADirectoryError as error:
            raise TargetUnusable(_appeared(target, self.path)) from error
        except OSError as error:
            raise disk.said(error, target) from error
        disk.sync_folder(target.parent)
        self.close()

    def _rename(self, target: Path, overwrite: bool) -> None:
        if overwrite:
            self.path.replace(target)
        else:
            disk.move_new(self.path, target)

    def _make_way(self, set_aside: Callable[[Path, Path], None]) -> None:
        """Whatever cannot be this upload's file gets another name."""
        try:
            found = os.lstat(self.path)
        except FileNotFoundError:
            return
        if stat.S_ISREG(found.st_mode) and found.st_size <= self._size and found.st_nlink == 1:
            return
        instead = _free_name(self.path)
        self.path.rename(instead)
        set_aside(self.path, instead)

    def _prepare(self) -> None:
        if not disk.lock(self._file) or not self._still_there():
            raise TargetBusy(f"Another process is fetching this to {self.path} already.")
        try:
            disk.reserve(self._file, self._size, self.path.parent)
        except OSError as error:
            said = disk.said(error, self.path)
            if not self.had_parts:
                self.path.unlink(missing_ok=True)
            elif isinstance(said, DownloadFailed):
                said = said.keeping()
            raise said from error

    def _still_there(self) -> bool:
        """Another process may have finished between our opening and our locking."""
        return self.path.exists() and os.path.samestat(os.fstat(self._file), self.path.stat())


class Writer:
    """For one thread. A handle of its own cannot be closed under a write by another thread."""

    def __init__(self, file: int, path: Path) -> None:
        self._file, self._path = file, path

    def write(self, data: memoryview, offset: int) -> None:
        """Raises DiskFull, DiskFailed."""
        try:
            disk.write_at(self._file, data, offset)
        except OSError as error:
            raise disk.said(error, self._path) from error

    def close(self) -> None:
        os.close(self._file)


def _free_name(path: Path) -> Path:
    for number in range(1, 1000):
        instead = path.with_name(f"{path.name}.old-{number}")
        if not os.path.lexists(instead):
            return instead
    raise DiskFailed(f"Something else stands at {path}. Move it away and try again.")


def _appeared(target: Path, path: Path) -> str:
    return (
        f"Something is at {target} that was not there before, and it was left alone. The whole "
        f"file is at {path}; move one of them away and run the same command again."
    )
