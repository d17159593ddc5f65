"""The JSON of the protocol, as this client reads and writes it: the only place of its field names.

Replies are read tolerantly. A field that is not known here is skipped, so this client goes on
working when the server learns something new; a field that is missing is an error that names the
place, because guessing it would cost somebody's bytes. Statuses stay plain strings for the same
reason: the engine treats one it has never heard of as "nothing to do now".

Sizes are bytes, rates bytes a second, moments milliseconds by the server's clock, spans seconds,
digests SHA-256 in base64. The golden messages under ``tests/wire`` are read by every
implementation of the protocol.
"""

from typing import Any, TypeVar

import msgspec

from manyhands.errors import NotUnderstood

PROTOCOL = 1
"""Each call says so: a service of an earlier one overlooks what it does not know of ours."""


class Message(msgspec.Struct, frozen=True):
    """One JSON object of the protocol."""


class CreateRequest(Message, frozen=True):
    """Create or join; ``checksum`` only after ``content_differs``."""

    group: str
    name: str
    size: int
    part_size: int
    digests: list[str]
    checksum: str = ""


class PageRequest(Message, frozen=True):
    digests: list[str]
    generation: int = 0


class ExchangeRequest(Message, frozen=True):
    """What this client holds (in its order) and has done, and how many tickets it would like."""

    client: str
    label: str
    seq: int
    holding: list[int]
    done: list[int]
    want: int
    rate: int
    generation: int = 0


class User(Message, frozen=True):
    id: str
    name: str


class Group(Message, frozen=True):
    id: str
    name: str
    personal: bool


class Limits(Message, frozen=True):
    """What the plan of parts follows from, and the most tickets that one client may hold.

    The manifest's pages hold ``first_pages`` parts, one after the other, and then ``page_parts``.
    """

    min_part_size: int
    part_size_step: int
    max_parts: int
    max_file_size: int
    first_pages: list[int]
    page_parts: int
    max_held: int


class MeReply(Message, frozen=True):
    user: User
    groups: list[Group]
    limits: Limits
    protocol: int = 1


class Upload(Message, frozen=True):
    """``checksum`` is empty until the manifest is whole; ``reason`` unless failed."""

    id: str
    generation: int
    group: str
    owner: str
    yours: bool
    name: str
    size: int
    part_size: int
    parts: int
    parts_known: int
    parts_done: int
    bytes_done: int
    status: str
    created_at: int
    changed_at: int
    touched_at: int
    checksum: str
    reason: str


class CreateReply(Message, frozen=True):
    outcome: str
    upload: Upload


class ListReply(Message, frozen=True):
    uploads: list[Upload]
    next: str | None


class Client(Message, frozen=True):
    """One device at the board. ``seen_s``: seconds since it was last heard of."""

    number: int
    label: str
    person: str
    rate: int
    parts: int
    bytes: int
    seen_s: float
    alive: bool
    held: list[int]


class Board(Message, frozen=True):
    """``tickets``: base64 of one byte for each part, 0 or the number of who did it."""

    tickets: str
    clients: list[Client]


class UploadReply(Message, frozen=True):
    upload: Upload
    board: Board


class PageReply(Message, frozen=True):
    """The digests on one page of the manifest, in base64."""

    digests: list[str]


class KnownReply(Message, frozen=True):
    parts_known: int
    parts: int
    checksum: str


class Ticket(Message, frozen=True):
    """PUT ``length`` bytes from ``offset`` to ``url`` with exactly ``headers``."""

    part: int
    offset: int
    length: int
    url: str
    headers: dict[str, str]
    expires_s: float


class Progress(Message, frozen=True):
    parts: int
    parts_known: int
    parts_done: int
    bytes: int
    bytes_done: int


class ExchangeReply(Message, frozen=True):
    status: str
    tickets: list[Ticket]
    revoked: list[int]
    progress: Progress
    clients: list[Client]
    next_exchange_s: float
    number: int = 0


class DownloadReply(Message, frozen=True):
    url: str
    expires_s: float
    name: str
    size: int
    checksum: str


class ErrorReply(Message, frozen=True):
    """Every refusal. ``code`` is stable; codes unknown here are welcome."""

    code: str
    message: str
    retryable: bool = False
    details: dict[str, Any] = {}


M = TypeVar("M", bound=msgspec.Struct)


def decode(body: bytes, message: type[M]) -> M:
    """A message from its JSON. Raises NotUnderstood."""
    try:
        return msgspec.json.decode(body, type=message)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotUnderstood(f"{message.__name__}: {error}") from error


def encode(message: msgspec.Struct) -> bytes:
    return msgspec.json.encode(message)
