"""What every command needs: the account of the chosen profile, the API, a display, and options.

Options that several commands share are declared here once, so that they mean the same everywhere.
"""

import os
import sys
from dataclasses import dataclass
from typing import Annotated

import rich.console
import typer

from manyhands.account import auth
from manyhands.account.store import Store, home
from manyhands.cli import display
from manyhands.net.api import Api
from manyhands.net.transport import PoolTransport

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
GroupOption = Annotated[str, typer.Option(help="Id or name of one of your groups.")]


@dataclass
class Context:
    """Options of the whole command, before the command's own."""

    debug: bool = bool(os.environ.get("MANYHANDS_DEBUG"))


CONTEXT = Context()


def store() -> Store:
    return Store(home(os.environ))


def api() -> Api:
    """The service that this person is signed in to. Raises NotSignedIn, StoreUnusable."""
    transport = PoolTransport()
    session = auth.StoredSession(store(), transport)
    return Api(session.account.api, session, transport)


def screen(json: bool, quiet: bool) -> display.Display:
    if json:
        return display.JsonLines(sys.stdout)
    if quiet:
        return display.Silent()
    if sys.stderr.isatty():
        return display.Bar(rich.console.Console(stderr=True))
    return display.Lines(sys.stderr)
