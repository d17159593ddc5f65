"""The board's map of tickets, drawn with letters.

Each cell is the letter of a device: large on its colour once the part is stored, small and dim
while it is on its way, small and reversed while it is on its way twice, and a dot while it is open.
So the map is read without colours, too: where a terminal has none, or NO_COLOR is set, the letters
stay. Where there is not even a reversed letter (a file, a pipe, a dumb terminal), ``2`` stands for
what is on its way twice. The legend is made by the same function as the cells.
"""

from collections.abc import Sequence

from rich.text import Text

from manyhands.board.cells import Cell, State, counts, gathered, letter
from manyhands.board.grid import Grid
from manyhands.cli.views import INK, TILE, colour, packed

OPEN, TWICE = "·", "2"
SAMPLES = 3


def rows(found: Sequence[Cell], grid: Grid, *, styled: bool) -> list[Text]:
    """A line for each row of cells, each with the number of its first part."""
    shown = gathered(found, grid.per)
    starts = range(0, len(shown), grid.columns)
    return [_row(shown[start : start + grid.columns], start, grid, styled) for start in starts]


def legend(found: Sequence[Cell], grid: Grid, width: int, *, styled: bool) -> list[Text]:
    """What the signs mean, and how many parts are in each state."""
    shown = gathered(found, grid.per)
    known = NAMES if grid.per == 1 else NAMES_OF_SEVERAL
    many = counts(found)
    seen = [(_samples(shown, state), name, many[state]) for state, name in known]
    if grid.per == 1:
        pieces = [_explained(some, f"{name} ({n})", styled) for some, name, n in seen if some]
    else:
        signs = [_explained(some, name, styled) for some, name, _ in seen if some]
        stored = Text(f"{many[State.DONE]} of {len(found)} parts are stored.", "dim")
        pieces = [Text(f"Each sign is {grid.per} parts."), *signs, stored]
    return packed(pieces, width)


NAMES = (
    (State.DONE, "stored"),
    (State.HELD, "on its way"),
    (State.TWICE, "sent by two, to end sooner"),
    (State.OPEN, "open"),
)
NAMES_OF_SEVERAL = (
    (State.DONE, "all stored, letter: who brought most"),
    (State.HELD, "begun"),
    (State.TWICE, "some sent by two"),
    (State.OPEN, "none begun"),
)


def sign(cell: Cell, *, styled: bool) -> str:
    match cell.state:
        case State.OPEN:
            return OPEN
        case State.DONE:
            return letter(cell.number)
        case State.TWICE if not styled:
            return TWICE
    return letter(cell.number).lower()


def style(cell: Cell) -> str:
    match cell.state:
        case State.OPEN:
            return "dim"
        case State.DONE:
            return f"bold #ffffff on {colour(cell.number, TILE)}"
        case State.HELD:
            return f"dim {colour(cell.number, INK)}"
        case State.TWICE:
            return f"reverse bold {colour(cell.number, INK)}"


def _row(cells: Sequence[Cell], start: int, grid: Grid, styled: bool) -> Text:
    line = Text(no_wrap=True)
    if grid.margin:
        line.append(f"{start * grid.per + 1:>{grid.margin - 2}}  ", "dim")
    for cell in cells:
        line.append(f"{sign(cell, styled=styled):^{grid.width}}", style(cell))
    return line


def _samples(shown: Sequence[Cell], state: State) -> list[Cell]:
    """Cells of the map in this state, of some devices: the legend's signs stand in the map."""
    numbers = sorted({cell.number for cell in shown if cell.state is state})
    return [Cell(state, number) for number in numbers[:SAMPLES]]


def _explained(some: Sequence[Cell], name: str, styled: bool) -> Text:
    signs = {sign(cell, styled=styled): style(cell) for cell in some}
    pieces = [piece for pair in signs.items() for piece in (pair, " ")]
    return Text.assemble(*pieces, name)
