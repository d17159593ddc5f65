"""What versions before profiles left: one sign-in in ``account.json``. It becomes ``default``.

The content of a sign-in's file is the same, so it is moved and not written anew, damaged or not:
whoever reads it next says what is wrong. If it is there it is the newer one, for it was moved away
when it was first found; only a former version can have put it there again.
"""

import contextlib
from pathlib import Path

import msgspec

from manyhands.account import folder as files
from manyhands.account.profiles import DEFAULT, Profiles
from manyhands.account.store import FOLDER

NAME = "account.json"


class _Former(msgspec.Struct, frozen=True):
    url: str


def adopt(folder: Path) -> None:
    """Take over the sign-in of a former version; of two processes one does.

    Raises StoreUnusable.
    """
    path = folder / NAME
    if not path.exists():
        return
    _configure(Profiles(folder), path)
    with files.telling(folder), contextlib.suppress(FileNotFoundError):
        (folder / FOLDER).mkdir(mode=0o700, exist_ok=True)
        path.replace(folder / FOLDER / f"{DEFAULT}.json")


def _configure(profiles: Profiles, path: Path) -> None:
    """Its address becomes the profile's, unless that has one."""
    if profiles.all().get(DEFAULT):
        return
    with contextlib.suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
        profiles.set(DEFAULT, msgspec.json.decode(path.read_bytes(), type=_Former).url)
