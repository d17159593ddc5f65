"""``manyhands configure``, ``whoami`` and ``logout``."""

import os
from typing import Annotated

import msgspec
import typer

from manyhands import words
from manyhands.account import profiles, signing
from manyhands.account.folder import home
from manyhands.account.store import credentials
from manyhands.cli import asking, context, waiting
from manyhands.cli.entering import URL
from manyhands.errors import NoSuchProfile
from manyhands.net.transport import PoolTransport


def configure(
    url: URL = "",
    profile: Annotated[str, typer.Option(help="As before the command.")] = "",
    list_all: Annotated[bool, typer.Option("--list", help="Show all profiles instead.")] = False,
) -> None:
    """Remember a service's address.

    It is kept under the profile's name.
    """
    name = profiles.checked(profile) if profile else context.profile()
    if list_all:
        _list(context.profiles().all(), name)
        return
    there = context.profiles().all().get(name)
    base = profiles.address(url or _asked(there))
    context.profiles().set(name, base)
    typer.echo(f"The profile {name} is for {base}. Next: «{profiles.command(name, 'login')}»")


def whoami(json: context.Json = False) -> None:
    """Show who is signed in where."""
    session = context.session()
    me = context.api(session).me()
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
    """Sign out, here and at the service."""
    name = context.profile()
    known = {profiles.DEFAULT, *context.profiles().all(), *credentials(home(os.environ))}
    if name not in known and not os.environ.get(profiles.URL_VARIABLE):
        raise NoSuchProfile(name, sorted(known))
    for each in sorted(known | {name}) if all_profiles else [name]:
        _sign_out(each, f" ({each})" if all_profiles else "")


def _sign_out(name: str, which: str) -> None:
    with waiting.answers_of("the service"):
        why_not = signing.sign_out(context.store(name), PoolTransport())
    typer.echo(f"Signed out{which}.")
    if why_not:
        typer.echo(
            f"It is forgotten here, but could not be revoked at the service{which}, "
            f"where it ends by itself after some weeks. {words.harmless(why_not, 1000)}",
            err=True,
        )


def _asked(there: str | None) -> str:
    asking.insist_on_terminal("the address", "Give it: «manyhands configure URL».")
    return str(typer.prompt("Address of the service", default=there))


def _list(found: dict[str, str], current: str) -> None:
    for name, url in sorted(found.items()):
        typer.echo(f"{'*' if name == current else ' '} {name:<12} {words.harmless(url, 1000)}")
    if not found:
        typer.echo("No profiles yet. Please run «manyhands login URL».", err=True)
