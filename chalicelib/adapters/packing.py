"""What of a board goes into an item compressed: its tickets and its clients.

Clients are rows of JSON without field names, in the order of the fields. Most of a row is what
chance made (ids, speeds), which nothing compresses; so what the item says elsewhere is not said
again: times count from the upload's creation, and the owner is not named. These few bytes are what
keeps three clients on 1 GiB within one write unit. Streams are bare deflate, without the header
and the sum that zlib adds: DynamoDB loses no bytes.

A new field of ``Client`` needs a default and comes last; rows written before simply end earlier.
"""

import zlib
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import msgspec

from chalicelib.domain.board import Client, Person

_TIMES = frozenset({"joined_at", "seen_at", "delivered_at", "busy_since", "looked_at"})
_FIELDS = tuple(f.name for f in fields(Client) if f.name not in {"person", "held"})
_BARE = -zlib.MAX_WBITS


def pack(data: bytes) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, _BARE)
    return deflate.compress(data) + deflate.flush()


def unpack(packed: bytes) -> bytes:
    return zlib.decompress(packed, _BARE)


def pack_clients(clients: Sequence[Client], owner: Person, created_at: int) -> bytes:
    return pack(msgspec.json.encode([_row(c, owner, created_at) for c in clients]))


def unpack_clients(packed: bytes, owner: Person, created_at: int) -> tuple[Client, ...]:
    return tuple(_client(row, owner, created_at) for row in msgspec.json.decode(unpack(packed)))


def _row(client: Client, owner: Person, created_at: int) -> list[Any]:
    person = None if client.person == owner else [client.person.id, client.person.name]
    plain = ((name, getattr(client, name)) for name in _FIELDS)
    rest = (_since(created_at, value) if name in _TIMES else value for name, value in plain)
    return [person, client.held, *rest]


def _client(row: list[Any], owner: Person, created_at: int) -> Client:
    person, held, *rest = row
    plain: dict[str, Any] = {
        name: _at(created_at, value) if name in _TIMES else value
        for name, value in zip(_FIELDS, rest, strict=False)
    }
    return Client(person=Person(*person) if person else owner, held=tuple(held), **plain)


def _since(created_at: int, time: int) -> int | None:
    """None for never, which is 0 everywhere else."""
    return time - created_at if time else None


def _at(created_at: int, since: int | None) -> int:
    return 0 if since is None else created_at + since
