"""A sign-in that is kept nowhere but in this process; for programs that have their own secrets."""

import contextlib
from collections.abc import Iterator

from manyhands.account.profiles import DEFAULT
from manyhands.account.store import Account


class PassingStore:
    """Stands in for ``Store`` where nothing is to be remembered."""

    profile = DEFAULT

    def __init__(self, account: Account) -> None:
        self._account = account

    def load(self) -> Account:
        return self._account

    def save(self, account: Account) -> None:
        self._account = account

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        yield
