"""What Cognito does with a refresh token that is given back, and with a second invitation.

moto has no ``RevokeToken``. Here the token is good for nothing afterwards, whoever asks: the API
that a command line renews by, and the sign-in's own addresses, which ask moto too. Only the client
that it was issued to may revoke it; a token that nobody knows is no news, as RFC 7009 has it.

An invitation that is sent again (``RESEND``) is the same person's: moto would put somebody new,
without an address, in their place. Who has signed in already cannot be invited again.

Source: Amazon Cognito API Reference, "RevokeToken", "AdminCreateUser".
"""

from collections.abc import Iterator
from typing import Any

from moto.cognitoidp.models import CognitoIdpBackend, cognitoidp_backends
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import EmptyResult

INVITED = "FORCE_CHANGE_PASSWORD"
_CREATE = CognitoIdpBackend.admin_create_user


class WrongState(JsonRESTError):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__("UnsupportedUserStateException", "Resend not possible.")


class Unauthorized(JsonRESTError):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__("UnauthorizedException", "The client is not authorized.")


def install() -> None:
    """Once is enough; again is harmless."""
    CognitoIdpResponse.revoke_token = _revoke_token
    CognitoIdpBackend.admin_create_user = _invite


def _invite(self: Any, pool: str, name: str, action: str, *more: Any, **rest: Any) -> Any:
    if action != "RESEND":
        return _CREATE(self, pool, name, action, *more, **rest)
    user = self.admin_get_user(pool, name)
    if user.status != INVITED:
        raise WrongState
    return user


def _revoke_token(self: Any) -> EmptyResult:
    token, client_id = self._get_param("Token"), self._get_param("ClientId")
    for pool in _pools():
        if (found := pool.refresh_tokens.get(token)) is None:
            continue
        if found[0] != client_id:
            raise Unauthorized
        pool.refresh_tokens[token] = None
    return EmptyResult()


def _pools() -> Iterator[Any]:
    """Of every region: a call without a key does not say which one it is for."""
    for account in list(cognitoidp_backends.values()):
        for backend in list(account.values()):
            yield from list(backend.user_pools.values())
