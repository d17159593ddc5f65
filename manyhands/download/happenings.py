"""What goes into the engine of a download, and what comes out: frozen values, no behaviour.

    happenings   Got  GetFailed  Moved  Signed  SignFailed  Rest  Woke
    decisions    StartGet  StopGet  Sign  Retry  Done  GiveUp  Rested

What downloads share with uploads is the engine's own. Each
``StartGet`` is answered by one ``Got`` or ``GetFailed``, whatever happens, and each ``Sign`` by one
``Signed`` or ``SignFailed``.
"""

from dataclasses import dataclass
from enum import Enum

from manyhands.engine.happenings import Moved, Rest, Rested, Retry, Woke
from manyhands.errors import DownloadFailed


class Failure(Enum):
    """Why a GET came to nothing."""

    LINE = "no connection, or it stalled or broke"
    BUSY = "the storage cannot answer now"
    REFUSED = "the storage does not take this URL"
    WRONG = "other bytes than the manifest says"
    STOPPED = "stopped on the engine's own order"


@dataclass(frozen=True, slots=True)
class Got:
    """The part is in the file, and is what the manifest says."""

    part: int


@dataclass(frozen=True, slots=True)
class GetFailed:
    part: int
    why: Failure
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """A fresh URL for the object, good for ``expires_s`` seconds."""

    url: str
    expires_s: float


@dataclass(frozen=True, slots=True)
class SignFailed:
    """There was no fresh URL, retries included."""

    reason: str
    at_least_s: float = 0.0


Happening = Got | GetFailed | Moved | Signed | SignFailed | Rest | Woke


@dataclass(frozen=True, slots=True)
class StartGet:
    part: int
    url: str


@dataclass(frozen=True, slots=True)
class StopGet:
    part: int


@dataclass(frozen=True, slots=True)
class Sign:
    """Ask the service for a fresh URL."""


@dataclass(frozen=True, slots=True)
class Done:
    """Every part is there. Nothing follows."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It cannot go on. Nothing follows."""

    error: DownloadFailed


Decision = StartGet | StopGet | Sign | Retry | Done | GiveUp | Rested
