"""``manyhands list``, ``status`` and ``board``: looking at uploads without taking part."""

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Console, RenderableType

from manyhands.board.look import Look
from manyhands.cli import (
    board_view,
    context,
    known,
    listing,
    looking,
    recent,
    showing,
    status,
)
from manyhands.errors import BadInput

UploadId = Annotated[
    str, typer.Argument(help="The id of one upload.", autocompletion=known.uploads)
]
Watch = Annotated[bool, typer.Option("--watch", "-w", help="Go on until it is over, or Ctrl-C.")]


def list_uploads(
    group: context.GroupOption = "",
    everything: Annotated[bool, typer.Option("--all", help="Also older ones.")] = False,
    json: context.Json = False,
) -> None:
    """List your groups' uploads, newest first."""
    api = context.api()
    found = listing.listed(api, group, everything=everything)
    recent.remember(found.uploads)
    if json:
        for each in found.uploads:
            typer.echo(listing.as_json(each))
    elif found.uploads:
        _print_list(found, api.now_ms())
    _hint(found)


def show_status(
    upload: Annotated[
        str,
        typer.Argument(
            help="The id of one upload; else all are listed.", autocompletion=known.uploads
        ),
    ] = "",
    group: context.GroupOption = "",
    watch: Watch = False,
    json: context.Json = False,
) -> None:
    """Show an upload, or list all.

    «105 MB of 215 MB», share and bar count whole parts that are stored, by all devices. Parts on
    their way are not counted, because they may fail; they are named beside their device. A device
    tells of its parts every few seconds, so its own screen is ahead by some, and shows as «on the
    way» what has left it of parts that are not whole yet.
    """
    if upload and group:
        raise BadInput("--group is for the list. The id alone says which upload is meant.")
    if not upload:
        if watch:
            raise BadInput("To watch, please name one upload; «manyhands list» shows their ids.")
        list_uploads(group, False, json)
        return
    api = context.api()
    if not watch:
        _once(looking.first(api, upload), json)
        return
    with looking.leaving():
        code = _watched(looking.looks(api, upload), json)
    raise typer.Exit(code)


def show_board(
    upload: UploadId,
    watch: Annotated[
        bool | None,
        typer.Option("--watch/--once", help="Live until it is over, as is usual on a terminal."),
    ] = None,
) -> None:
    """Show who brings which part of an upload.

    Each sign of the map is a part, or some: its letter is the device that brings it.
    """
    api, console = context.api(), showing.console()
    live = showing.lively(console) if watch is None else watch
    if not live:
        showing.put(console, _board(looking.first(api, upload), console))
        return
    with looking.leaving():
        code = _followed(looking.looks(api, upload), console)
    raise typer.Exit(code)


def _once(look: Look, json: bool) -> None:
    console = showing.console()
    if json:
        typer.echo(status.as_json(look.reply))
    else:
        showing.put(console, _page(look, console))


def _watched(looks: Iterator[Look], json: bool) -> int:
    console = showing.console()
    if json:
        return looking.follow(looks, showing.Json())
    if not showing.lively(console):
        return looking.follow(looks, showing.Told(console, _page))
    with showing.redrawn(console, _page) as show:
        return looking.follow(looks, show)


def _followed(looks: Iterator[Look], console: Console) -> int:
    if not showing.lively(console):
        return looking.follow(looks, showing.Told(console, _board))
    with showing.redrawn(console, _board, whole_screen=True) as show:
        return looking.follow(looks, show)


def _page(look: Look, console: Console) -> RenderableType:
    return status.as_page(look, console.width)


def _board(look: Look, console: Console) -> RenderableType:
    height = console.height if console.is_terminal else board_view.TALLEST
    styled = showing.has_styles(console)
    return board_view.picture(look, console.width, height, styled=styled)


def _print_list(found: listing.Listed, now_ms: int) -> None:
    showing.put_rows(showing.console(), lambda width: listing.table(found, now_ms, width))


def _hint(found: listing.Listed) -> None:
    if not found.uploads:
        typer.echo("No uploads yet.", err=True)
    if found.more:
        typer.echo(f"These are the newest {listing.NEWEST}; --all lists older ones too.", err=True)
