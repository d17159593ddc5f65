"""``manyhands configure``, ``login``, ``whoami`` and ``logout``."""

import os
import sys
from typing import Annotated

import msgspec
import typer

from manyhands import words
from manyhands.account import profiles, signing
from manyhands.account.folder import home
from manyhands.account.store import Account, credentials
from manyhands.cli import browser, context
from manyhands.errors import BadInput, NoSuchProfile, NotConfigured
from manyhands.net.api import Api
from manyhands.net.transport import PoolTransport

URL = Annotated[str, typer.Argument(help="The address of the service, as in a browser.")]


def configure(
    url: URL = "",
    profile: Annotated[str, typer.Option(help="As before the command.")] = "",
    list_all: Annotated[bool, typer.Option("--list", help="Show all profiles instead.")] = False,
) -> None:
    """Remember the address of a service under the profile's name."""
    name = profiles.checked(profile) if profile else context.profile()
    if list_all:
        _list(context.profiles().all(), name)
        return
    there = context.profiles().all().get(name)
    base = profiles.address(url or str(typer.prompt("Address of the service", default=there)))
    context.profiles().set(name, base)
    typer.echo(f"The profile {name} is for {base}. Next: «{profiles.command(name, 'login')}»")


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
    base = profiles.address(url) if url else _address(name)
    with_password = username or password_stdin or not (no_browser or browser.found(os.environ))
    if with_password:
        account = _by_password(base, username, password_stdin)
    else:
        show = browser.show if no_browser else browser.open_too
        account = signing.by_browser(base, show=show, transport=PoolTransport())
    if url:
        context.profiles().set(name, base)
    store = context.store(name)
    with store.locked():
        store.begin(account)
    typer.echo(f"Signed in to {account.url} as {_who(account)}. This is kept in {store.place}.")


def whoami(json: context.Json = False) -> None:
    """Show who is signed in where."""
    session = context.session()
    me = Api(session.account.api, session, PoolTransport()).me()
    name = context.profile()
    found = {
        "profile": name,
        "address": session.account.url,
        "person": me.user.name,
        "groups": [group.name for group in me.groups],
        "kept_in": context.store(name).place,
    }
    if json:
        typer.echo(msgspec.json.encode({"event": "account", **found}).decode())
        return
    lines = found | {"groups": ", ".join(me.name for me in me.groups)}
    for what, value in lines.items():
        typer.echo(f"{what.replace('_', ' '):<9} {words.harmless(str(value), 1000)}")


def logout(
    all_profiles: Annotated[bool, typer.Option("--all", help="Of every profile.")] = False,
) -> None:
    """Forget the sign-in on this machine, and end it at the service."""
    name = context.profile()
    known = {profiles.DEFAULT, *context.profiles().all(), *credentials(home(os.environ))}
    if name not in known and not os.environ.get(profiles.URL_VARIABLE):
        raise NoSuchProfile(name, sorted(known))
    for each in sorted(known | {name}) if all_profiles else [name]:
        _sign_out(each, f" ({each})" if all_profiles else "")


def _sign_out(name: str, which: str) -> None:
    why_not = signing.sign_out(context.store(name), PoolTransport())
    typer.echo(f"Signed out{which}.")
    if why_not:
        typer.echo(
            f"It is forgotten here, but could not be revoked at the service{which}, "
            f"where it ends by itself after some weeks. {words.harmless(why_not, 1000)}",
            err=True,
        )


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
    name = username or str(typer.prompt("User name"))
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else _ask("Password")
    return signing.by_password(
        base,
        name,
        password,
        new_password=None if password_stdin else _ask_new,
        transport=PoolTransport(),
    )


def _list(found: dict[str, str], current: str) -> None:
    for name, url in sorted(found.items()):
        typer.echo(f"{'*' if name == current else ' '} {name:<12} {words.harmless(url, 1000)}")
    if not found:
        typer.echo("No profiles yet. Please run «manyhands login URL».", err=True)


def _who(account: Account) -> str:
    return words.harmless(account.username) or "somebody without a name"


def _ask(what: str) -> str:
    return str(typer.prompt(what, hide_input=True))


def _ask_new() -> str:
    typer.echo("This account needs a new password before its first use.")
    return str(typer.prompt("New password", hide_input=True, confirmation_prompt=True))
