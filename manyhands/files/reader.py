"""Reading the file, and noticing when it is no longer the same.

A file's identity is its size, its time of change, its inode and device, taken once at the start.
It is looked at by path before and after each part is read: a file that was written to, cut,
grown, replaced or removed meanwhile raises FileChanged, and the part counts for nothing. That
catches what a person does; what escapes it (a write that leaves no trace) the storage refuses,
because each URL is bound to the digest of the part.

Bytes go through one reused buffer for each reader, so memory does not grow with the file. Refused:
mmap, because a file that is cut while mapped kills the process.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from manyhands.errors import FileChanged, NoSuchFile, NotAFile, Unreadable

BUFFER = 1024 * 1024
GONE = (
    "The file was moved or removed while it was being uploaded, so nothing more was sent. "
    "What was sent is kept; upload it from where it is now to go on."
)


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """``size`` in bytes, ``mtime_ns`` the time of change."""

    size: int
    mtime_ns: int
    inode: int
    device: int


def identify(path: Path) -> FileIdentity:
    """The identity of a regular, readable file. Raises NoSuchFile, NotAFile, Unreadable."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise NotAFile(f"{path} {_kind(found.st_mode)}.")
        path.open("rb").close()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NoSuchFile(f"There is no file {path}.") from error
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path} cannot be read: {_reason(error)}.") from error
    return _identity(found)


class PartReader:
    """Reads ranges of one file; a context manager, for one thread."""

    def __init__(self, path: Path, identity: FileIdentity, buffer: int = BUFFER) -> None:
        self._path, self._identity = path, identity
        self._buffer = memoryview(bytearray(buffer))
        try:
            self._file = path.open("rb", buffering=0)
        except OSError as error:
            raise FileChanged from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    def blocks(self, offset: int, length: int) -> Iterator[memoryview]:
        """The bytes in blocks, each valid until the next. Raises FileChanged, also at the end."""
        self.check()
        left = length
        self._file.seek(offset)
        while left:
            count = self._fill(min(left, len(self._buffer)))
            left -= count
            yield self._buffer[:count]
        self.check()

    def check(self) -> None:
        """Raises FileChanged if the file at the path is not the one it was."""
        try:
            same = _identity(self._path.stat()) == self._identity
        except FileNotFoundError as error:
            raise FileChanged(GONE) from error
        except OSError as error:
            raise FileChanged from error
        if not same:
            raise FileChanged

    def _fill(self, size: int) -> int:
        try:
            count = self._file.readinto(self._buffer[:size])
        except OSError as error:
            raise FileChanged(f"The file can no longer be read: {_reason(error)}.") from error
        if not count:
            raise FileChanged
        return count


def _identity(found: os.stat_result) -> FileIdentity:
    return FileIdentity(found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev)


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "is a directory; -r uploads the files in it"
    return "is not a regular file"


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
