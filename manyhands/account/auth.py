"""Signing in once, and staying signed in.

``login`` finds out from the service where to sign in, exchanges the password for tokens and keeps
those. A ``StoredSession`` gives the access token to ``api`` and renews it before it expires, or
when the service refuses it. Several processes share one sign-in: whoever renews holds the store's
lock and first looks whether another has renewed meanwhile. A refresh token that is refused means
signing in again; whatever was uploaded waits.
"""

import threading
import time
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import msgspec

from manyhands.account.cognito import Cognito, Reply
from manyhands.account.store import Account, Store
from manyhands.errors import (
    BadAddress,
    NewPasswordNeeded,
    NotConfigured,
    NotSignedIn,
    NotUnderstood,
    SignInRefused,
    WrongPassword,
)
from manyhands.net.transport import Transport
from manyhands.wire import decode

RENEW_BEFORE_S = 120.0
CONFIG_TIMEOUT_S = 15.0


class Config(msgspec.Struct, frozen=True):
    """``/config.json``: where the API and the sign-in are."""

    api: str
    client_id: str
    cognito_endpoint: str


def address(text: str) -> str:
    """The service's address, ending in "/". Raises BadAddress."""
    url = text if "://" in text else f"https://{text}"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise BadAddress(f"«{text}» is not the address of a Manyhands service.")
    return url if url.endswith("/") else f"{url}/"


def read_config(url: str, transport: Transport) -> Config:
    """Raises NotConfigured, Unreachable."""
    answer = transport.send(
        "GET", urljoin(url, "config.json"), headers={}, body=None, timeout_s=CONFIG_TIMEOUT_S
    )
    try:
        if answer.status == 200:
            return decode(answer.body, Config)
    except NotUnderstood as error:
        raise NotConfigured(f"{url} does not say where to sign in: {error.message}") from error
    raise NotConfigured(f"{url} is not a Manyhands service (status {answer.status}).")


def login(
    url: str,
    username: str,
    password: str,
    *,
    new_password: Callable[[], str] | None,
    transport: Transport,
    store: Store,
    clock: Callable[[], float] = time.time,
) -> Account:
    """Sign in and remember it. ``new_password`` is asked for one if the account needs it.

    Raises BadAddress, NotConfigured, WrongPassword, NewPasswordNeeded, SignInRefused, Unreachable.
    """
    base = address(url)
    config = read_config(base, transport)
    cognito = Cognito(config.cognito_endpoint, config.client_id, transport)
    asked_at = clock()
    reply = cognito.sign_in(username, password)
    if reply.challenge_name == "NEW_PASSWORD_REQUIRED":
        if new_password is None:
            raise NewPasswordNeeded
        reply = cognito.set_password(username, new_password(), reply.session)
    blank = Account(
        url=base,
        api=urljoin(base, config.api),
        cognito_endpoint=config.cognito_endpoint,
        client_id=config.client_id,
        username=username,
        access_token="",
        refresh_token="",
        expires_at=0.0,
    )
    account = _with_tokens(blank, reply, asked_at)
    store.save(account)
    return account


class StoredSession:
    """The ``Session`` of ``api``, from the store. Safe to share between threads."""

    def __init__(
        self, store: Store, transport: Transport, clock: Callable[[], float] = time.time
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
            return _with_tokens(account, cognito.renew(account.refresh_token), asked_at)
        except WrongPassword as error:
            raise NotSignedIn(
                f"Your sign-in has ended. Please run «manyhands login {account.url}»; "
                "what was uploaded so far is kept."
            ) from error

    def _fresh(self, account: Account) -> bool:
        return account.expires_at - self._clock() > RENEW_BEFORE_S


def _with_tokens(account: Account, reply: Reply, asked_at: float) -> Account:
    tokens = reply.authentication_result
    if tokens is None:
        raise SignInRefused(
            f"The sign-in service asks for {reply.challenge_name or 'more'}, "
            "which this command line cannot give. Please sign in on the web page."
        )
    return msgspec.structs.replace(
        account,
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token or account.refresh_token,
        expires_at=asked_at + tokens.expires_in,
    )
