"""``manyhands transfers`` and ``move``: what is on this machine's shelf, and in which order."""

from typing import Annotated

import typer

from manyhands import words
from manyhands.cli import context, known, replies, shelf_view, showing
from manyhands.cli.saying import say
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

    ↑ is an upload, ↓ a download; «done» is how much of the file is stored, or has arrived. What is
    over stands first, then the queue: the first that waits begins next, and «manyhands move»
    changes that. Without a sign-in, those of everybody who signed in here are shown.
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
    _list(shelf, json)


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
    say(_moved(shelf, shelf.get(transfer), before, first=first))


def _list(shelf: Shelf | None, json: bool) -> None:
    found = shelf.all() if shelf else []
    if json and shelf:
        for each in found:
            typer.echo(shelf_view.as_json(each, shelf.account))
    elif found:
        showing.put_rows(showing.console(), lambda width: shelf_view.as_rows(found, width))
    else:
        typer.echo("No transfers on this machine.", err=True)


def _list_everybodys(json: bool) -> None:
    """A line on stderr says whose follow, so stdout looks the same with and without a sign-in."""
    found = shelves()
    for account, shelf in found.items():
        typer.echo(f"Of {words.harmless(account, 300)}:", err=True)
        _list(shelf, json)
    if not found:
        _list(None, json)


def _moved(shelf: Shelf, transfer: Transfer, before: int | None, *, first: bool) -> str:
    """Moves it, and says where it is."""
    _insist_on_place(transfer)
    if before == transfer.id:
        raise BadInput("A transfer cannot stand before itself.")
    if before is not None:
        other = shelf.get(before)
        _insist_on_place(other)
        shelf.before(transfer.id, before)
        where = f"before {words.harmless(name_of(other))}"
    else:
        (shelf.first if first else shelf.last)(transfer.id)
        where = "first" if first else "last"
    after = replies.AFTER_MOVE.get(transfer.state, "")
    return replies.said(f"{{name}} is {where} in the queue now.{after}", transfer)


def _insist_on_place(transfer: Transfer) -> None:
    if transfer.state in replies.NOT_MOVED:
        raise NotNow(replies.said(replies.NOT_MOVED[transfer.state], transfer))
