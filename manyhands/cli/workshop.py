"""Where transfers are kept and carried: the shelf, its locks, and the service behind it."""

import os
from dataclasses import dataclass

import typer

from manyhands.account.folder import data
from manyhands.cli import context
from manyhands.net.api import Api, Patience
from manyhands.transfers.database import Database
from manyhands.transfers.queue import Locks, recover
from manyhands.transfers.shelf import Shelf, accounts


@dataclass(frozen=True, slots=True)
class Workshop:
    """This person's transfers on this machine, and the service they are with.

    ``api`` is for somebody who waits, ``patient`` for transfers.
    """

    shelf: Shelf
    locks: Locks
    api: Api
    patient: Api


def workshop() -> Workshop:
    """Raises NotSignedIn, StoreUnusable, NewerDatabase."""
    session = context.session()
    account = f"{session.account.username} at {session.account.url}"
    shelf, locks = _shelf(_database(), account)
    return Workshop(shelf, locks, context.api(session), context.api(session, Patience()))


def shelves() -> dict[str, Shelf]:
    """Everybody's by account, where nobody is signed in. Raises StoreUnusable, NewerDatabase."""
    database = _database()
    return {account: _shelf(database, account)[0] for account in accounts(database)}


def _database() -> Database:
    return Database(data(os.environ), lambda text: typer.echo(text, err=True))


def _shelf(database: Database, account: str) -> tuple[Shelf, Locks]:
    shelf, locks = Shelf(database, account), Locks(data(os.environ) / "locks")
    recover(shelf, locks)
    return shelf, locks
