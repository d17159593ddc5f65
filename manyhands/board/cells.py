"""A cell for each part of an upload, as the page has it.

The service sends the tickets as base64 of a byte for each part: 0, or the number of the device that
brought it. What devices hold comes with their rows; two holders of one part are a rescue, and the
cell then shows the one who came to help.

Where there is no room for all, several parts share a cell: ``gathered``. Such a cell is done when
all its parts are, open while none is begun, and held in between; its letter is that of the device
with most of it. Refused: showing the least finished part alone. Devices take parts all over a board
that is nearly done, and a whole screen of dots would be all one sees of it. Refused, too: shades.
They say how much and no longer who, which is what one looks at a board for.
"""

import base64
import binascii
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from manyhands.errors import NotUnderstood
from manyhands.wire import Board, Client

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class State(Enum):
    """HELD: on its way; TWICE: by two devices, to end sooner."""

    OPEN = auto()
    HELD = auto()
    TWICE = auto()
    DONE = auto()


@dataclass(frozen=True, slots=True)
class Cell:
    """``number``: the device's, 0 for an open cell."""

    state: State
    number: int = 0


OPEN = Cell(State.OPEN)


def cells(board: Board) -> list[Cell]:
    """In the order of the parts. Raises NotUnderstood."""
    try:
        tickets = base64.b64decode(board.tickets, validate=True)
    except binascii.Error as error:
        raise NotUnderstood(f"Board.tickets: {error}") from error
    holders = _holders(board.clients)
    return [_cell(number, holders.get(part, [])) for part, number in enumerate(tickets, 1)]


def gathered(found: Sequence[Cell], per: int) -> list[Cell]:
    """A cell for each ``per`` parts; the last may stand for fewer."""
    return [_of_all(found[start : start + per]) for start in range(0, len(found), per)]


def counts(found: Iterable[Cell]) -> Counter[State]:
    """How many parts are in each state."""
    return Counter(cell.state for cell in found)


def letter(number: int) -> str:
    """A device's letter, so that its colour is not its only sign; after Z comes A again."""
    return LETTERS[(number - 1) % len(LETTERS)]


def hue(number: int) -> int:
    """Its colour in degrees, well apart from its neighbours', the same as on the page."""
    return round((190 + (number - 1) * 137.508) % 360)


def _holders(clients: Iterable[Client]) -> dict[int, list[int]]:
    holders: dict[int, list[int]] = {}
    for client in clients:
        for part in client.held:
            holders.setdefault(part, []).append(client.number)
    return holders


def _cell(number: int, holders: list[int]) -> Cell:
    if number:
        return Cell(State.DONE, number)
    if len(holders) > 1:
        return Cell(State.TWICE, holders[1])
    return Cell(State.HELD, holders[0]) if holders else OPEN


def _of_all(some: Sequence[Cell]) -> Cell:
    begun = Counter(cell.number for cell in some if cell.state is not State.OPEN)
    if not begun:
        return OPEN
    rescued = [cell for cell in some if cell.state is State.TWICE]
    if rescued:
        return rescued[0]
    whole = all(cell.state is State.DONE for cell in some)
    return Cell(State.DONE if whole else State.HELD, begun.most_common(1)[0][0])
