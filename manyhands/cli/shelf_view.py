"""``manyhands transfers``: the transfers of this machine, a line each.

Where a line is too long for the terminal the name is cut, and why the transfer is as it is goes
below. What is no terminal gets whole lines, so nothing is cut from what a script reads.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from rich.console import Group
from rich.text import Text

from manyhands import words
from manyhands.cli.views import percent, shortened, wrapped
from manyhands.transfers.cycle import State
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
STYLES = {State.DONE: "green", State.FAILED: "red", State.CANCELLED: "red", State.ONGOING: "cyan"}
ENDED = (State.DONE, State.CANCELLED)
HEADING = "  no   state       done      size  name"
INDENT = 7
SHORTEST_NAME = 8


def as_json(transfer: Transfer, account: str) -> str:
    """``account``: whose it is, as «ana at https://host/»."""
    line = {"event": "transfer", **{name: getattr(transfer, name) for name in FIELDS}}
    line["account"] = account
    line["path"] = words.valid(transfer.path)
    return msgspec.json.encode(line).decode()


def name_of(transfer: Transfer) -> str:
    """Of a file from a folder, with the folder: there may be another of its name."""
    return transfer.name or Path(transfer.path).name


def as_rows(transfers: Sequence[Transfer], width: int) -> Group:
    """Number, direction, state, progress, size, name, and why it is as it is.

    What is over comes first, then the queue in its order; the eye ends where the next will begin.
    """
    over = [each for each in transfers if each.state in ENDED]
    queue = [each for each in transfers if each.state not in ENDED]
    lines = (line for transfer in (*over, *queue) for line in _lines(transfer, width))
    return Group(Text(HEADING, "dim"), *lines)


def _lines(transfer: Transfer, width: int) -> Iterator[Text]:
    head, name = _head(transfer), words.harmless(name_of(transfer), 60)
    why = Text(f"({words.harmless(transfer.why, 200)})" if transfer.why else "", "dim")
    bold = Text(name, "bold")
    line = Text("  ").join([head, bold, why] if why else [head, bold])
    if line.cell_len <= width:
        yield line
        return
    cut = shortened(name, max(SHORTEST_NAME, width - head.cell_len - 2))
    yield Text("  ").join([head, Text(cut, "bold")])
    for part in wrapped(why, width - INDENT) if why else []:
        yield Text.assemble(" " * INDENT, part)


def _head(transfer: Transfer) -> Text:
    arrow = "↑" if transfer.kind == "upload" else "↓"
    done = percent(transfer.bytes_done / transfer.size) if transfer.size else "–"
    state = Text(f"{transfer.state:<9}", STYLES.get(transfer.state, "yellow"))
    figures = f"{done:>5}  {words.size(transfer.size):>8}"
    return Text.assemble(f"{transfer.id:>4} {arrow} ", state, f"  {figures}")
