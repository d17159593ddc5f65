"""``manyhands completion``: the script with which a shell completes commands and options."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer._completion_shared import get_completion_script

from manyhands.errors import BadInput


class Shell(StrEnum):
    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


def completion(
    shell: Annotated[Shell | None, typer.Argument(help="Else the one that SHELL names.")] = None,
) -> None:
    """Print the completion script for a shell.

    For bash, put this line into ~/.bashrc: eval "$(manyhands completion bash)"
    """
    typer.echo(
        get_completion_script(
            prog_name="manyhands", complete_var="_MANYHANDS_COMPLETE", shell=shell or _own()
        )
    )


def _own() -> Shell:
    name = Path(os.environ.get("SHELL", "")).name
    try:
        return Shell(name)
    except ValueError as error:
        shells = ", ".join(Shell)
        raise BadInput(f"Please say which shell: {shells}.") from error
