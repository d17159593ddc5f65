"""An upload as one DynamoDB item, and back.

What people and the stream's filter look at stands readable at the top level; what only the board
looks at, and what grows, is compressed (``packing``): the tickets, a byte for each part, and the
clients. What has nothing to say is left out. So an exchange on a board of 205 parts and three
clients writes less than 1 KB, one write unit; a board of 10,000 parts is below 5 KB.

    pk  the upload's id        sk  BOARD, or PAGE#<generation>#<page> for the manifest
    group, listed              index by_group: newest first; not on deleted uploads
    due_in, due_at             index by_due: only while the sweep has something to look at
    open_of                    index by_owner: only while the upload may still become complete
    group, use                 index by_use: open or stored; only while it takes room
    expires                    DynamoDB's own expiry (TTL), on ended uploads

Moving an item within an index costs as much again as writing it. While devices work on an upload
its due date moves with each exchange, so there it is rounded up, to an hour where the warning
comes after five days: the index is written once an hour, and the sweep looks an hour late at most.

Refused: the board as a map of DynamoDB's own (a claim or a client would be ten times as large, and
every change is written as a whole anyway); one blob for everything (no filter, no index, and
nothing to read in the console at night).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from chalicelib.adapters.packing import pack, pack_clients, unpack, unpack_clients
from chalicelib.domain.board import Board, Person
from chalicelib.domain.lifetime import Lifetime, due_at
from chalicelib.domain.parts import PartPlan
from chalicelib.domain.status import ENDED, LIVE, OPEN, Status
from chalicelib.domain.uploads import Assembly, NoticeState, Upload

BOARD = "BOARD"
DUE = "due"
USE_OPEN, USE_STORED = "open", "stored"

_SERIALIZE, _DESERIALIZE = TypeSerializer(), TypeDeserializer()
_PLAIN = (
    "generation",
    "group",
    "name",
    "multipart_id",
    "created_at",
    "changed_at",
    "touched_at",
    "checksum",
    "reason",
    "foreign",
    "notice_until",
    "warned_at",
    "cleaned",
    "put_off",
    "unsettled",
    "version",
)

_SILENT: dict[str, Any] = {
    "checksum": "",
    "reason": "",
    "foreign": False,
    "assembly_attempts": 0,
    "assembly_until": 0,
    "notice": NoticeState.NONE.value,
    "notice_until": 0,
    "warned_at": 0,
    "cleaned": False,
    "put_off": 0,
    "unsettled": 0,
}
"""What an attribute means by its absence."""

_FOREIGN = "The storage holds another object in this file's place. Please upload it once more."
"""How items written before there was ``foreign`` say it; never to be changed."""

_STEPS = 120
"""Into how many steps the time until the warning is divided for the index of due uploads."""


def board_key(id: str) -> dict[str, Any]:
    return {"pk": {"S": id}, "sk": {"S": BOARD}}


def page_key(id: str, generation: int, page: int) -> dict[str, Any]:
    return {"pk": {"S": id}, "sk": {"S": f"{page_prefix(generation)}{page:04d}"}}


def page_prefix(generation: int) -> str:
    return f"PAGE#{generation}#"


def item_of(upload: Upload, lifetime: Lifetime) -> dict[str, Any]:
    """The item, in DynamoDB's notation."""
    plain = {name: getattr(upload, name) for name in _PLAIN}
    values = (
        {"pk": upload.id, "sk": BOARD} | plain | _board_fields(upload) | _indexed(upload, lifetime)
    )
    telling = ((name, value) for name, value in values.items() if _SILENT.get(name) != value)
    return {name: _SERIALIZE.serialize(value) for name, value in telling}


def upload_of(item: Mapping[str, Any]) -> Upload:
    """The upload that ``item_of`` made the item of."""
    v = _SILENT | {name: _DESERIALIZE.deserialize(value) for name, value in item.items()}
    v["foreign"] = v["foreign"] or v["reason"] == _FOREIGN
    plain: dict[str, Any] = {name: _plain(v[name]) for name in _PLAIN}
    owner = Person(v["owner_id"], v["owner_name"])
    return Upload(
        id=v["pk"],
        owner=owner,
        board=_board(v, owner),
        assembly=Assembly(int(v["assembly_attempts"]), int(v["assembly_until"])),
        notice=NoticeState(v["notice"]),
        **plain,
    )


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, Decimal) else value


def _board_fields(upload: Upload) -> dict[str, Any]:
    board = upload.board
    return {
        "status": upload.status.value,
        "size": board.plan.size,
        "part_size": board.plan.part_size,
        "known": board.known,
        "tickets": pack(board.tickets),
        "clients": pack_clients(board.clients, upload.owner, upload.created_at),
        "owner_id": upload.owner.id,
        "owner_name": upload.owner.name,
        "assembly_attempts": upload.assembly.attempts,
        "assembly_until": upload.assembly.until,
        "notice": upload.notice.value,
    }


def _board(v: dict[str, Any], owner: Person) -> Board:
    return Board(
        plan=PartPlan(int(v["size"]), int(v["part_size"])),
        known=int(v["known"]),
        tickets=unpack(bytes(v["tickets"])),
        clients=unpack_clients(bytes(v["clients"]), owner, int(v["created_at"])),
        status=Status(v["status"]),
    )


def _indexed(upload: Upload, lifetime: Lifetime) -> dict[str, Any]:
    """What the sparse indexes see; an attribute that is absent keeps the item out of its index."""
    indexed: dict[str, Any] = {}
    if upload.status is not Status.DELETED:
        indexed["listed"] = f"{upload.created_at:015d}#{upload.id}"
    if (due := _due(upload, lifetime)) is not None:
        indexed |= {"due_in": DUE, "due_at": due}
    if upload.status in OPEN:
        indexed["open_of"] = upload.owner.id
    if use := use_of(upload.status):
        indexed["use"] = use
    if upload.status in ENDED:
        indexed["expires"] = (upload.changed_at + lifetime.keep_ended_ms) // 1000
    return indexed


def use_of(status: Status) -> str:
    """What an upload of this status takes room as, "" if it takes none."""
    return USE_OPEN if status in OPEN else USE_STORED if status is Status.COMPLETE else ""


def _due(upload: Upload, lifetime: Lifetime) -> int | None:
    exact = due_at(upload, lifetime)
    if exact is None or upload.status not in LIVE:
        return exact
    step = max(1, lifetime.warn_ms // _STEPS)
    return -(-exact // step) * step
