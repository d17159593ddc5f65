"""The devices of an upload as a table: who, how much, how fast, when last seen, what is on its way.

A narrow terminal gets fewer columns, and only the names of devices are cut: a speed without its end
says nothing. A low one gets fewer rows: those at work first, then those that brought most.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from manyhands import words
from manyhands.board.cells import letter
from manyhands.board.look import Look
from manyhands.board.totals import present, speed
from manyhands.cli.views import TILE, colour, ranges
from manyhands.wire import Client

GAP = 2
NAME_COLUMN, NARROWEST_NAME = 1, 6
ALL = 1000


def devices(look: Look, width: int, room: int = ALL) -> Table:
    """A row for each of at most ``room`` devices."""
    shown, columns = foremost(look, room), [c for c in COLUMNS if width >= c.from_width]
    rows = [[column.of(client, look) for column in columns] for client in shown]
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, GAP, 0, 0))
    for column, widest in zip(columns, _widths(columns, rows, width), strict=True):
        table.add_column(
            column.heading,
            justify=column.justify,
            no_wrap=True,
            overflow="ellipsis",
            min_width=widest,
            max_width=widest,
        )
    for client, row in zip(shown, rows, strict=True):
        table.add_row(*row, style="" if client.alive else "dim")
    return table


def foremost(look: Look, room: int) -> list[Client]:
    """The ``room`` devices that matter most, in the order of their numbers."""
    by_weight = sorted(look.clients, key=lambda c: (not present(c, look.age_s), -c.bytes, c.number))
    return sorted(by_weight[: max(1, room)], key=lambda c: c.number)


def unseen(look: Look, room: int) -> list[Text]:
    """The line that says how many devices had no room."""
    more = len(look.clients) - max(1, room)
    if more <= 0:
        return []
    return [Text(f"and {more} more {'devices' if more > 1 else 'device'}", "dim")]


@dataclass(frozen=True, slots=True)
class Column:
    """Of the table of devices; left out where the width is less than ``from_width``."""

    heading: str
    from_width: int
    justify: Literal["left", "right"]
    of: Callable[[Client, Look], Text]


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Text]], width: int) -> list[int]:
    """What each column needs; the names of devices get what the others leave."""
    needed = [
        max([cell_len(column.heading), *(row[index].cell_len for row in rows)])
        for index, column in enumerate(columns)
    ]
    left = width - sum(needed) - GAP * (len(needed) - 1)
    needed[NAME_COLUMN] = max(NARROWEST_NAME, needed[NAME_COLUMN] + min(0, left))
    return needed


def _badge(client: Client, _: Look) -> Text:
    return Text(letter(client.number), f"bold #ffffff on {colour(client.number, TILE)}")


def _brought(client: Client, look: Look) -> Text:
    return Text(words.share(client.bytes, look.upload.size))


def _speed(client: Client, look: Look) -> Text:
    rate = speed(client, look)
    return Text(words.rate(rate) if rate else "–")


def _seen(client: Client, look: Look) -> Text:
    return Text(words.ago(client.seen_s + look.age_s) if client.alive else "gone")


COLUMNS = (
    Column("", 0, "left", _badge),
    Column("device", 0, "left", lambda c, _: Text(words.harmless(c.label, 40))),
    Column("person", 60, "left", lambda c, _: Text(words.harmless(c.person, 30))),
    Column("parts", 50, "right", lambda c, _: Text(str(c.parts))),
    Column("brought", 72, "right", lambda c, _: Text(words.size(c.bytes))),
    Column("share", 0, "right", _brought),
    Column("speed", 0, "right", _speed),
    Column("last seen", 72, "right", _seen),
    Column("on its way", 90, "left", lambda c, _: Text(ranges(c.held))),
)
