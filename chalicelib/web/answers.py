"""From a use case's answer, or its refusal, to HTTP; one shape for every refusal.

Errors are translated in a decorator under ``@route``: Chalice's middleware never sees a view's
exceptions, and what is raised there becomes a 500. What it does see are the responses, among them
those that Chalice makes itself (another method, another media type, a defect in a view), and so
the middleware gives those our shape. Who calls is found out here too, on every route, in code: the
gateway's authorizer is only an outer fence and does not exist on one machine.
"""

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from chalice import Blueprint, Response

from chalicelib import wiring
from chalicelib.adapters.logs import about
from chalicelib.domain.errors import (
    BodyTooLarge,
    Internal,
    ManyhandsError,
    MethodNotAllowed,
    NoSuchUpload,
    NotJson,
    ProtocolNotServed,
    TokenMissing,
)
from chalicelib.domain.uploads import may_be_an_id
from chalicelib.ports import Caller
from chalicelib.wire import OLDEST, PROTOCOL, ErrorReply, encode

log = logging.getLogger(__name__)

MAX_BODY = 256 * 1024
"""Bytes; several times the largest request that makes sense."""

HEADERS = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}

PROTOCOL_HEADER = "manyhands-protocol"

_OF_CHALICE: dict[int, type[ManyhandsError]] = {405: MethodNotAllowed, 415: NotJson, 500: Internal}


def answered(routes: Blueprint) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Call the view with the verified caller first, and make its refusals responses."""

    def decorate(view: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(view)
        def answer(**parameters: str) -> Response:
            try:
                protocol_of(routes.current_request)
                caller = _caller(routes.current_request.headers)
                _check_id(parameters)
                return view(caller, **parameters)
            except ManyhandsError as error:
                return refusal(error)

        return answer

    return decorate


def reply(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(encode(body).decode(), HEADERS | dict(headers or {}), status)


def refusal(error: ManyhandsError) -> Response:
    about(code=error.code)
    if error.__cause__ is not None and error.status_hint >= 500:
        log.error("%s", error.code, exc_info=error.__cause__)
    body = ErrorReply(error.code, error.message, error.retryable, error.details)
    waits = {"Retry-After": "1"} if error.retryable else {}
    return reply(body, error.status_hint, waits)


def one_shape(event: Any, get_response: Callable[[Any], Response]) -> Response:
    """Middleware: a refusal that Chalice made itself, in our shape."""
    response = get_response(event)
    made_by_chalice = isinstance(response.body, dict) and "Code" in response.body
    if not made_by_chalice:
        return response
    return refusal(_OF_CHALICE.get(response.status_code, Internal)())


def protocol_of(request: Any) -> int:
    """Which protocol the client speaks; 1 if it does not say. Raises ProtocolNotServed."""
    said = request.headers.get(PROTOCOL_HEADER, "1")
    protocol = int(said) if said.isascii() and said.isdecimal() and len(said) <= 4 else 0
    if protocol < OLDEST:
        raise ProtocolNotServed(oldest=OLDEST, protocol=PROTOCOL)
    return protocol


def body_of(request: Any) -> bytes:
    """The request's body. Raises BodyTooLarge."""
    body: bytes = request.raw_body
    if len(body) > MAX_BODY:
        raise BodyTooLarge(limit=MAX_BODY)
    return body


def _check_id(parameters: Mapping[str, str]) -> None:
    """What cannot be an id is not asked for: DynamoDB takes a key of 2 KB for a defect of ours."""
    if "id" not in parameters:
        return
    if not may_be_an_id(parameters["id"]):
        raise NoSuchUpload
    about(upload=parameters["id"])


def _caller(headers: Any) -> Caller:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenMissing
    return wiring.tokens().verify(token.strip())
