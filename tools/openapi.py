"""Writes ``docs/openapi.yaml`` from the server's own message types and error tree.

The schemas are those that requests are decoded with and replies encoded from, so the document
cannot say anything else than the server does; a test compares it with the routes and with what is
answered. ``python -m tools.openapi`` renews it, ``--check`` only says whether it is current.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import yaml

from chalicelib import wire
from chalicelib.domain import errors

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "openapi.yaml"

Error = type[errors.ManyhandsError]

SIGN_IN: tuple[Error, ...] = (
    errors.TokenMissing,
    errors.TokenInvalid,
    errors.TokenExpired,
    errors.IdentityUnavailable,
)
ALWAYS: tuple[Error, ...] = (
    errors.ProtocolNotServed,
    *SIGN_IN,
    errors.StorageUnavailable,
    errors.Internal,
)
BODY: tuple[Error, ...] = (
    errors.MalformedBody,
    errors.InvalidRequest,
    errors.BodyTooLarge,
    errors.NotJson,
)
ONE: tuple[Error, ...] = (*ALWAYS, errors.NoSuchUpload)
MOVE: tuple[Error, ...] = (*ONE, errors.WrongStatus, errors.BoardBusy)

GATEWAY = {"429": "too_many_requests", "4XX": "bad_request", "5XX": "unavailable"}
"""What the gateway may answer to any call in the service's place."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    path: str
    method: str
    summary: str
    replies: dict[int, Any]
    refuses: tuple[Error, ...]
    request: Any = None
    query: tuple[str, ...] = ()


OPERATIONS = (
    Operation(
        path="/me",
        method="GET",
        summary="Who am I, which groups am I in, what are the limits",
        replies={200: wire.MeReply},
        refuses=ALWAYS,
    ),
    Operation(
        path="/uploads",
        method="POST",
        summary="Create an upload, or join the one that is there",
        request=wire.CreateRequest,
        replies={201: wire.CreateReply, 200: wire.CreateReply},
        refuses=(
            *ALWAYS,
            *BODY,
            errors.NotInGroup,
            errors.NameNotUsable,
            errors.FileTooLarge,
            errors.PartSizeDiffers,
            errors.DigestMalformed,
            errors.TooManyUploads,
            errors.GroupFull,
            errors.BoardBusy,
        ),
    ),
    Operation(
        path="/uploads",
        method="GET",
        summary="The uploads of a group, newest first; by default the personal one",
        query=("group", "cursor", "limit"),
        replies={200: wire.ListReply},
        refuses=(*ALWAYS, errors.NotInGroup, errors.InvalidRequest),
    ),
    Operation(
        path="/uploads/{id}",
        method="GET",
        summary="One upload and its board; 304 if it still bears the ETag of If-None-Match",
        replies={200: wire.UploadReply, 304: None},
        refuses=ONE,
    ),
    Operation(
        path="/uploads/{id}",
        method="DELETE",
        summary="Delete the stored object",
        replies={200: wire.UploadReply},
        refuses=(*MOVE, errors.NotOwner),
    ),
    Operation(
        path="/uploads/{id}/manifest/{page}",
        method="PUT",
        summary="Add a page of the manifest",
        request=wire.PageRequest,
        replies={200: wire.KnownReply},
        refuses=(
            *MOVE,
            *BODY,
            errors.NotOwner,
            errors.BegunAnew,
            errors.PageOutOfOrder,
            errors.DigestMalformed,
            errors.ContentDiffers,
        ),
    ),
    Operation(
        path="/uploads/{id}/manifest/{page}",
        method="GET",
        summary="Read a page of the manifest",
        replies={200: wire.PageReply},
        refuses=(
            *ONE,
            errors.PageOutOfOrder,
            errors.InvalidRequest,
            errors.BegunAnew,
            errors.WrongStatus,
        ),
    ),
    Operation(
        path="/uploads/{id}/tickets",
        method="POST",
        summary="The exchange: say what is held and done, take new tickets",
        request=wire.ExchangeRequest,
        replies={200: wire.ExchangeReply},
        refuses=(
            *MOVE,
            *BODY,
            errors.BegunAnew,
            errors.PartOutOfRange,
            errors.TooManyHeld,
            errors.ClientTaken,
            errors.StruckOut,
            errors.StaleExchange,
            errors.TicketNotTaken,
            errors.BoardFull,
        ),
    ),
    Operation(
        path="/uploads/{id}/pause",
        method="POST",
        summary="Pause for everybody",
        replies={200: wire.UploadReply},
        refuses=MOVE,
    ),
    Operation(
        path="/uploads/{id}/resume",
        method="POST",
        summary="Go on",
        replies={200: wire.UploadReply},
        refuses=MOVE,
    ),
    Operation(
        path="/uploads/{id}/cancel",
        method="POST",
        summary="End it and free its parts",
        replies={200: wire.UploadReply},
        refuses=(*MOVE, errors.NotOwner),
    ),
    Operation(
        path="/uploads/{id}/download",
        method="GET",
        summary="A URL that saves the file under its name",
        replies={200: wire.DownloadReply},
        refuses=(*ONE, errors.WrongStatus),
    ),
)

_PARAMETERS = {
    "id": {"type": "string", "pattern": "^[a-z2-7]{26}$"},
    "page": {"type": "integer", "minimum": 0},
    "group": {"type": "string"},
    "cursor": {"type": "string"},
    "limit": {"type": "integer", "minimum": 1, "maximum": 50},
}


def document(gateway: bool = True) -> dict[str, Any]:
    """The whole document, as OpenAPI 3.1; without ``gateway`` what the service itself answers."""
    schemas = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(
            operation, gateway
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Manyhands",
            "version": "1",
            "description": "Made from chalicelib/wire.py by tools/openapi.py; see protocol.md.",
        },
        "servers": [{"url": "/api"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas,
        },
    }


def _types() -> list[Any]:
    requests = [o.request for o in OPERATIONS if o.request]
    return [wire.ErrorReply, *requests, *(r for o in OPERATIONS for r in o.replies.values() if r)]


def _schemas() -> dict[str, Any]:
    unique = list(dict.fromkeys(_types()))
    _, components = msgspec.json.schema_components(
        unique, ref_template="#/components/schemas/{name}"
    )
    return dict(sorted(components.items()))


def _operation(operation: Operation, gateway: bool) -> dict[str, Any]:
    described: dict[str, Any] = {"summary": operation.summary}
    if parameters := list(_parameters(operation)):
        described["parameters"] = parameters
    if operation.request:
        described["requestBody"] = {"required": True, "content": _content(operation.request)}
    described["responses"] = _responses(operation, GATEWAY if gateway else {})
    return described


def _parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    for name, schema in _PARAMETERS.items():
        if f"{{{name}}}" in operation.path:
            yield {"name": name, "in": "path", "required": True, "schema": schema}
        elif name in operation.query:
            yield {"name": name, "in": "query", "schema": schema}


def _responses(operation: Operation, others: Mapping[str, str]) -> dict[str, Any]:
    replies = {str(status): _reply(reply) for status, reply in operation.replies.items()}
    by_status: dict[str, list[str]] = {status: [code] for status, code in others.items()}
    for error in operation.refuses:
        by_status.setdefault(str(error.status_hint), []).append(error.code)
    refusals = {status: _refusal(codes) for status, codes in sorted(by_status.items())}
    return replies | refusals


def _reply(reply: Any) -> dict[str, Any]:
    if reply is None:
        return {"description": "Unchanged"}
    return {"description": "Done", "content": _content(reply)}


def _refusal(codes: list[str]) -> dict[str, Any]:
    return {"description": ", ".join(sorted(codes)), "content": _content(wire.ErrorReply)}


def _content(message: Any) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{message.__name__}"}
    return {"application/json": {"schema": schema}}


def text() -> str:
    return yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=100)


def main() -> int:
    if "--check" in sys.argv:
        current = DOCUMENT.read_text() == text()
        print("docs/openapi.yaml is current" if current else "run: python -m tools.openapi")
        return 0 if current else 1
    DOCUMENT.write_text(text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
