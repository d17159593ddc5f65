"""A transfer of this machine, in a line."""

from pathlib import Path

import msgspec

from manyhands import words
from manyhands.transfers.shelf import Transfer

FIELDS = (
    "id",
    "kind",
    "path",
    "group",
    "upload",
    "size",
    "bytes_done",
    "own_bytes",
    "state",
    "why",
)


def as_json(transfer: Transfer) -> str:
    line = {"event": "transfer", **{name: getattr(transfer, name) for name in FIELDS}}
    line["path"] = words.valid(transfer.path)
    return msgspec.json.encode(line).decode()


def as_line(transfer: Transfer) -> str:
    """Number, direction, state, progress, size, name, and why it is as it is."""
    arrow = "↑" if transfer.kind == "upload" else "↓"
    done = words.share(transfer.bytes_done, transfer.size) if transfer.size else "–"
    name = words.harmless(Path(transfer.path).name, 60)
    why = f"  ({words.harmless(transfer.why, 200)})" if transfer.why else ""
    size = words.size(transfer.size)
    return f"{transfer.id:>4} {arrow} {transfer.state:<9}  {done:>5}  {size:>8}  {name}{why}"
