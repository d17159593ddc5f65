"""How a watched upload is shown: redrawn, told line by line, or as JSON for each change.

On a terminal the picture is redrawn: below the prompt, or, if it wants all the room, on the
terminal's other screen, of which the last picture is left behind. A terminal that is made larger or
smaller gets the next picture in its new size.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Collection, Iterator
from typing import TextIO

import typer
from rich.console import Console, RenderableType
from rich.live import Live
from rich.table import Table

from manyhands.board.look import Look
from manyhands.board.news import same
from manyhands.cli import status, views

Picture = Callable[[Look, Console], RenderableType]
Show = Callable[[Look], None]
WIDE = 100
"""Columns where there is no terminal and COLUMNS says nothing."""
WIDEST = 10_000


def console() -> Console:
    """stdout."""
    found = Console(highlight=False)
    known = found.is_terminal or "COLUMNS" in os.environ
    return found if known else Console(highlight=False, width=WIDE)


def lively(console: Console) -> bool:
    """Whether something can be redrawn there."""
    return console.is_terminal and not console.is_dumb_terminal


def has_styles(console: Console) -> bool:
    """Whether there is at least reversed and dim; NO_COLOR takes only the colours."""
    return console.color_system is not None


def put(console: Console, shown: RenderableType) -> None:
    """Prints it; without styles also without blanks at the ends of lines."""
    if has_styles(console):
        console.print(shown)
    else:
        console.print(views.plain(shown, console.width), markup=False, soft_wrap=True)


def put_rows(console: Console, rows: Callable[[int], RenderableType]) -> None:
    """Whole rows where there is no terminal: a script needs ids and names, not a fitting width."""
    if console.is_terminal:
        put(console, rows(console.width))
    else:
        typer.echo(views.plain(rows(WIDEST), WIDEST))


def columns(*names: str, right: Collection[str] = ()) -> Table:
    """An empty table of what is listed row by row."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for name in names:
        table.add_column(name, justify="right" if name in right else "left", no_wrap=True)
    return table


@contextlib.contextmanager
def redrawn(console: Console, picture: Picture, *, whole_screen: bool = False) -> Iterator[Show]:
    """Each look is drawn over the one before."""
    last: list[Look] = []
    try:
        with Live(console=console, auto_refresh=False, screen=whole_screen) as live:

            def show(look: Look) -> None:
                last[:] = [look]
                live.update(picture(look, console), refresh=True)

            yield show
    finally:
        for look in last if whole_screen else []:
            console.print(picture(look, console))


class Told:
    """The whole once, then what changes, a line each."""

    def __init__(self, console: Console, picture: Picture) -> None:
        self._console, self._picture = console, picture
        self._before: Look | None = None

    def __call__(self, look: Look) -> None:
        if self._before is None:
            put(self._console, self._picture(look, self._console))
        else:
            for line in status.as_lines(self._before, look):
                self._console.print(line, markup=False, soft_wrap=True)
        self._console.file.flush()
        self._before = look


class Json:
    """One line for each change; that time passes is none."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._before: Look | None = None

    def __call__(self, look: Look) -> None:
        if self._before is None or not same(self._before.reply, look.reply):
            self._out.write(status.as_json(look.reply) + "\n")
            self._out.flush()
        self._before = look
