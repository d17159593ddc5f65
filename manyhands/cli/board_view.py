"""The whole board in a terminal: header, map, legend, devices; as large as there is room.

The map may have half of the height that the header leaves, if it needs it; then come the devices.
When they are too many, those at work are shown, and a line says how many are not. What they leave
is the map's again.
"""

from rich.console import Group, RenderableType
from rich.text import Text

from manyhands.board.cells import cells
from manyhands.board.grid import grid
from manyhands.board.look import Look
from manyhands.cli import device_table, ticket_map, views

GAPS = 3
SHORT_LEGEND, LONG_LEGEND, NARROW = 2, 4, 80
HEADING_AND_MORE = 2
TALLEST = 40
"""Lines where there is no screen."""
UNLIMITED = 1_000_000


def picture(look: Look, width: int, height: int, *, styled: bool) -> Group:
    """In at most ``height`` lines, unless that is less than anything fits in."""
    head = views.header(look, width)
    found = cells(look.board)
    rest = height - len(head) - (SHORT_LEGEND if width >= NARROW else LONG_LEGEND) - GAPS
    room = room_for_devices(len(found), width, rest)
    many = min(len(look.clients), room)
    laid = grid(len(found), width, max(1, rest - many - HEADING_AND_MORE))
    drawn = ticket_map.rows(found, laid, styled=styled)
    legend = ticket_map.legend(found, laid, width, styled=styled)
    return Group(*head, Text(), *drawn, Text(), *legend, *_devices(look, width, room))


def _devices(look: Look, width: int, room: int) -> list[RenderableType]:
    if not look.clients:
        return []
    return [Text(), device_table.devices(look, width, room), *device_table.unseen(look, room)]


def room_for_devices(parts: int, width: int, height: int) -> int:
    """How many devices fit beside a map that has what it needs, or half of the ``height``."""
    needed = grid(parts, width, UNLIMITED).rows(parts)
    return max(1, height - min(needed, height // 2) - HEADING_AND_MORE)
