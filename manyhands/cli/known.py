"""What a shell may complete: ids, numbers, groups and profiles, from what this machine knows.

Ids of uploads are those of its transfers and those that ``list`` showed last. Only for groups the
service is asked, if somebody is signed in without a keyring that could want to be unlocked, with a
short limit: whoever presses Tab does not wait. Nothing that goes wrong is told, since there is no
place for it.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from manyhands.errors import ManyhandsError

Found = list[tuple[str, str]]
SHELLS = ("bash", "zsh", "fish", "powershell")
SHORT_S = 1.5
GOOD_FOR_S = 120.0


def transfers(incomplete: str) -> Found:
    return _matching(incomplete, _transfers)


def uploads(incomplete: str) -> Found:
    return _matching(incomplete, _uploads)


def targets(incomplete: str) -> Found:
    """Numbers of transfers and ids of uploads."""
    return transfers(incomplete) + uploads(incomplete)


def groups(incomplete: str) -> Found:
    return _matching(incomplete, _groups)


def profiles(incomplete: str) -> Found:
    return _matching(incomplete, _profiles)


def commands(incomplete: str) -> Found:
    from manyhands.cli.commands import COMMANDS

    return _matching(incomplete, lambda: ((name, "") for name in COMMANDS))


def shells(incomplete: str) -> Found:
    return _matching(incomplete, lambda: ((name, "") for name in SHELLS))


def _matching(incomplete: str, source: Callable[[], Iterable[tuple[str, str]]]) -> Found:
    found: dict[str, str] = {}
    with suppress(ManyhandsError, OSError):
        for value, what in source():
            found.setdefault(value, what)
    return [(value, what) for value, what in found.items() if value.startswith(incomplete)]


def _transfers() -> Iterator[tuple[str, str]]:
    from manyhands.cli.shelf_view import name_of
    from manyhands.cli.workshop import shelves

    for shelf in shelves().values():
        yield from ((str(each.id), name_of(each)) for each in shelf.all())


def _uploads() -> Iterator[tuple[str, str]]:
    from manyhands.cli import recent
    from manyhands.cli.shelf_view import name_of
    from manyhands.cli.workshop import shelves

    for shelf in shelves().values():
        yield from ((each.upload, name_of(each)) for each in shelf.all() if each.upload)
    yield from recent.recalled()


def _profiles() -> Iterator[tuple[str, str]]:
    from manyhands.cli import context

    yield from context.profiles().all().items()


def _groups() -> Iterator[tuple[str, str]]:
    from manyhands.cli.workshop import shelves

    for shelf in shelves().values():
        yield from ((each.group, "") for each in shelf.all() if each.group)
    yield from _groups_of_the_service()


def _groups_of_the_service() -> Iterator[tuple[str, str]]:
    from manyhands.account.auth import StoredSession
    from manyhands.account.folder import home
    from manyhands.account.store import Store
    from manyhands.cli import context
    from manyhands.net.api import Patience
    from manyhands.net.transport import PoolTransport

    store = Store(home(os.environ), context.profile(), url=context.url())
    session = StoredSession(store, PoolTransport())
    if session.account.expires_at - time.time() > GOOD_FOR_S:
        api = context.api(session, Patience(tries=1, timeout_s=SHORT_S))
        yield from ((group.name, group.id) for group in api.me().groups)
