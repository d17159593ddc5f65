"""The board, drawn for a terminal: a cell for each ticket, a line for each device."""

import base64
from collections.abc import Mapping
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

COLOURS = ("cyan", "magenta", "yellow", "green", "blue", "red")
LETTERS = "ABCDEF"
DONE, IN_FLIGHT, OPEN = "█", "▒", "·"


def board(answer: Mapping[str, Any], news: str) -> Group:
    """The whole view: progress, tickets, devices, and what just happened."""
    return Group(_headline(answer["upload"]), _tickets(answer), devices(answer), Text(news))


def devices(answer: Mapping[str, Any]) -> Table:
    """Who is at work and who brought what."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("", "device", "person"):
        table.add_column(heading)
    for heading in ("parts", "brought", "share", "speed", "last heard"):
        table.add_column(heading, justify="right")
    size = answer["upload"]["size"]
    for client in answer["board"]["clients"]:
        table.add_row(*_row(client, size))
    return table


def megabytes(count: float) -> str:
    return f"{count / 1e6:.1f} MB"


def _headline(upload: Mapping[str, Any]) -> Text:
    done, size = upload["bytes_done"], upload["size"]
    share = 100 * done / size if size else 100
    return Text(
        f"{upload['name']}  {upload['status']}  {share:.0f} %  "
        f"{megabytes(done)} of {megabytes(size)}",
        style="bold",
    )


def _tickets(answer: Mapping[str, Any]) -> Text:
    done = base64.b64decode(answer["board"]["tickets"])
    held = {p: c["number"] for c in answer["board"]["clients"] for p in c["held"]}
    text = Text()
    for part, number in enumerate(done, 1):
        if number:
            text.append(DONE, _colour(number))
        elif part in held:
            text.append(IN_FLIGHT, _colour(held[part]))
        else:
            text.append(OPEN, "dim")
    return text


def _row(client: Mapping[str, Any], size: int) -> list[Text]:
    number, alive = client["number"], client["alive"]
    share = 100 * client["bytes"] / size if size else 0
    cells = [
        f"{LETTERS[(number - 1) % len(LETTERS)]}",
        client["label"],
        client["person"],
        str(client["parts"]),
        megabytes(client["bytes"]),
        f"{share:.1f} %",
        f"{megabytes(client['rate'])}/s",
        f"{client['seen_s']:.0f} s ago",
    ]
    style = _colour(number) if alive else "dim"
    return [Text(cell, style) for cell in cells]


def _colour(number: int) -> str:
    return COLOURS[(number - 1) % len(COLOURS)]
