"""``manyhands help``: for whoever expects it there. The same as ``--help``."""

from typing import Annotated

import typer


def show_help(
    ctx: typer.Context,
    command: Annotated[str, typer.Argument(help="Else of all.")] = "",
) -> None:
    """Show help, also of one command."""
    root = ctx.find_root()
    if not command:
        typer.echo(root.get_help())
        return
    found = root.command.get_command(root, command)  # type: ignore[attr-defined]
    if found is None:
        root.fail(f"There is no command «{command}».")
    typer.echo(found.get_help(type(root)(found, info_name=command, parent=root)))
