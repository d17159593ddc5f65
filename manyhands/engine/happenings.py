"""What goes into the engine, and what comes out of it: frozen values, no behaviour.

    happenings   Answered  ExchangeFailed  Disowned  StatusSeen  Sent  PutFailed  Moved
                 MoreKnown  Rest  Woke
    decisions    StartPut  StopPut  Exchange  Look  Turned  Retry  End  GiveUp  Rested

Whoever drives the engine turns what the world does into happenings, and decisions into deeds.
"""

from dataclasses import dataclass
from enum import Enum

from manyhands.errors import UploadFailed
from manyhands.wire import ExchangeReply, ExchangeRequest, Ticket


class Failure(Enum):
    """Why a PUT came to nothing."""

    LINE = "no connection, or it stalled or broke"
    REFUSED = "the storage answered with an error"
    EXPIRED = "the storage no longer takes this URL"
    STOPPED = "stopped on the engine's own order"


@dataclass(frozen=True, slots=True)
class Answered:
    """The exchange that is under way was answered."""

    reply: ExchangeReply


@dataclass(frozen=True, slots=True)
class ExchangeFailed:
    """The exchange that is under way came to nothing, retries included."""

    reason: str
    at_least_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Disowned:
    """The server refused the exchange, because these parts are not this client's to report."""

    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StatusSeen:
    """A look at the upload showed this status."""

    status: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The storage has taken the part."""

    part: int


@dataclass(frozen=True, slots=True)
class PutFailed:
    part: int
    why: Failure
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """So many bytes have left this client since the last such happening."""

    bytes: int


@dataclass(frozen=True, slots=True)
class MoreKnown:
    """The board knows more digests than before: there may be tickets where there were none."""


@dataclass(frozen=True, slots=True)
class Rest:
    """The person pauses this device: finish what is under way, report it, hold nothing."""


@dataclass(frozen=True, slots=True)
class Woke:
    """The machine slept, or its network is another: connections are dead, waits pointless."""


Happening = (
    Answered
    | ExchangeFailed
    | Disowned
    | StatusSeen
    | Sent
    | PutFailed
    | Moved
    | MoreKnown
    | Rest
    | Woke
)


@dataclass(frozen=True, slots=True)
class StartPut:
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class StopPut:
    part: int


@dataclass(frozen=True, slots=True)
class Exchange:
    request: ExchangeRequest


@dataclass(frozen=True, slots=True)
class Look:
    """Read the upload's status."""


@dataclass(frozen=True, slots=True)
class Turned:
    """The upload's status is another than before."""

    before: str
    status: str


@dataclass(frozen=True, slots=True)
class Retry:
    """Something failed and will be tried again in ``wait_s`` seconds; said to the person."""

    what: str
    reason: str
    wait_s: float


@dataclass(frozen=True, slots=True)
class End:
    """The upload is over, with this status. Nothing follows."""

    status: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """This client cannot go on. Nothing follows."""

    error: UploadFailed


@dataclass(frozen=True, slots=True)
class Rested:
    """Nothing is under way any more, as was asked for. Nothing follows."""


Decision = StartPut | StopPut | Exchange | Look | Turned | Retry | End | GiveUp | Rested
