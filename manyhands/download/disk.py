"""What systems do differently with files, and what their refusals mean to a person.

| | where there is one | elsewhere |
|---|---|---|
| room for all at once | ``posix_fallocate`` | look at the free space, set the length |
| where data lies | ``SEEK_DATA``, ``SEEK_HOLE`` | everywhere |
| bytes at a place | ``pwrite``, ``pread`` | seek and write under a lock |
| a name that takes no other's place | ``link``, then ``unlink`` | reserve the name, then replace |
| one process at a time | ``flock`` | ``msvcrt.locking`` |

The last resort for names leaves an empty file if the machine dies between the two steps; the file
on its way is whole then, and still there.
"""

import contextlib
import errno
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from manyhands.errors import DiskFailed, DiskFull, ManyhandsError, TargetUnusable

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

AGAIN = "run the same command again"
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_CANNOT = frozenset({errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS, errno.ENODEV})
_NO_LINKS = frozenset({errno.EPERM, errno.EMLINK, *_CANNOT})
_LOCKED = frozenset({errno.EAGAIN, errno.EACCES, errno.EDEADLK})
_SEEKING = threading.Lock()


def said(error: OSError, path: Path) -> ManyhandsError:
    """What an error of the disk at ``path`` means, and what to do."""
    if error.errno in _NO_ROOM:
        return DiskFull(f"There is not enough room in {path.parent}. Free some, and {AGAIN}.")
    if error.errno == errno.EFBIG:
        return DiskFull(f"{path.parent} takes no file this large. Choose another folder.")
    reason = error.strerror or str(error)
    if error.errno in _NOT_ALLOWED:
        return TargetUnusable(f"{path} cannot be written: {reason}. Choose another folder.")
    return DiskFailed(f"{path} cannot be written or read: {reason}. Mend that, and {AGAIN}.")


def reserve(file: int, size: int, folder: Path) -> None:
    """Take room for the whole file and give it its length. Raises OSError if it is too little."""
    if not size or _allocated(file, size):
        return
    found = os.fstat(file)
    taken = getattr(found, "st_blocks", 0) * 512
    if shutil.disk_usage(folder).free < size - taken:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if found.st_size < size:
        os.truncate(file, size)


def _allocated(file: int, size: int) -> bool:
    if not hasattr(os, "posix_fallocate"):
        return False
    try:
        os.posix_fallocate(file, 0, size)
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
        return False
    return True


def data_ranges(file: int, size: int) -> Iterator[range]:
    """The places that may hold data, in order; all of them where the system cannot tell."""
    if not hasattr(os, "SEEK_DATA"):
        yield range(size)
        return
    end = 0
    while end < size:
        try:
            start = os.lseek(file, end, os.SEEK_DATA)
            end = os.lseek(file, start, os.SEEK_HOLE)
        except OSError as error:
            if error.errno != errno.ENXIO:  # else: only a hole up to the end
                yield range(end, size)
            return
        yield range(start, end)


def write_at(file: int, data: memoryview, offset: int) -> None:
    """All of it, at its place. Raises OSError."""
    while data:
        count = _write_some(file, data, offset)
        data, offset = data[count:], offset + count


def _write_some(file: int, data: memoryview, offset: int) -> int:
    if hasattr(os, "pwrite"):
        return os.pwrite(file, data, offset)
    with _SEEKING:
        os.lseek(file, offset, os.SEEK_SET)
        return os.write(file, data)


def read_at(file: int, size: int, offset: int) -> bytes:
    """At most ``size`` bytes. Raises OSError."""
    if hasattr(os, "pread"):
        return os.pread(file, size, offset)
    with _SEEKING:
        os.lseek(file, offset, os.SEEK_SET)
        return os.read(file, size)


def flush(file: int) -> None:
    """Everything is on the disk when this returns, also in its own memory. Raises OSError."""
    if sys.platform == "darwin":
        fcntl.fcntl(file, fcntl.F_FULLFSYNC)
    else:
        os.fsync(file)


def lock(file: int) -> bool:
    """Until it is closed or the process dies; False if another process has it."""
    try:
        if sys.platform == "win32":
            os.lseek(file, 0, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _LOCKED  # a file system without locks: nobody can tell
    return True


def unlock(file: int) -> None:
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            os.lseek(file, 0, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_UNLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_UN)


def move_new(source: Path, target: Path) -> None:
    """Rename, never onto another file. Raises FileExistsError, OSError."""
    if os.name == "nt":
        source.rename(target)  # which refuses there what it would overwrite elsewhere
        return
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        source.replace(target)
    else:
        source.unlink()


def sync_folder(folder: Path) -> None:
    """Names, too, are on the disk only then; not every system can say so."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
