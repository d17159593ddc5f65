"""The routes: parse, call the use case, format. Nothing else happens here."""

from collections.abc import Mapping

from chalice import Blueprint, Response

from chalicelib import wiring
from chalicelib.adapters.logs import about
from chalicelib.domain.errors import InvalidRequest
from chalicelib.domain.uploads import Upload
from chalicelib.ports import Caller
from chalicelib.service import boards, uploads
from chalicelib.service.creating import NewFile, create
from chalicelib.web import views
from chalicelib.web.answers import HEADERS, answered, body_of, protocol_of, reply
from chalicelib.web.requests import exchange_request
from chalicelib.wire import (
    CreateReply,
    CreateRequest,
    ExchangeRequest,
    ListReply,
    PageReply,
    PageRequest,
    R,
    decode,
)

routes = Blueprint(__name__)


@routes.route("/me", methods=["GET"])
@answered(routes)
def me(caller: Caller) -> Response:
    return reply(views.me_reply(caller, wiring.core()))


@routes.route("/uploads", methods=["POST"])
@answered(routes)
def create_upload(caller: Caller) -> Response:
    wanted = _said(CreateRequest)
    created, upload = create(
        wiring.core(),
        caller,
        NewFile(
            group=wanted.group,
            name=wanted.name,
            size=wanted.size,
            part_size=wanted.part_size,
            digests=wanted.digests,
            checksum=wanted.checksum,
        ),
    )
    about(upload=upload.id)
    view = views.upload_view(upload, caller)
    return reply(CreateReply("created" if created else "joined", view), 201 if created else 200)


@routes.route("/uploads", methods=["GET"])
@answered(routes)
def list_uploads(caller: Caller) -> Response:
    query = routes.current_request.query_params or {}
    page = uploads.listed(
        wiring.core(),
        caller,
        query.get("group", caller.groups[0]),
        query.get("cursor"),
        _limit(query),
    )
    return reply(ListReply([views.upload_view(u, caller) for u in page.uploads], page.next))


@routes.route("/uploads/{id}", methods=["GET"])
@answered(routes)
def get_upload(caller: Caller, id: str) -> Response:
    upload = uploads.looked_at(wiring.core(), caller, id)
    etag = f'"{upload.generation}.{upload.version}"'
    if routes.current_request.headers.get("if-none-match") == etag:
        return Response("", HEADERS | {"ETag": etag}, 304)
    return _upload(upload, caller, {"ETag": etag})


@routes.route("/uploads/{id}", methods=["DELETE"])
@answered(routes)
def delete_upload(caller: Caller, id: str) -> Response:
    return _upload(uploads.delete(wiring.core(), caller, id), caller)


@routes.route("/uploads/{id}/pause", methods=["POST"])
@answered(routes)
def pause_upload(caller: Caller, id: str) -> Response:
    return _upload(uploads.pause(wiring.core(), caller, id), caller)


@routes.route("/uploads/{id}/resume", methods=["POST"])
@answered(routes)
def resume_upload(caller: Caller, id: str) -> Response:
    return _upload(uploads.resume(wiring.core(), caller, id), caller)


@routes.route("/uploads/{id}/cancel", methods=["POST"])
@answered(routes)
def cancel_upload(caller: Caller, id: str) -> Response:
    return _upload(uploads.cancel(wiring.core(), caller, id), caller)


@routes.route("/uploads/{id}/download", methods=["GET"])
@answered(routes)
def download_upload(caller: Caller, id: str) -> Response:
    return reply(views.download_reply(*uploads.download(wiring.core(), caller, id)))


@routes.route("/uploads/{id}/manifest/{page}", methods=["PUT"])
@answered(routes)
def put_page(caller: Caller, id: str, page: str) -> Response:
    wanted = _said(PageRequest)
    upload = boards.add_page(
        wiring.core(), caller, id, _page(page), wanted.digests, wanted.generation
    )
    return reply(views.known_reply(upload))


@routes.route("/uploads/{id}/manifest/{page}", methods=["GET"])
@answered(routes)
def get_page(caller: Caller, id: str, page: str) -> Response:
    return reply(PageReply(boards.read_page(wiring.core(), caller, id, _page(page))))


@routes.route("/uploads/{id}/tickets", methods=["POST"])
@answered(routes)
def exchange_tickets(caller: Caller, id: str) -> Response:
    core = wiring.core()
    said = _said(ExchangeRequest)
    about(client=said.client)
    request = exchange_request(said, caller.person)
    upload, answer, tickets = boards.take(core, caller, id, request)
    return reply(views.exchange_reply(upload, said.client, answer, tickets, core))


def _upload(upload: Upload, caller: Caller, headers: Mapping[str, str] | None = None) -> Response:
    core = wiring.core()
    view = views.upload_reply(upload, caller, core.clock.now(), core.rules)
    return reply(view, headers=headers)


def _said(kind: type[R]) -> R:
    request = routes.current_request
    return decode(body_of(request), kind, protocol_of(request))


def _limit(query: Mapping[str, str]) -> int:
    limit = _number(query.get("limit", str(uploads.LONGEST_LIST)))
    if limit is None or not 1 <= limit <= uploads.LONGEST_LIST:
        raise InvalidRequest(f"«limit» must be a number from 1 to {uploads.LONGEST_LIST}.")
    return limit


def _page(text: str) -> int:
    page = _number(text)
    if page is None:
        raise InvalidRequest("A page is a number from 0.")
    return page


def _number(text: str) -> int | None:
    """None for what is none, or has so many digits that Python itself would refuse it."""
    plain = text.isascii() and text.isdecimal() and len(text) <= 4
    return int(text) if plain else None
