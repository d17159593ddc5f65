"""Who calls, and where a person gets mail: Cognito.

A token is believed only if everything is right: signed with RS256 by a key of our pool, issued by
it, an *access* token, for one of our app clients, not expired. Nothing of a token is ever echoed.

Keys are fetched once and kept for an hour. A token with an unknown key id makes PyJWKClient fetch
them again, since keys are rotated, but not within 30 seconds of the last fetch that succeeded
(its ``cooldown_duration``; that one instance lives as long as the process is what makes it count).
So junk cannot turn into a flood, and a new key is known after half a minute. A fetch that fails
starts no such pause: while Cognito is down, a made-up key id costs its sender an attempt of five
seconds at most, and kept keys go on serving everybody else. A token that is not even RS256 is
refused before any key is looked for. That keys cannot be had is our trouble, never called an
invalid sign-in: people would sign in again for nothing.

Refused: trusting the gateway's authorizer alone (it is not there on one machine), and asking
Cognito for each call (GetUser costs a round trip and has a low quota).

IAM: cognito-idp:AdminGetUser on the pool, for ``CognitoPeople`` only; verifying needs none.

Source: Amazon Cognito Developer Guide, "Verifying JSON web tokens".
"""

import ipaddress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import jwt

from chalicelib.adapters.faults import passing
from chalicelib.domain.board import Person
from chalicelib.domain.errors import IdentityUnavailable, TokenExpired, TokenInvalid
from chalicelib.ports import Caller

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

ALGORITHM = "RS256"
LEEWAY_S = 30
KEPT_S = 3600
JUNK = (jwt.PyJWTError, ValueError, RecursionError)
"""What PyJWT raises for something that is no JWT or no key; the last, for JSON too deep."""

PERSONAL = "user:"
"""Begins the name of everybody's own group; a pool's group cannot pass for one."""


def issuer_of(region: str, pool_id: str) -> str:
    return f"https://cognito-idp.{region}.amazonaws.com/{pool_id}"


def jwks_url_of(issuer: str, override: str) -> str:
    """Where the pool's keys are. An override counts only on this machine.

    moto signs with a key that everybody knows, so trusting another address would open every door.
    Raises ValueError.
    """
    if not override:
        return f"{issuer}/.well-known/jwks.json"
    if not _is_on_this_machine(override):
        raise ValueError("JWKS_URL may only be a loopback address")
    return override


class CognitoTokens:
    """The port ``Tokens``."""

    def __init__(self, issuer: str, client_ids: tuple[str, ...], jwks_url: str) -> None:
        self._issuer, self._client_ids = issuer, client_ids
        self._keys = jwt.PyJWKClient(jwks_url, timeout=5, lifespan=KEPT_S)

    def verify(self, token: str) -> Caller:
        claims = self._claims(token)
        if claims.get("token_use") != "access" or claims.get("client_id") not in self._client_ids:
            raise TokenInvalid
        return _caller(claims)

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key(_key_id(token)),
                algorithms=[ALGORITHM],
                issuer=self._issuer,
                leeway=LEEWAY_S,
                options={"require": ["exp", "iat", "iss", "sub"], "verify_aud": False},
            )
        except jwt.ExpiredSignatureError:
            raise TokenExpired from None
        except JUNK:
            raise TokenInvalid from None
        return claims

    def _key(self, key_id: str) -> jwt.PyJWK:
        """The pool's key of this name. Raises TokenInvalid, IdentityUnavailable."""
        try:
            self._keys.get_signing_keys()
        except JUNK as error:
            raise IdentityUnavailable from error
        try:
            return self._keys.get_signing_key(key_id)
        except jwt.PyJWKClientConnectionError as error:
            raise IdentityUnavailable from error
        except jwt.PyJWKClientError:
            raise TokenInvalid from None
        except JUNK as error:
            raise IdentityUnavailable from error


class CognitoPeople:
    """The port ``People``."""

    def __init__(self, client: "CognitoIdentityProviderClient", pool_id: str) -> None:
        self._client, self._pool_id = client, pool_id

    def address(self, person: Person) -> str | None:
        try:
            with passing(IdentityUnavailable):
                user = self._client.admin_get_user(UserPoolId=self._pool_id, Username=person.name)
        except self._client.exceptions.UserNotFoundException:
            return None
        found = {a["Name"]: a.get("Value", "") for a in user["UserAttributes"]}
        verified = found.get("email_verified") == "true" and found.get("sub") == person.id
        return found.get("email") if verified else None


def _key_id(token: str) -> str:
    header = jwt.get_unverified_header(token)
    if header.get("alg") != ALGORITHM:
        raise TokenInvalid
    return str(header.get("kid"))


def _caller(claims: dict[str, Any]) -> Caller:
    sub = str(claims["sub"])
    groups = claims.get("cognito:groups", [])
    named = sorted(g for g in groups if isinstance(g, str) and not g.startswith(PERSONAL))
    name = str(claims.get("username", sub))
    return Caller(Person(sub, name), (f"{PERSONAL}{sub}", *named))


def _is_on_this_machine(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc:
        return False
    return parts.hostname == "localhost" or _is_loopback(parts.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
