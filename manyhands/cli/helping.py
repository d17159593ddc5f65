"""``manyhands help``: for whoever expects it there. The same as ``--help``."""

from typing import Annotated

import typer

from manyhands.cli import known


def show_help(
    ctx: typer.Context,
    command: Annotated[
        str, typer.Argument(help="Else of all.", autocompletion=known.commands)
    ] = "",
) -> None:
    """Show help, also of one command."""
    root = ctx.find_root()
    if not command:
        typer.echo(root.get_help())
        return
    _, found, _ = root.command.resolve_command(root, [command])  # type: ignore[attr-defined]
    typer.echo(found.get_help(type(root)(found, info_name=command, parent=root)))
