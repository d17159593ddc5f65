"""The JSON of the protocol: the only place on the server where its field names occur.

Requests are read strictly: an unknown field, a wrong type, a number out of range is an error that
names the place (``$.holding[3]``), because a client that is misunderstood loses its work later.
Unknown fields are overlooked only of a client that says it speaks a later protocol than ours: it
was written for servers that do not know them yet, and sends none that must not be overlooked.
Sizes are bytes, rates bytes a second, moments milliseconds since the epoch by the server's clock,
spans seconds. Digests are SHA-256 in base64, as S3 writes them. A request may name the
``generation`` of the upload that its client joined, and is refused by a later one; 0 is any.
``docs/openapi.yaml`` is made from these types.
"""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from chalicelib.domain.errors import InvalidRequest, MalformedBody
from chalicelib.domain.manifest import PAGE_PARTS

PROTOCOL, OLDEST = 1, 1
"""What is spoken here, and the oldest that is still served. Both stand in docs/protocol.md."""

Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
PartNumber = Annotated[int, Meta(ge=1, le=10_000)]
Parts = Annotated[list[PartNumber], Meta(max_length=10_000)]
Digests = Annotated[list[str], Meta(min_length=1, max_length=PAGE_PARTS)]
Checksum = Annotated[str, Meta(pattern=r"^$|^[A-Za-z0-9+/]{43}=-[0-9]{1,5}$")]
ClientId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
Text = Annotated[str, Meta(min_length=1, max_length=1024)]


class _Request(msgspec.Struct, forbid_unknown_fields=True):
    pass


class CreateRequest(_Request):
    """Create or join an upload; ``digests`` is the first page of the manifest.

    ``checksum`` is given only after ``content_differs``: it makes an upload of its own.
    """

    group: Text
    name: Text
    size: Count
    part_size: Count
    digests: Digests
    checksum: Checksum = ""


class PageRequest(_Request):
    """One page of the manifest: 128 digests, fewer on the first ones and on the last."""

    digests: Digests
    generation: Count = 0


class ExchangeRequest(_Request):
    """What a client holds and has done, and how many tickets it would like."""

    client: ClientId
    label: Text
    seq: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    holding: Parts
    done: Parts
    want: Annotated[int, Meta(ge=0, le=10_000)]
    rate: Count
    generation: Count = 0


class _Reply(msgspec.Struct):
    pass


class UserView(_Reply):
    id: str
    name: str


class GroupView(_Reply):
    id: str
    name: str
    personal: bool


class LimitsView(_Reply):
    """What a client needs to plan parts, and what it may ask for.

    The manifest's pages hold ``first_pages`` parts, one after the other, and then ``page_parts``.
    """

    min_part_size: int
    part_size_step: int
    max_parts: int
    max_file_size: int
    first_pages: list[int]
    page_parts: int
    max_held: int


class MeReply(_Reply):
    user: UserView
    groups: list[GroupView]
    limits: LimitsView
    protocol: int


class UploadView(_Reply):
    """One upload. ``checksum`` is empty until the manifest is whole; ``reason`` unless failed.

    ``changed_at``: the last change of status; ``touched_at``: the last sign of life of a device.
    """

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


class CreateReply(_Reply):
    """``outcome``: *created*, or *joined* if this upload was there already."""

    outcome: str
    upload: UploadView


class ListReply(_Reply):
    uploads: list[UploadView]
    next: str | None


class ClientView(_Reply):
    """One client. ``seen_s``: seconds since it was last heard of; ``alive``: its claims count."""

    number: int
    label: str
    person: str
    rate: int
    parts: int
    bytes: int
    seen_s: float
    alive: bool
    held: list[int]


class BoardView(_Reply):
    """The board. ``tickets``: base64 of a byte for each part, 0 or the number of who did it."""

    tickets: str
    clients: list[ClientView]


class UploadReply(_Reply):
    upload: UploadView
    board: BoardView


class PageReply(_Reply):
    digests: list[str]


class KnownReply(_Reply):
    parts_known: int
    parts: int
    checksum: str


class TicketView(_Reply):
    """A part to send: PUT ``length`` bytes from ``offset`` to ``url``, with ``headers``."""

    part: int
    offset: int
    length: int
    url: str
    headers: Mapping[str, str]
    expires_s: float


class ProgressView(_Reply):
    parts: int
    parts_known: int
    parts_done: int
    bytes: int
    bytes_done: int


class ExchangeReply(_Reply):
    """``revoked``: parts held that need not be sent any more; ``number``: the caller's own row.

    It is 0 where the caller has no row, because the upload takes no parts any more.
    """

    status: str
    tickets: list[TicketView]
    revoked: list[int]
    progress: ProgressView
    clients: list[ClientView]
    number: int
    next_exchange_s: float


class DownloadReply(_Reply):
    url: str
    expires_s: float
    name: str
    size: int
    checksum: str


class ErrorReply(_Reply):
    """Every refusal. ``code`` is stable; ``retryable``: the same call may succeed later."""

    code: str
    message: str
    retryable: bool
    details: dict[str, Any]


R = TypeVar("R", bound=_Request)


def decode(body: bytes, request: type[R], protocol: int = PROTOCOL) -> R:
    """A request of that protocol from its JSON. Raises MalformedBody, InvalidRequest."""
    try:
        return msgspec.json.decode(body, type=request if protocol <= PROTOCOL else _later(request))
    except msgspec.ValidationError as error:
        raise InvalidRequest(f"{error}. Nothing was changed.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedBody from error


@cache
def _later(request: type[R]) -> type[R]:
    """The same request, as a later protocol may have extended it."""
    return msgspec.defstruct(  # type: ignore[return-value]
        request.__name__, [], bases=(request,), forbid_unknown_fields=False
    )


def encode(reply: _Reply) -> bytes:
    return msgspec.json.encode(reply)
