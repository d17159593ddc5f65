"""From the domain's values to the protocol's messages."""

import base64

from chalicelib.domain.board import Client, Rules
from chalicelib.domain.exchange import Reply
from chalicelib.domain.manifest import FIRST_PAGES, PAGE_PARTS
from chalicelib.domain.uploads import Upload
from chalicelib.ports import Caller, SignedUrl
from chalicelib.service.boards import Ticket
from chalicelib.service.core import Core
from chalicelib.wire import (
    PROTOCOL,
    BoardView,
    ClientView,
    DownloadReply,
    ExchangeReply,
    GroupView,
    KnownReply,
    LimitsView,
    MeReply,
    ProgressView,
    TicketView,
    UploadReply,
    UploadView,
    UserView,
)


def me_reply(caller: Caller, core: Core) -> MeReply:
    personal = caller.groups[0]
    groups = [
        GroupView(g, "Personal" if g == personal else g, g == personal) for g in caller.groups
    ]
    limits = LimitsView(
        min_part_size=core.limits.min_part,
        part_size_step=core.limits.step,
        max_parts=core.limits.max_parts,
        max_file_size=core.limits.max_file,
        first_pages=list(FIRST_PAGES),
        page_parts=PAGE_PARTS,
        max_held=core.rules.max_held,
    )
    return MeReply(UserView(caller.person.id, caller.person.name), groups, limits, PROTOCOL)


def upload_view(upload: Upload, caller: Caller) -> UploadView:
    board = upload.board
    return UploadView(
        id=upload.id,
        generation=upload.generation,
        group=upload.group,
        owner=upload.owner.name,
        yours=upload.owner.id == caller.person.id,
        name=upload.name,
        size=board.plan.size,
        part_size=board.plan.part_size,
        parts=board.plan.count,
        parts_known=board.known,
        parts_done=board.parts_done,
        bytes_done=board.bytes_done,
        status=upload.status.value,
        created_at=upload.created_at,
        changed_at=upload.changed_at,
        touched_at=upload.touched_at,
        checksum=upload.checksum,
        reason=upload.reason,
    )


def upload_reply(upload: Upload, caller: Caller, now: int, rules: Rules) -> UploadReply:
    tickets = base64.b64encode(upload.board.tickets).decode()
    board = BoardView(tickets, _clients(upload, now, rules))
    return UploadReply(upload_view(upload, caller), board)


def known_reply(upload: Upload) -> KnownReply:
    return KnownReply(upload.board.known, upload.plan.count, upload.checksum)


def exchange_reply(
    upload: Upload, client: str, reply: Reply, tickets: list[Ticket], core: Core
) -> ExchangeReply:
    me = upload.board.client(client)
    return ExchangeReply(
        status=upload.status.value,
        tickets=[_ticket(t) for t in tickets],
        revoked=list(reply.revoked),
        progress=_progress(upload),
        clients=_clients(upload, core.clock.now(), core.rules),
        number=me.number if me else 0,
        next_exchange_s=reply.next_exchange_ms / 1000,
    )


def download_reply(upload: Upload, signed: SignedUrl) -> DownloadReply:
    return DownloadReply(
        signed.url, signed.expires_ms / 1000, upload.name, upload.plan.size, upload.checksum
    )


def _progress(upload: Upload) -> ProgressView:
    board = upload.board
    return ProgressView(
        parts=board.plan.count,
        parts_known=board.known,
        parts_done=board.parts_done,
        bytes=board.plan.size,
        bytes_done=board.bytes_done,
    )


def _ticket(ticket: Ticket) -> TicketView:
    signed = ticket.signed
    expires_s = signed.expires_ms / 1000
    return TicketView(
        ticket.part, ticket.offset, ticket.length, signed.url, signed.headers, expires_s
    )


def _clients(upload: Upload, now: int, rules: Rules) -> list[ClientView]:
    return [_client(c, now, rules) for c in upload.board.clients]


def _client(client: Client, now: int, rules: Rules) -> ClientView:
    alive = client.alive(now, rules)
    return ClientView(
        number=client.number,
        label=client.label,
        person=client.person.name,
        rate=client.rate,
        parts=client.parts,
        bytes=client.bytes,
        seen_s=max(0, now - client.seen_at) / 1000,
        alive=alive,
        held=list(client.held) if alive else [],
    )
