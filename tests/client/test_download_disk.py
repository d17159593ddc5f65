"""What a disk refuses, and what is said of it."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from manyhands.download import disk
from manyhands.errors import (
    DiskFailed,
    DiskFull,
    ManyhandsError,
    TargetBusy,
    TargetUnusable,
)
from tests.client.part_files import DATA, opened, there, write

LIMITED = """
import resource, signal, sys
from pathlib import Path
from manyhands.errors import ManyhandsError
from tests.client.part_files import MANIFEST, opened
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
try:
    opened(Path(sys.argv[1]))
except ManyhandsError as error:
    print(type(error).__name__, error.message)
"""


def test_a_disk_that_takes_no_such_file_says_so_at_once_and_keeps_nothing(path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, check=True
    )
    assert told.stdout.startswith("DiskFull"), told
    assert "no file this large" in told.stdout
    assert not path.exists()


def _fails(code: int) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


def test_a_disk_without_room_says_so_before_the_first_byte(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "posix_fallocate", _fails(errno.ENOSPC))
    with pytest.raises(DiskFull, match="not enough room"):
        opened(path)
    assert not path.exists()


def test_a_disk_without_room_keeps_what_an_earlier_run_had(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(path) as file:
        write(file, 1)
    monkeypatch.setattr(os, "posix_fallocate", _fails(errno.ENOSPC))
    with pytest.raises(DiskFull):
        opened(path)
    monkeypatch.undo()
    with opened(path) as file:
        assert there(file) == {1}


def test_where_room_cannot_be_taken_ahead_the_free_space_is_looked_at(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "posix_fallocate", _fails(errno.EOPNOTSUPP))
    opened(path).close()
    path.unlink()
    usage = shutil.disk_usage(path.parent)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: usage._replace(free=len(DATA) - 1))
    with pytest.raises(DiskFull):
        opened(path)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EIO, DiskFailed),
        (errno.EROFS, TargetUnusable),
    ],
)
def test_what_goes_wrong_while_writing_is_said_with_what_to_do(
    path: Path, monkeypatch: pytest.MonkeyPatch, code: int, kind: type[ManyhandsError]
) -> None:
    with opened(path) as file:
        monkeypatch.setattr(os, "pwrite", _fails(code))
        with pytest.raises(kind) as said:
            write(file, 1)
    assert "again" in said.value.message or "another folder" in said.value.message
    assert path.exists()


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_a_folder_that_may_not_be_written_is_said(
    path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(os, "open", _fails(code))
    with pytest.raises(TargetUnusable, match="another folder"):
        opened(path)


def test_no_handle_is_left_open(path: Path) -> None:
    handles = Path(f"/proc/{os.getpid()}/fd")
    if not handles.exists():
        pytest.skip("this system does not list handles")
    with opened(path) as file:
        write(file, 1)
        with pytest.raises(TargetBusy):
            opened(path)
    open_files = {os.path.realpath(handle) for handle in handles.iterdir()}
    assert not any(name.startswith(os.path.realpath(path)) for name in open_files)
