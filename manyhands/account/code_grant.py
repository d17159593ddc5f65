"""Signing in by browser: a code that is worth nothing to anybody else becomes tokens.

The browser is sent to the service's sign-in page with the SHA-256 of a secret (PKCE) and a random
``state``. It comes back to this machine with a code; only who knows the secret can redeem it, so it
does no harm in the browser's history. The password is seen by that page alone, and whatever the
pool asks for besides, such as a second factor, is between the page and the person.

By hand and not by a library: authlib and oauthlib are servers and clients of every flow there is,
and what is needed here is one hash, one address and one POST.

Source: RFC 7636, RFC 8252; Amazon Cognito Developer Guide, "Authorize endpoint", "Token endpoint".
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlencode

import msgspec

from manyhands.account.cognito import Tokens
from manyhands.account.service import Config, Places
from manyhands.errors import NotUnderstood, SignInRefused, Unreachable
from manyhands.net.transport import Transport
from manyhands.wire import decode

SCOPE = "openid email profile"
TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Ask:
    """One sign-in; nothing of it is used twice."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(64), repr=False)

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode("ascii")).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def address(self, config: Config, places: Places, redirect_uri: str) -> str:
        """Where the browser goes."""
        query = {
            "response_type": "code",
            "client_id": config.client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPE,
            "state": self.state,
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
        }
        return f"{places.authorize}?{urlencode(query)}"


class _Granted(msgspec.Struct, frozen=True):
    access_token: str
    expires_in: float
    refresh_token: str


class _Denied(msgspec.Struct, frozen=True):
    error: str = ""


class _Claims(msgspec.Struct, frozen=True):
    username: str = ""


def redeem(
    ask: Ask, code: str, config: Config, places: Places, redirect_uri: str, transport: Transport
) -> Tokens:
    """The tokens for the code. Raises SignInRefused, Unreachable, NotUnderstood."""
    form = {
        "grant_type": "authorization_code",
        "client_id": config.client_id,
        "redirect_uri": redirect_uri,
        "code": code,
        "code_verifier": ask.verifier,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode(form).encode()
    answer = transport.send("POST", places.token, headers=headers, body=body, timeout_s=TIMEOUT_S)
    if answer.status >= 500 or answer.status == 429:
        raise Unreachable("The sign-in service does not answer as it should. Try again later.")
    if answer.status >= 300:
        raise _refusal(answer.body)
    granted = decode(answer.body, _Granted)
    return Tokens(granted.access_token, granted.expires_in, granted.refresh_token)


def person_of(access_token: str) -> str:
    """The user name in the token, "" if there is none.

    Nothing is verified: the token came straight from the service, and the name is only shown.
    """
    try:
        payload = access_token.split(".")[1]
        claims = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        return decode(claims, _Claims).username
    except (IndexError, ValueError, NotUnderstood):
        return ""


def _refusal(body: bytes) -> SignInRefused:
    try:
        reason = decode(body, _Denied).error or "no reason given"
    except NotUnderstood:
        reason = "no reason given"
    return SignInRefused(f"The sign-in service refused the browser's answer ({reason}). Try again.")
