"""The one folder of everything that is remembered: where it is, and how files in it are written.

It is the platform's folder for configuration, or ``MANYHANDS_HOME``. A file is replaced as a whole
by a rename, so a reader never sees half of it and a crash leaves the old one. Who changes something
that others may change too holds its lock, which ends with the process, however that ends. Folders
and files are for their owner only.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import platformdirs

from manyhands.errors import StoreUnusable

VARIABLE = "MANYHANDS_HOME"


def home(environment: Mapping[str, str]) -> Path:
    """The folder for what is remembered."""
    chosen = environment.get(VARIABLE)
    return Path(chosen) if chosen else platformdirs.user_config_path("manyhands")


def data(environment: Mapping[str, str]) -> Path:
    """The folder for what is under way: the platform's for data, unless one is named for all."""
    chosen = environment.get(VARIABLE)
    return Path(chosen) if chosen else platformdirs.user_data_path("manyhands")


def write(path: Path, content: bytes) -> None:
    """Replace the file by this, all or nothing. Raises StoreUnusable."""
    with telling(path.parent):
        _make(path.parent)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time, among those that ask for this lock. Raises StoreUnusable."""
    with telling(path.parent):
        _make(path.parent)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def telling(folder: Path) -> Iterator[None]:
    """The system's errors become StoreUnusable."""
    try:
        yield
    except OSError as error:
        raise StoreUnusable(f"{folder} cannot be used: {error.strerror}.") from error


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        """Held until the handle is closed, also by the end of the process."""
        fcntl.flock(handle, fcntl.LOCK_EX)
