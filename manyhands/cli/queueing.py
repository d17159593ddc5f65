"""``manyhands transfers`` and ``move``: what is on this machine's shelf, and in which order."""

from collections.abc import Sequence
from typing import Annotated

import typer

from manyhands import words
from manyhands.cli import context, known, shelf_view, showing
from manyhands.cli.shelf_view import name_of
from manyhands.cli.workshop import shelves, workshop
from manyhands.errors import BadInput, NotNow, NotSignedIn
from manyhands.transfers.cycle import State
from manyhands.transfers.shelf import Shelf, Transfer


def transfers(
    clear: Annotated[
        bool, typer.Option("--clear", help="Forget those that are done or cancelled.")
    ] = False,
    json: context.Json = False,
) -> None:
    """List what this machine sends and fetches.

    What is under way, waits or has ended, in the order of the queue: the first that waits begins
    next, and «manyhands move» changes that. Without a sign-in, those of everybody who signed in
    here are shown.
    """
    try:
        shelf = workshop().shelf
    except NotSignedIn as error:
        if clear:
            raise
        typer.echo(f"{error.message} Until then, what is remembered here:", err=True)
        _list_everybodys(json)
        return
    if clear:
        for each in shelf.all(State.DONE, State.CANCELLED):
            shelf.remove(each.id)
    _list(shelf.all(), json)


def move(
    transfer: Annotated[
        int, typer.Argument(help="The number of a transfer.", autocompletion=known.transfers)
    ],
    first: Annotated[bool, typer.Option("--first", help="To the front: it begins next.")] = False,
    last: Annotated[bool, typer.Option("--last", help="To the end, behind all others.")] = False,
    before: Annotated[
        int | None, typer.Option(min=1, help="Right before the transfer of this number.")
    ] = None,
) -> None:
    """Change a transfer's place in the queue.

    «manyhands move 3 --first» makes 3 the next to begin. It holds for this machine, also for what
    waits in another terminal.
    """
    if first + last + (before is not None) != 1:
        raise BadInput(
            f"Where to? Please say one of «manyhands move {transfer} --first», "
            "--last, or --before NUMBER."
        )
    shelf = workshop().shelf
    typer.echo(_moved(shelf, shelf.get(transfer), before, first=first))


def _list(found: Sequence[Transfer], json: bool) -> None:
    if json:
        for each in found:
            typer.echo(shelf_view.as_json(each))
    elif found:
        showing.put_rows(showing.console(), lambda width: shelf_view.as_rows(found, width))
    else:
        typer.echo("No transfers on this machine.", err=True)


def _list_everybodys(json: bool) -> None:
    """A line on stderr says whose follow, so stdout looks the same with and without a sign-in."""
    found = shelves()
    for account, shelf in found.items():
        typer.echo(f"Of {words.harmless(account, 300)}:", err=True)
        _list(shelf.all(), json)
    if not found:
        _list([], json)


def _moved(shelf: Shelf, transfer: Transfer, before: int | None, *, first: bool) -> str:
    """Moves it, and says where it is."""
    name = words.harmless(name_of(transfer))
    if transfer.state in (State.DONE, State.CANCELLED):
        raise NotNow(f"{name} is {transfer.state}; it has no place in the queue.")
    if before == transfer.id:
        raise BadInput("A transfer cannot stand before itself.")
    if before is not None:
        other = words.harmless(name_of(shelf.get(before)))
        shelf.before(transfer.id, before)
        return f"{name} is before {other} in the queue now."
    (shelf.first if first else shelf.last)(transfer.id)
    return f"{name} is {'first' if first else 'last'} in the queue now."
