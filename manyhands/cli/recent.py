"""The uploads that ``manyhands list`` showed last: for the Tab key, which asks nobody.

One small file in the data folder, readable by its owner only, written whenever somebody looked.
Losing it costs nothing, so whatever goes wrong with it is passed over.
"""

import os
from collections.abc import Iterable
from contextlib import suppress

import msgspec

from manyhands.account.folder import data
from manyhands.wire import Upload

NAME = "listed.json"
ENOUGH = 50


def remember(uploads: Iterable[Upload]) -> None:
    """The newest of them, instead of those before."""
    newest = [(upload.id, upload.name) for upload in uploads][:ENOUGH]
    folder = data(os.environ)
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = folder / f"{NAME}.{os.getpid()}"
        aside.write_bytes(msgspec.json.encode(newest))
        aside.chmod(0o600)
        aside.replace(folder / NAME)


def recalled() -> list[tuple[str, str]]:
    """Ids and names, newest first."""
    try:
        text = (data(os.environ) / NAME).read_bytes()
        return msgspec.json.decode(text, type=list[tuple[str, str]])
    except (OSError, msgspec.MsgspecError):
        return []
