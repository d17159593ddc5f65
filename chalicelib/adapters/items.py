"""An upload as one DynamoDB item, and back.

What people and the stream's filter look at stands readable at the top level; what only the board
looks at, and what grows, is compressed: the tickets (a byte for each part) and the clients. So a
board of 205 parts and three clients is written for one or two units, one of 10,000 for a few.

    pk  the upload's id        sk  BOARD, or PAGE#<generation>#<page> for the manifest
    group, listed              index by_group: newest first; not on deleted uploads
    due_in, due_at             index by_due: only while the sweep has something to look at
    open_of                    index by_owner: only while the upload may still become complete
    expires                    DynamoDB's own expiry (TTL), on ended uploads
"""

import zlib
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

import msgspec
from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer

from chalicelib.domain.board import Board, Client, Person
from chalicelib.domain.lifetime import Lifetime, due_at
from chalicelib.domain.parts import PartPlan
from chalicelib.domain.status import ENDED, OPEN, Status
from chalicelib.domain.uploads import Assembly, NoticeState, Upload

BOARD = "BOARD"
DUE = "due"

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
    "warned_at",
    "cleaned",
    "version",
)


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
    return {name: _SERIALIZE.serialize(value) for name, value in values.items()}


def upload_of(item: Mapping[str, Any]) -> Upload:
    """The upload that ``item_of`` made the item of."""
    v = {name: _DESERIALIZE.deserialize(value) for name, value in item.items()}
    plain: dict[str, Any] = {name: _plain(v[name]) for name in _PLAIN}
    return Upload(
        id=v["pk"],
        owner=Person(v["owner_id"], v["owner_name"]),
        board=_board(v),
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
        "tickets": Binary(zlib.compress(board.tickets, 9)),
        "clients": Binary(zlib.compress(msgspec.json.encode([_row(c) for c in board.clients]), 9)),
        "owner_id": upload.owner.id,
        "owner_name": upload.owner.name,
        "assembly_attempts": upload.assembly.attempts,
        "assembly_until": upload.assembly.until,
        "notice": upload.notice.value,
    }


def _board(v: dict[str, Any]) -> Board:
    rows = msgspec.json.decode(zlib.decompress(bytes(v["clients"])))
    return Board(
        plan=PartPlan(int(v["size"]), int(v["part_size"])),
        known=int(v["known"]),
        tickets=zlib.decompress(bytes(v["tickets"])),
        clients=tuple(_client(row) for row in rows),
        status=Status(v["status"]),
    )


def _indexed(upload: Upload, lifetime: Lifetime) -> dict[str, Any]:
    """What the sparse indexes see; an attribute that is absent keeps the item out of its index."""
    indexed: dict[str, Any] = {}
    if upload.status is not Status.DELETED:
        indexed["listed"] = f"{upload.created_at:015d}#{upload.id}"
    if (due := due_at(upload, lifetime)) is not None:
        indexed |= {"due_in": DUE, "due_at": due}
    if upload.status in OPEN:
        indexed["open_of"] = upload.owner.id
    if upload.status in ENDED:
        indexed["expires"] = (upload.changed_at + lifetime.keep_ended_ms) // 1000
    return indexed


_CLIENT_FIELDS = tuple(f.name for f in fields(Client) if f.name not in {"person", "held"})


def _row(client: Client) -> list[Any]:
    person = [client.person.id, client.person.name]
    return [person, list(client.held), *(getattr(client, name) for name in _CLIENT_FIELDS)]


def _client(row: list[Any]) -> Client:
    person, held, *others = row
    plain = dict(zip(_CLIENT_FIELDS, others, strict=True))
    return Client(person=Person(*person), held=tuple(held), **plain)
