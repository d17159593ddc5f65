"""The calls to Cognito: sign in with a password; renew and revoke, however one signed in.

Plain JSON over HTTPS, without an SDK: Cognito's public calls need no AWS credentials. Passwords go
only to the endpoint that the service's own ``/config.json`` names, and are never kept.

``InitiateAuth`` renews what the browser's sign-in gave as well as what a password gave, and
``RevokeToken`` revokes both, so there is one way for either. The other one, ``/oauth2/token`` and
``/oauth2/revoke``, needs the pool's domain, which a sign-in with a password does without.

Source: Amazon Cognito Developer Guide, "Using the refresh token"; API Reference, "RevokeToken".
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from manyhands.errors import NotUnderstood, SignInRefused, Unreachable, WrongPassword
from manyhands.net.transport import Transport
from manyhands.wire import decode

TIMEOUT_S = 20.0
REVOKE_S = 5.0
TARGET = "AWSCognitoIdentityProviderService"


class Tokens(msgspec.Struct, frozen=True, rename="pascal"):
    """``expires_in`` in seconds. A renewal brings no refresh token unless they rotate."""

    access_token: str
    expires_in: float
    refresh_token: str = ""


class Reply(msgspec.Struct, frozen=True, rename="pascal"):
    """Tokens, or a challenge that must be met first."""

    authentication_result: Tokens | None = None
    challenge_name: str = ""
    session: str = ""


class _Refusal(msgspec.Struct, frozen=True):
    kind: str = msgspec.field(name="__type", default="")
    message: str = ""


class Cognito:
    """Every method raises WrongPassword, SignInRefused, Unreachable, NotUnderstood."""

    def __init__(self, endpoint: str, client_id: str, transport: Transport) -> None:
        self._endpoint, self._client_id, self._transport = endpoint, client_id, transport

    def sign_in(self, username: str, password: str) -> Reply:
        given = {"USERNAME": username, "PASSWORD": password}
        return self._call(
            "InitiateAuth", {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": given}
        )

    def set_password(self, username: str, password: str, session: str) -> Reply:
        """Meets the challenge NEW_PASSWORD_REQUIRED."""
        given = {"USERNAME": username, "NEW_PASSWORD": password}
        asked = {"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": session}
        return self._call("RespondToAuthChallenge", asked | {"ChallengeResponses": given})

    def renew(self, refresh_token: str) -> Reply:
        given = {"REFRESH_TOKEN": refresh_token}
        return self._call(
            "InitiateAuth", {"AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": given}
        )

    def revoke(self, refresh_token: str) -> None:
        """Waits for seconds only: who leaves does not wait."""
        self._send("RevokeToken", {"Token": refresh_token}, REVOKE_S)

    def _call(self, action: str, request: Mapping[str, Any]) -> Reply:
        return decode(self._send(action, request, TIMEOUT_S), Reply)

    def _send(self, action: str, request: Mapping[str, Any], timeout_s: float) -> bytes:
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"{TARGET}.{action}",
        }
        body = msgspec.json.encode({"ClientId": self._client_id, **request})
        answer = self._transport.send(
            "POST", self._endpoint, headers=headers, body=body, timeout_s=timeout_s
        )
        if answer.status >= 500:
            raise Unreachable("The sign-in service does not answer as it should. Try again later.")
        if answer.status >= 300:
            raise _refusal(answer.body)
        return answer.body


def _refusal(body: bytes) -> WrongPassword | SignInRefused | Unreachable:
    try:
        said = decode(body, _Refusal)
    except NotUnderstood:
        said = _Refusal()
    kind = said.kind.rpartition("#")[2]
    if kind in ("NotAuthorizedException", "UserNotFoundException"):
        return WrongPassword()
    if kind == "TooManyRequestsException":
        return Unreachable("The sign-in service has too much to do. Try again later.")
    reason = said.message or said.kind or "without a reason"
    return SignInRefused(f"The sign-in service refused: {reason.rstrip('.')}.")
