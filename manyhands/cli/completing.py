"""``manyhands completion``: the script with which a shell completes commands and options."""

import os
from pathlib import Path
from typing import Annotated

import typer
from typer._completion_shared import get_completion_script

from manyhands import words
from manyhands.cli import known
from manyhands.cli.known import SHELLS
from manyhands.errors import BadInput


def completion(
    shell: Annotated[
        str,
        typer.Argument(
            help="bash, zsh, fish or powershell; else the one that SHELL names.",
            autocompletion=known.shells,
        ),
    ] = "",
) -> None:
    """Print the completion script for a shell.

    Put the line for your shell into its file, and open a new terminal:

    \b
    bash        ~/.bashrc
      eval "$(manyhands completion bash)"
    zsh         ~/.zshrc, after compinit
      eval "$(manyhands completion zsh)"
    fish        ~/.config/fish/config.fish
      manyhands completion fish | source
    PowerShell  the file that $PROFILE names
      manyhands completion powershell | Out-String | Invoke-Expression
    """
    typer.echo(
        get_completion_script(
            prog_name="manyhands",
            complete_var="_MANYHANDS_COMPLETE",
            shell=_known(shell or Path(os.environ.get("SHELL", "")).name),
        )
    )


def _known(name: str) -> str:
    """Raises BadInput."""
    if name in SHELLS:
        return name
    whose = f"There is no completion for «{words.harmless(name)}». " if name else ""
    usage = ", ".join(f"«manyhands completion {shell}»" for shell in SHELLS)
    raise BadInput(f"{whose}Please say which shell: {usage}.")
