"""``manyhands login`` and ``logout``."""

import sys
from typing import Annotated

import typer

from manyhands import words
from manyhands.account import auth
from manyhands.cli import context
from manyhands.net.transport import PoolTransport


def login(
    url: Annotated[str, typer.Argument(help="The address of the service, as in a browser.")],
    username: Annotated[str, typer.Option(help="Asked for if not given.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from stdin, one line.")
    ] = False,
) -> None:
    """Sign in, and remember it on this machine."""
    base = auth.address(url)
    name = username or typer.prompt("User name")
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else _ask("Password")
    account = auth.login(
        base,
        name,
        password,
        new_password=None if password_stdin else _ask_new,
        transport=PoolTransport(),
        store=context.store(),
    )
    typer.echo(f"Signed in to {account.url} as {words.harmless(account.username)}.")


def logout() -> None:
    """Forget the sign-in on this machine."""
    context.store().forget()
    typer.echo("Signed out.")


def _ask(what: str) -> str:
    return str(typer.prompt(what, hide_input=True))


def _ask_new() -> str:
    typer.echo("This account needs a new password before its first use.")
    return str(typer.prompt("New password", hide_input=True, confirmation_prompt=True))
