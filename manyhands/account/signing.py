"""Signing in, by browser or with a password, and out again.

Each way of signing in gives an ``Account``; keeping it is the caller's. Signing out forgets first
and tells the service second: who leaves a borrowed machine without a network has left it, and is
told that the refresh token is still good elsewhere until it expires.
"""

import time
from collections.abc import Callable, Sequence
from urllib.parse import urljoin

from manyhands.account import code_grant
from manyhands.account.auth import with_tokens
from manyhands.account.cognito import Cognito, Reply
from manyhands.account.loopback import PORTS, WAIT_S, Loopback
from manyhands.account.profiles import address
from manyhands.account.service import Config, read_config
from manyhands.account.store import Account, Store
from manyhands.errors import (
    ManyhandsError,
    NewPasswordNeeded,
    NotConfigured,
    NotSignedIn,
    StoreUnusable,
)
from manyhands.net.transport import Transport

Clock = Callable[[], float]


def by_password(
    url: str,
    username: str,
    password: str,
    *,
    new_password: Callable[[], str] | None,
    transport: Transport,
    clock: Clock = time.time,
) -> Account:
    """``new_password`` is asked for one if the account needs it.

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
    return with_tokens(_blank(base, config, username), reply, asked_at)


def by_browser(
    url: str,
    *,
    show: Callable[[str], None],
    transport: Transport,
    ports: Sequence[int] = PORTS,
    wait_s: float = WAIT_S,
    clock: Clock = time.time,
) -> Account:
    """``show`` gets the address that a browser of this machine must open.

    Raises BadAddress, NotConfigured, PortsTaken, SignInTimedOut, SignInRefused, Unreachable.
    """
    base = address(url)
    config = read_config(base, transport)
    places = config.sign_in
    if places is None:
        raise NotConfigured(f"{base} has no sign-in by browser. Please give a --username.")
    ask = code_grant.Ask()
    with Loopback(ask.state, ports) as back:
        show(ask.address(config, places, back.url))
        code = back.code(wait_s)
    asked_at = clock()
    tokens = code_grant.redeem(ask, code, config, places, back.url, transport)
    blank = _blank(base, config, code_grant.person_of(tokens.access_token))
    return with_tokens(blank, Reply(tokens), asked_at)


def sign_out(store: Store, transport: Transport) -> str:
    """Forget the sign-in and revoke it. Why it could not be revoked, "" if it was, or if nobody
    was signed in. Raises StoreUnusable if it cannot be forgotten.
    """
    with store.locked():
        try:
            account = store.load()
        except NotSignedIn:
            return ""
        except StoreUnusable as error:
            store.forget()
            return error.message
        store.forget()
    return _revoke(account, transport)


def _revoke(account: Account, transport: Transport) -> str:
    try:
        Cognito(account.cognito_endpoint, account.client_id, transport).revoke(
            account.refresh_token
        )
    except ManyhandsError as error:
        return error.message
    return ""


def _blank(base: str, config: Config, username: str) -> Account:
    return Account(
        url=base,
        api=urljoin(base, config.api),
        cognito_endpoint=config.cognito_endpoint,
        client_id=config.client_id,
        username=username,
        access_token="",
        refresh_token="",
        expires_at=0.0,
    )
