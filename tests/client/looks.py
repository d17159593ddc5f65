"""Looks at uploads, made by hand: whatever is not named is ordinary."""

import base64
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from manyhands.board.look import Look
from manyhands.transfers.cycle import State
from manyhands.transfers.shelf import Transfer
from manyhands.wire import Board, Client, Upload, UploadReply

MIB = 1024 * 1024
PART = 5 * MIB
NOW_MS = 1_763_700_100_000

UPLOAD = Upload(
    id="mq3x7tkd5yeh2vwz4cbn6ojr5a",
    generation=1,
    group="film",
    owner="ana",
    yours=True,
    name="Überfahrt, Rohschnitt.mov",
    size=41 * PART - 1234,
    part_size=PART,
    parts=41,
    parts_known=41,
    parts_done=0,
    bytes_done=0,
    status="active",
    created_at=NOW_MS - 65_000,
    changed_at=NOW_MS,
    touched_at=NOW_MS,
    checksum="pk+mIvj+vKhL1kE3t67RWB1N0xT7MVx4Vaq25Gm/6xQ=-41",
    reason="",
)
CLIENT = Client(
    number=1,
    label="laptop",
    person="ana",
    rate=6_000_000,
    parts=0,
    bytes=0,
    seen_s=1.0,
    alive=True,
    held=[],
)


TRANSFER: dict[str, Any] = {
    "kind": "upload",
    "path": "/home/ana/Überfahrt, Rohschnitt.mov",
    "group": "film",
    "name": "",
    "aim": "",
    "upload": UPLOAD.id,
    "size": 200 * PART,
    "mtime_ns": 1,
    "part_size": PART,
    "digests": b"",
    "client": "",
    "seq": 0,
    "bytes_done": 0,
    "own_bytes": 0,
    "why": "",
    "wish": "",
    "created_at": 0.0,
    "changed_at": 0.0,
}


def upload(**fields: Any) -> Upload:
    return replace(UPLOAD, **fields)


def client(number: int, label: str = "laptop", **fields: Any) -> Client:
    return replace(CLIENT, number=number, label=label, **fields)


def transfer(id: int, state: State, **fields: Any) -> Transfer:
    return Transfer(**TRANSFER | {"id": id, "state": state, "place": float(id)} | fields)


def tickets(done: Sequence[int]) -> str:
    return base64.b64encode(bytes(done)).decode()


def look(clients: Sequence[Client] = (), done: Sequence[int] = (), **fields: Any) -> Look:
    """``done``: who brought each part, from the first on; the others are open."""
    parts = int(fields.get("parts", UPLOAD.parts))
    size = fields.get("size", parts * PART - 1234)
    brought = [number for number in done if number]
    known = {"size": size, "parts_done": len(brought), "bytes_done": min(size, len(brought) * PART)}
    rows = [
        replace(c, parts=brought.count(c.number), bytes=brought.count(c.number) * PART)
        for c in clients
    ]
    board = Board(tickets([*done, *[0] * (parts - len(done))]), rows)
    return Look(UploadReply(upload(**(known | fields)), board), NOW_MS)
