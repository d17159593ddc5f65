"""What every command needs: the account of the chosen profile, the API, a display, and options.

Options that several commands share are declared here once, so that they mean the same everywhere.
"""

import os
import sys
from typing import Annotated

import rich.console
import typer

from manyhands.account import auth, former
from manyhands.account.folder import home
from manyhands.account.keyrings import system_keyring
from manyhands.account.profiles import Profiles, chosen
from manyhands.account.store import Store
from manyhands.cli import bars, display, known, waiting
from manyhands.cli.settings import SETTINGS
from manyhands.net.api import Api, Patience
from manyhands.net.slowness import Silence
from manyhands.net.transport import PoolTransport

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
GroupOption = Annotated[
    str, typer.Option(help="Id or name of one of your groups.", autocompletion=known.groups)
]


def profile() -> str:
    """The name of the profile that counts. Raises BadProfile."""
    return chosen(SETTINGS.profile, os.environ)


def profiles() -> Profiles:
    """Raises StoreUnusable."""
    folder = home(os.environ)
    former.adopt(folder)
    return Profiles(folder)


def url() -> str:
    """The address that counts, "" if there is none yet. Raises NoSuchProfile, BadAddress."""
    return profiles().url(profile(), os.environ)


def store(name: str, url: str = "") -> Store:
    """The sign-in of a profile; ``url`` as ``Store`` has it."""
    return Store(home(os.environ), name, url=url, keyring=system_keyring(os.environ))


def session() -> auth.StoredSession:
    """Who is signed in for the profile that counts. Raises NotSignedIn, NoSuchProfile."""
    return auth.StoredSession(store(profile(), url()), PoolTransport())


def api(signed_in: auth.StoredSession | None = None, patience: Patience = waiting.LOOKING) -> Api:
    """The service that this person is signed in to. Raises NotSignedIn, StoreUnusable."""
    own = signed_in or session()
    slow = Silence(waiting.tell)
    return Api(own.account.api, own, PoolTransport(), patience=patience, slow=slow)


def screen(json: bool, quiet: bool) -> display.Screen:
    if json:
        return display.JsonScreen(sys.stdout)
    if quiet:
        return display.SilentScreen()
    if sys.stderr.isatty():
        return bars.BarScreen(rich.console.Console(stderr=True))
    return display.LineScreen(sys.stderr)
