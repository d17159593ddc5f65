"""What clients do with a board: add pages of the manifest, and exchange."""

from dataclasses import dataclass

from chalicelib.domain.board import Board
from chalicelib.domain.errors import (
    BegunAnew,
    ContentDiffers,
    InvalidRequest,
    NoSuchUpload,
    NotOwner,
    PageOutOfOrder,
    WrongStatus,
)
from chalicelib.domain.exchange import Reply, Request, exchange
from chalicelib.domain.lost import NOTHING, Found, Left, left_behind
from chalicelib.domain.manifest import (
    composite,
    digest_at,
    pack,
    page_count,
    page_length,
    page_of,
    parts_before,
    unpack,
)
from chalicelib.domain.status import ENDED
from chalicelib.domain.uploads import Upload, with_board, with_known
from chalicelib.ports import Caller, Metric, SignedUrl
from chalicelib.service.core import Core, change, seen_by
from chalicelib.service.looking import look


@dataclass(frozen=True, slots=True)
class Ticket:
    """A part handed out, with the URL that takes its bytes and no others."""

    part: int
    offset: int
    length: int
    signed: SignedUrl


def take(
    core: Core, caller: Caller, id: str, request: Request
) -> tuple[Upload, Reply, list[Ticket]]:
    """One exchange: one read, one write, and the pages of the manifest from memory.

    Before it hands out what a lost client held, the storage is asked which of that it has, and the
    exchange is reckoned anew with what was found; that costs a listing and a second read.

    Raises NoSuchUpload, BegunAnew, WrongStatus, BoardBusy and what ``domain.exchange`` raises.
    """
    upload, answer = _exchanged(core, caller, id, request, None)
    if not isinstance(answer, Reply):
        found = look(core, upload, answer)
        upload, answer = _exchanged(core, caller, id, request, (upload.key, found))
    assert isinstance(answer, Reply), "who has looked does not look again"
    return upload, answer, [_ticket(core, upload, part) for part in answer.tickets]


def _exchanged(
    core: Core, caller: Caller, id: str, request: Request, seen: tuple[str, Found] | None
) -> tuple[Upload, Reply | Left]:
    """``seen``: an upload's key, and what was found of its lost clients, or None if nobody looked.

    Answers without a change what to look for, if anything is to be looked for first.
    """
    now = core.clock.now()

    def step(upload: Upload) -> tuple[Upload, tuple[Board, Reply | Left]]:
        seen_by(caller, upload)
        _joined(upload, request.generation)
        found = seen[1] if seen and seen[0] == upload.key else NOTHING
        former = upload.board
        board, reply = exchange(former, request, now, core.rules, found)
        if board is former:
            return upload, (former, reply)
        left = {} if seen else left_behind(former, reply.tickets, now, core.rules)
        return (
            (upload, (former, left)) if left else (with_board(upload, board, now), (former, reply))
        )

    upload, (former, answer) = change(core, id, step)
    if isinstance(answer, Reply):
        _count(core, former, upload.board, answer, now)
    return upload, answer


def _count(core: Core, former: Board, board: Board, reply: Reply, now: int) -> None:
    """An exchange that was only answered again brought nothing new."""
    core.meter.count(Metric.EXCHANGES)
    if board is former:
        return
    if done := board.parts_done - former.parts_done:
        core.meter.count(Metric.PARTS_DONE, done)
    holders = board.holders(now, core.rules)
    if rescues := sum(holders[part] > 1 for part in reply.tickets):
        core.meter.count(Metric.RESCUES, rescues)


def _ticket(core: Core, upload: Upload, part: int) -> Ticket:
    plan = upload.plan
    page, place = page_of(part)
    digest = digest_at(_known_page(core, upload, page), place)
    signed = core.store.sign_put(upload.key, upload.multipart_id, part, plan.length(part), digest)
    return Ticket(part, plan.offset(part), plan.length(part), signed)


def _joined(upload: Upload, generation: int) -> None:
    """Is it the one that the client joined? 0 is any. Raises BegunAnew."""
    if generation not in (0, upload.generation):
        raise BegunAnew


def add_page(
    core: Core, caller: Caller, id: str, page: int, digests: list[str], generation: int = 0
) -> Upload:
    """Add one page of the manifest; the same page again is welcome, and costs no write.

    Raises NoSuchUpload, BegunAnew, NotOwner, WrongStatus, PageOutOfOrder, InvalidRequest,
    DigestMalformed, ContentDiffers.
    """
    upload = seen_by(caller, core.uploads.get(id))
    _joined(upload, generation)
    packed = _checked(caller, upload, page, digests)
    known = parts_before(page) + len(digests)
    is_new = known > upload.board.known
    stored = (
        core.manifests.put(id, upload.generation, page, packed)
        if is_new
        else _known_page(core, upload, page)
    )
    if stored != packed:
        raise ContentDiffers(page=page)
    return _learn(core, upload, known) if is_new else upload


def _checked(caller: Caller, upload: Upload, page: int, digests: list[str]) -> bytes:
    if caller.person.id != upload.owner.id:
        raise NotOwner
    _going_on(upload, upload)
    expected = page_length(page, upload.plan.count)
    if len(digests) != expected:
        raise InvalidRequest(f"Page {page} of this manifest has {expected} digests.", page=page)
    if parts_before(page) > upload.board.known:
        raise PageOutOfOrder(next_page=page_count(upload.board.known))
    return pack(digests)


def _learn(core: Core, upload: Upload, known: int) -> Upload:
    now = core.clock.now()
    whole = known == upload.plan.count
    checksum = composite(core.manifests.whole(upload.id, upload.generation)) if whole else ""

    def step(current: Upload) -> tuple[Upload, None]:
        _going_on(upload, current)
        return with_known(current, known, checksum, now), None

    return change(core, upload.id, step)[0]


def _known_page(core: Core, upload: Upload, page: int) -> bytes:
    """The page; it goes with the upload, which may have ended since it was read."""
    digests = core.manifests.get(upload.id, upload.generation, page)
    if digests is None:
        _going_on(upload, core.uploads.get(upload.id))
        raise NoSuchUpload("This page of the manifest is not known yet.", page=page)
    return digests


def _going_on(upload: Upload, current: Upload | None) -> None:
    """Is this still the same upload, and not ended? Raises BegunAnew, WrongStatus."""
    if current:
        _joined(current, upload.generation)
    if current and current.status in ENDED:
        raise WrongStatus(f"This upload is {current.status.value}.", status=current.status.value)


def read_page(core: Core, caller: Caller, id: str, page: int) -> list[str]:
    """The digests of one page. Raises NoSuchUpload, PageOutOfOrder, BegunAnew, WrongStatus."""
    upload = seen_by(caller, core.uploads.get(id))
    page_length(page, upload.plan.count)
    return unpack(_known_page(core, upload, page))
