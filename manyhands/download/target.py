"""Where the file is to be, and what stands there already.

What stands there is never touched unless that was said, with one exception that touches nothing:
a file of the right size is compared with the manifest, because the same command run a second time
should find its own work and not complain of it.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from manyhands.download import disk
from manyhands.download.content import Content
from manyhands.download.manifest import Manifest
from manyhands.download.names import safe_name
from manyhands.errors import TargetExists, TargetUnusable


def path_of(text: str) -> Path | None:
    """What a person wrote, None for nothing. Raises TargetUnusable.

    Who ends it with a slash means a folder, and would not look for a file of that name.
    """
    if os.path.basename(text) in ("", ".", "..") and text and not Path(text).is_dir():  # noqa: PTH119
        raise TargetUnusable(
            f"There is no folder {text}. Please create it first, or name the file."
        )
    return Path(text) if text else None


def place(wanted: Path | None, name: str) -> Path:
    """The target for an upload of this name. Raises TargetUnusable."""
    target = wanted or Path()
    try:
        if target.is_dir():
            target /= safe_name(name)
        if not target.parent.is_dir():
            raise TargetUnusable(f"There is no folder {target.parent}. Please create it first.")
        if target.is_dir():
            raise TargetUnusable(f"{target} is a folder. Choose another name for the file.")
    except (OSError, ValueError) as error:
        raise TargetUnusable(f"{target} cannot be used: {error}.") from error
    return target


@contextlib.contextmanager
def standing(target: Path, manifest: Manifest) -> Iterator[Content | None]:
    """The content of a file at the target that may be the wanted one; None if there is none."""
    try:
        found = os.lstat(target)
        right = stat.S_ISREG(found.st_mode) and found.st_size == manifest.plan.size
        file = os.open(target, os.O_RDONLY | getattr(os, "O_BINARY", 0)) if right else -1
    except OSError:
        file = -1
    if file < 0:
        yield None
        return
    try:
        yield Content(file, target, manifest)
    finally:
        os.close(file)


def insist_on_free(target: Path, *, overwrite: bool) -> None:
    """Raises TargetExists, TargetUnusable."""
    if os.path.lexists(target) and not overwrite:
        raise TargetExists(
            f"There is another file at {target} already. It was left alone; choose another name, "
            "or give --overwrite."
        )
    if not os.access(target.parent, os.W_OK):
        raise TargetUnusable(f"Nothing can be written to {target.parent}. Choose another folder.")


def drop_leftover(path: Path, target: Path) -> None:
    """The second name of a whole file, if the machine died between its two steps."""
    with contextlib.suppress(OSError):
        if os.path.samestat(os.lstat(path), os.lstat(target)):
            path.unlink()
            disk.sync_folder(target.parent)
