"""``manyhands login``: by browser, or with a password.

The service is looked for before anything is asked, so nobody types a password for an address where
nobody is. Where no terminal is, nothing is asked at all: it is said which options to give.
"""

import os
import sys
from typing import Annotated

import typer

from manyhands import words
from manyhands.account import profiles, signing
from manyhands.account.store import Account
from manyhands.cli import asking, browser, context, finding, waiting
from manyhands.errors import BadInput, NotConfigured
from manyhands.net.transport import PoolTransport

URL = Annotated[str, typer.Argument(help="The address of the service, as in a browser.")]

WITHOUT_TERMINAL = (
    "Give it on stdin: «manyhands login URL --username NAME --password-stdin». Nothing was sent."
)


def login(
    url: URL = "",
    username: Annotated[str, typer.Option(help="Sign in with a password, without browser.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from stdin, one line.")
    ] = False,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address to open.")
    ] = False,
) -> None:
    """Sign in, and remember it on this machine. With a URL, remember that too."""
    name = context.profile()
    if password_stdin and not username:
        raise BadInput("--password-stdin needs --username NAME. Nothing was sent.")
    base = finding.service(url or _address(name))
    if username or password_stdin or not (no_browser or browser.found(os.environ)):
        account = _by_password(base, username, password_stdin)
    else:
        show = browser.show_only if no_browser else browser.open_too
        account = signing.by_browser(base, show=show, transport=PoolTransport())
    if url:
        context.profiles().set(name, base)
    store = context.store(name)
    with store.locked():
        store.begin(account)
    typer.echo(f"Signed in to {account.url} as {_who(account)}. This is kept in {store.place}.")


def _address(name: str) -> str:
    """Raises NoSuchProfile, NotConfigured."""
    base = context.url()
    if not base:
        raise NotConfigured(
            f"Which service? Please run «{profiles.command(name, 'login URL')}» with its address, "
            f"or «{profiles.command(name, 'configure URL')}» to remember it first."
        )
    return base


def _by_password(base: str, username: str, password_stdin: bool) -> Account:
    if not password_stdin:
        asking.insist_on_terminal("a password", WITHOUT_TERMINAL)
    name = username or str(typer.prompt("User name"))
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else _ask("Password")
    with waiting.answers_of(finding.place(base)):
        return signing.by_password(
            base,
            name,
            password,
            new_password=None if password_stdin else _ask_new,
            transport=PoolTransport(),
        )


def _who(account: Account) -> str:
    return words.harmless(account.username) or "somebody without a name"


def _ask(what: str) -> str:
    return str(typer.prompt(what, hide_input=True))


def _ask_new() -> str:
    typer.echo("This account needs a new password before its first use.")
    return str(typer.prompt("New password", hide_input=True, confirmation_prompt=True))
