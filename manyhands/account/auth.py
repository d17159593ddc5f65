"""Staying signed in.

A ``StoredSession`` gives the access token to ``api`` and renews it before it expires, or when the
service refuses it. Several processes share one sign-in: whoever renews holds the store's lock and
first looks whether another has renewed meanwhile. A refresh token that is refused means signing in
again; whatever was uploaded waits.
"""

import threading
import time
from collections.abc import Callable

import msgspec

from manyhands.account.cognito import Cognito, Reply
from manyhands.account.passing import PassingStore
from manyhands.account.profiles import command
from manyhands.account.store import Account, Store
from manyhands.errors import NotSignedIn, SignInRefused, WrongPassword
from manyhands.net.transport import Transport

RENEW_BEFORE_S = 120.0


class StoredSession:
    """The ``Session`` of ``api``, from the store. Safe to share between threads."""

    def __init__(
        self,
        store: Store | PassingStore,
        transport: Transport,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store, self._transport, self._clock = store, transport, clock
        self._lock = threading.Lock()
        self.account = store.load()

    def token(self) -> str:
        with self._lock:
            if self._fresh(self.account):
                return self.account.access_token
            return self._renew(self.account.access_token)

    def renewed(self, refused: str) -> str:
        with self._lock:
            return self._renew(refused)

    def _renew(self, stale: str) -> str:
        with self._store.locked():
            stored = self._store.load()
            if stored.access_token == stale or not self._fresh(stored):
                stored = self._ask(stored)
                self._store.save(stored)
        self.account = stored
        return stored.access_token

    def _ask(self, account: Account) -> Account:
        cognito = Cognito(account.cognito_endpoint, account.client_id, self._transport)
        asked_at = self._clock()
        try:
            return with_tokens(account, cognito.renew(account.refresh_token), asked_at)
        except WrongPassword as error:
            login = command(self._store.profile, f"login {account.url}")
            raise NotSignedIn(
                f"Your sign-in has ended. Please run «{login}»; what was uploaded so far is kept."
            ) from error

    def _fresh(self, account: Account) -> bool:
        return account.expires_at - self._clock() > RENEW_BEFORE_S


def with_tokens(account: Account, reply: Reply, asked_at: float) -> Account:
    """The account with what the sign-in service gave. Raises SignInRefused if that was nothing."""
    tokens = reply.authentication_result
    if tokens is None:
        raise SignInRefused(
            f"The sign-in service asks for {reply.challenge_name or 'more'}, which cannot be given "
            "here. Please sign in by browser: «manyhands login», without --username."
        )
    return msgspec.structs.replace(
        account,
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token or account.refresh_token,
        expires_at=asked_at + tokens.expires_in,
    )
