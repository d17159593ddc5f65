"""The gate before moto: who may speak to S3 at all.

moto itself checks no signature. Here a presigned URL must be signed rightly, be in time, be sent
with exactly the headers that were signed, and with no further ``x-amz-*`` ones; who has neither a
URL nor a key gets nothing. Calls that a library signs in a header must name the key of this stack;
``outside``, where only clients come, they are refused altogether, and so is moto's own control.

Source: Amazon S3 API Reference, "Authenticating requests: using query parameters (Signature
Version 4)".
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

KEY, SECRET = "test", "test"
WEEK_S = 604_800
COGNITO = "AWSCognitoIdentityProviderService"
FOR_ANYBODY = frozenset(
    {"InitiateAuth", "RespondToAuthChallenge", "GetUser", "GlobalSignOut", "RevokeToken"}
)
"""What Cognito answers without a key; a token or a password is in the call itself."""
STAMP = "%Y%m%dT%H%M%SZ"

Environ = dict[str, Any]
Start = Callable[..., Any]
App = Callable[[Environ, Start], Iterable[bytes]]


class Refused(Exception):
    """S3's refusal: status, code and message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Gate:
    """A WSGI application in front of another. ``now`` says what time it is.

    ``trusted``: the addresses that signed calls may come from, None for all.
    """

    def __init__(
        self,
        app: App,
        trusted: frozenset[str] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._app, self._trusted, self._now = app, trusted, now

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        try:
            self._check(environ)
        except Refused as refused:
            _drain(environ)
            return _answer(refused, environ, start)
        return self._app(environ, start)

    def _check(self, environ: Environ) -> None:
        if environ["PATH_INFO"].startswith("/moto-api"):
            raise _denied("Access Denied")
        if "HTTP_AUTHORIZATION" in environ:
            self._check_signed(environ)
        elif "HTTP_X_AMZ_TARGET" in environ:
            _check_public(environ["HTTP_X_AMZ_TARGET"])
        elif _is_s3(environ):
            check_presigned(Presigned.of(environ), self._now())
            environ["CONTENT_TYPE"] = "application/octet-stream"  # moto would read a form

    def _check_signed(self, environ: Environ) -> None:
        if self._trusted is not None and environ["REMOTE_ADDR"] not in self._trusted:
            raise _denied("Access Denied")
        if f"Credential={KEY}/" not in environ["HTTP_AUTHORIZATION"]:
            raise _unknown_key()


@dataclass(frozen=True, slots=True)
class Presigned:
    """A request whose signature is in its query; header names in lower case."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]

    @classmethod
    def of(cls, environ: Environ) -> "Presigned":
        target = urlsplit(environ.get("REQUEST_URI") or environ["RAW_URI"])
        query = parse_qsl(target.query, keep_blank_values=True)
        return cls(environ["REQUEST_METHOD"], target.path, query, _headers(environ))

    def field(self, name: str) -> str:
        found = dict(self.query).get(name)
        if found is None:
            raise Refused(400, "AuthorizationQueryParametersError", f"{name} is missing")
        return found


def check_presigned(request: Presigned, now: datetime) -> None:
    """Raises Refused unless S3 would take the request."""
    if "X-Amz-Signature" not in dict(request.query):
        raise _denied("Access Denied")
    key, _, scope = request.field("X-Amz-Credential").partition("/")
    if key != KEY:
        raise _unknown_key()
    _check_time(request, now)
    _check_scope(request, scope)
    signed = request.field("X-Amz-SignedHeaders").split(";")
    if any(name.startswith("x-amz-") and name not in signed for name in request.headers):
        raise _denied("There were headers present in the request which were not signed")
    if not hmac.compare_digest(signature(request, scope, signed), request.field("X-Amz-Signature")):
        raise Refused(403, "SignatureDoesNotMatch", "The signature does not match the request")


def signature(request: Presigned, scope: str, signed: list[str]) -> str:
    """What the signature must be, in hexadecimal."""
    query = sorted((k, v) for k, v in request.query if k != "X-Amz-Signature")
    canonical = "\n".join(
        [
            request.method,
            quote(unquote(request.path), safe="/-_.~"),
            "&".join(f"{_quoted(k)}={_quoted(v)}" for k, v in query),
            *(f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in signed),
            "",
            ";".join(signed),
            request.headers.get("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
        ]
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", request.field("X-Amz-Date"), scope, digest])
    return hmac.new(_signing_key(scope), text.encode(), hashlib.sha256).hexdigest()


def _signing_key(scope: str) -> bytes:
    key = f"AWS4{SECRET}".encode()
    for step in scope.split("/"):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    return key


def _check_time(request: Presigned, now: datetime) -> None:
    try:
        begun = datetime.strptime(request.field("X-Amz-Date"), STAMP).replace(tzinfo=UTC)
        expires_s = int(request.field("X-Amz-Expires"))
    except ValueError as error:
        raise Refused(400, "AuthorizationQueryParametersError", "malformed time") from error
    if not 0 < expires_s <= WEEK_S:
        raise Refused(400, "AuthorizationQueryParametersError", "must expire within a week")
    if now > begun + timedelta(seconds=expires_s):
        raise _denied("Request has expired")


def _check_scope(request: Presigned, scope: str) -> None:
    """A signature counts for one day, one region (any, here) and one service."""
    day, _, rest = scope.partition("/")
    if day != request.field("X-Amz-Date")[:8] or rest.partition("/")[2] != "s3/aws4_request":
        raise Refused(400, "AuthorizationQueryParametersError", "the credential's scope is wrong")


def _check_public(target: str) -> None:
    service, _, operation = target.partition(".")
    if service != COGNITO or operation not in FOR_ANYBODY:
        raise _denied("Access Denied")


def _is_s3(environ: Environ) -> bool:
    """Not what anybody may ask: a preflight, the pool's public keys."""
    public = environ["PATH_INFO"].endswith("/.well-known/jwks.json")
    return not public and environ["REQUEST_METHOD"] != "OPTIONS"


def _headers(environ: Environ) -> dict[str, str]:
    named = {k[5:]: v for k, v in environ.items() if k.startswith("HTTP_")}
    bare = {k: environ[k] for k in ("CONTENT_TYPE", "CONTENT_LENGTH") if environ.get(k)}
    return {k.replace("_", "-").lower(): str(v) for k, v in (named | bare).items()}


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")


def _denied(message: str) -> Refused:
    return Refused(403, "AccessDenied", message)


def _unknown_key() -> Refused:
    return Refused(403, "InvalidAccessKeyId", "The access key is not known here")


def _drain(environ: Environ) -> None:
    """Read what was sent, so that the refusal arrives and not a reset."""
    left = int(environ.get("CONTENT_LENGTH") or 0)
    while left > 0 and (block := environ["wsgi.input"].read(min(left, 1 << 20))):
        left -= len(block)


def _answer(refused: Refused, environ: Environ, start: Start) -> list[bytes]:
    error = f"<Code>{refused.code}</Code><Message>{refused.message}</Message>"
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{error}</Error>'.encode()
    headers = [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))]
    if origin := environ.get("HTTP_ORIGIN"):
        headers.append(("Access-Control-Allow-Origin", origin))
    start(f"{refused.status} {refused.code}", headers)
    return [body]
