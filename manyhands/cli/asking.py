"""Asking a person, where there is one: what is no terminal is told which option answers instead."""

import sys

import typer

from manyhands.errors import BadInput


def insist_on_terminal(what: str, advice: str) -> None:
    """Raises BadInput with the ``advice``."""
    if not sys.stdin.isatty():
        raise BadInput(f"There is no terminal to ask for {what}. {advice}")


def sure(question: str, otherwise: str, *, yes: bool) -> None:
    """Raises Exit unless the answer is yes, having said what holds ``otherwise``."""
    if yes:
        return
    insist_on_terminal("a yes", f"{otherwise} Give --yes if you are sure.")
    if not typer.confirm(question):
        typer.echo(otherwise, err=True)
        raise typer.Exit(1)
