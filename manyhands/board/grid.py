"""How the cells of a board are laid out in a terminal: as large as they fit.

A cell is three, two or one characters wide. If not even the smallest fit, as many parts as need be
share a cell. Rows begin with the number of their first part, so they are cut at tens where there is
room: one counts more easily by tens.
"""

from dataclasses import dataclass

WIDTHS = (3, 2, 1)
TEN = 10


@dataclass(frozen=True, slots=True)
class Grid:
    """``per`` parts to a cell of ``width`` characters, ``columns`` cells to a row that begins with
    a margin of ``margin`` characters."""

    per: int
    width: int
    columns: int
    margin: int

    def rows(self, parts: int) -> int:
        return -(-parts // (self.per * self.columns))


def grid(parts: int, width: int, height: int) -> Grid:
    """The largest cells with which all ``parts`` are seen in ``width`` × ``height`` characters."""
    margin = len(str(parts)) + 2
    if margin > width // 4:
        margin = 0
    for size in (size for size in WIDTHS if size <= width - margin):
        found = Grid(1, size, _columns(width - margin, size), margin)
        if found.rows(parts) <= height:
            return found
    columns = _columns(width - margin, 1)
    return Grid(max(1, -(-parts // (columns * max(1, height)))), 1, columns, margin)


def _columns(width: int, size: int) -> int:
    columns = max(1, width // size)
    return columns - columns % TEN if columns >= 2 * TEN else columns
