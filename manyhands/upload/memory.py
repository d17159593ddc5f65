"""What a run leaves behind, so that the next one begins at the step where this one ended.

The digests, the upload that the file became, the client's name and the last number of its
exchanges, and the parts that the storage has and the board has not heard of. With that, nothing is
hashed, asked or sent a second time. All of it is a help, never the truth: the truth is the file on
the disk and the board, and whatever does not fit them is dropped.
"""

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from manyhands.events import Progress
from manyhands.files.reader import FileIdentity
from manyhands.parts import PartPlan
from manyhands.wire import Upload

SEQ_MARGIN = 1000


@dataclass(frozen=True, slots=True)
class Known:
    """``digests``: of the first parts of this very file, 32 bytes each; ``upload``: its id."""

    upload: str = ""
    digests: bytes = b""
    client: str = ""
    seq: int = 0


class Memory(Protocol):
    def known(self, identity: FileIdentity, plan: PartPlan) -> Known:
        """What is kept about just this file, cut just so."""
        ...

    def hashed(self, digests: bytes) -> None: ...

    def opened(self, upload: Upload) -> None: ...

    def unreported(self, client: str) -> tuple[int, ...]: ...

    def sent(self, client: str, part: int) -> None: ...

    def reported(self, client: str, parts: Iterable[int]) -> None: ...

    def progress(self, progress: Progress, seq: int) -> None: ...


class Forgetful:
    """Keeps nothing: each run is a client of its own."""

    def known(self, identity: FileIdentity, plan: PartPlan) -> Known:
        return Known(client=new_client())

    def hashed(self, digests: bytes) -> None:
        """Nothing."""

    def opened(self, upload: Upload) -> None:
        """Nothing."""

    def unreported(self, client: str) -> tuple[int, ...]:
        return ()

    def sent(self, client: str, part: int) -> None:
        """Nothing."""

    def reported(self, client: str, parts: Iterable[int]) -> None:
        """Nothing."""

    def progress(self, progress: Progress, seq: int) -> None:
        """Nothing."""


def new_client() -> str:
    return secrets.token_hex(10)


def next_seq(kept: int) -> int:
    """Above every number that this client has used: the clock's, or more than what was kept."""
    return max(int(time.time() * 1000), kept + SEQ_MARGIN)
