"""What Cognito does with a refresh token that is given back, put into moto.

moto has no ``RevokeToken``. Here the token is good for nothing afterwards, whoever asks: the API
that a command line renews by, and the sign-in's own addresses, which ask moto too. Only the client
that it was issued to may revoke it; a token that nobody knows is no news, as RFC 7009 has it.

Source: Amazon Cognito API Reference, "RevokeToken".
"""

from collections.abc import Iterator
from typing import Any

from moto.cognitoidp.models import cognitoidp_backends
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import EmptyResult


class Unauthorized(JsonRESTError):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__("UnauthorizedException", "The client is not authorized.")


def install() -> None:
    """Once is enough; again is harmless."""
    CognitoIdpResponse.revoke_token = _revoke_token


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
