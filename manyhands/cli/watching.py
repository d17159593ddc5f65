"""``manyhands status``: looking at uploads without taking part."""

from typing import Annotated

import typer

from manyhands.cli import context, status


def show_status(
    upload: Annotated[str, typer.Argument(help="The id of one upload; else all are listed.")] = "",
    group: context.GroupOption = "",
    json: context.Json = False,
) -> None:
    """List the uploads of your groups, or show one with its devices."""
    api = context.api()
    if upload:
        reply = api.upload(upload)
        clients = reply.board.clients
        typer.echo(status.as_json(reply.upload, clients) if json else status.as_page(reply))
        return
    found = list(status.uploads(api, group))
    for each in found:
        typer.echo(status.as_json(each) if json else status.as_line(each))
    if not found:
        typer.echo("No uploads yet.", err=True)
