"""Pages of other origins that may call the API: those that embed the uploader (frontend/element).

None by default: our own page shares the API's origin. An operator names others in OTHER_ORIGINS.
Nothing is given away by it: the API knows no cookies, so a page can only do what a token lets it
do, and that it must have been given.

Refused: Chalice's own CORS, which knows a single origin, and ``*``, since an operator should be
able to say who embeds the service. What the gateway refuses by itself comes without these headers,
so another page takes it for no answer and repeats it: right for throttling, and the element makes
no request of which it refuses more.

Source: Fetch Standard, "CORS protocol".
"""

from collections.abc import Callable
from typing import Any

from chalice import Chalice, Response

from chalicelib import wiring

METHODS = "GET, POST, PUT, DELETE"
HEADERS = "authorization, content-type, if-none-match, manyhands-protocol"
EXPOSED = "Date, ETag, Retry-After"
REMEMBERED_S = 7200
"""As long as any browser remembers a preflight."""


def open_to_other_pages(app: Chalice) -> None:
    """Before other middleware is registered, whose answers need the headers as well."""
    for path in [*app.routes]:
        app.route(path, methods=["OPTIONS"])(preflight)
    app.register_middleware(with_origin, "http")


def preflight(**_: str) -> Response:
    return Response("", {"Content-Type": "text/plain", "Cache-Control": "no-store"}, 204)


def with_origin(event: Any, get_response: Callable[[Any], Response]) -> Response:
    """Middleware: say that this origin may read the answer, if it may."""
    response = get_response(event)
    origin = event.headers.get("origin")
    others = wiring.settings().other_origins
    if others:
        response.headers["Vary"] = "Origin"
    if origin in others:
        response.headers |= _permission(origin, event.method)
    return response


def _permission(origin: str, method: str) -> dict[str, str]:
    allowed = {"Access-Control-Allow-Origin": origin}
    if method != "OPTIONS":
        return allowed | {"Access-Control-Expose-Headers": EXPOSED}
    return allowed | {
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": HEADERS,
        "Access-Control-Max-Age": str(REMEMBERED_S),
    }
