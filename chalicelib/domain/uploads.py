"""An upload: one file on its way into one object, with its board and its story.

The id is derived from what the file is (group, name, size, part size, the digests of its first
page), so a second device, a second tab, a double click and a restart all arrive at the same
upload. Where two files agree in all of that and differ later, the second one's id also contains
its checksum. After cancel, expiry, failure or deletion the same id starts afresh as the next
``generation``; the generation is part of the S3 key, so nothing late can touch its successor.

``version`` grows with every stored change; a change is written only if nobody wrote in between.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from chalicelib.domain.board import Board, Person, blank, reopened, settled
from chalicelib.domain.manifest import DIGEST_BYTES, composite
from chalicelib.domain.parts import PartPlan
from chalicelib.domain.status import Event, Status
from chalicelib.domain.values import replace

_ID = re.compile(r"[a-z2-7]{26}")


class NoticeState(StrEnum):
    """How far the notice of the end has come; each step is written down before the next."""

    NONE = "none"
    PUBLISHED = "published"
    ON_BUS = "on_bus"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Assembly:
    """``attempts`` begun since the board was last full; nobody else begins before ``until``."""

    attempts: int = 0
    until: int = 0


@dataclass(frozen=True)
class Upload:
    """Times in ms: ``changed_at`` the last change of status, ``touched_at`` the last sign of life.

    ``checksum`` is the composite checksum, "" until the manifest is whole. ``reason`` says why an
    upload failed; ``foreign``: because an object that is not ours is in its place, and stays there.
    ``notice_until``: nobody else begins to tell of its end before. ``warned_at``: when the owner
    was warned that it will expire, 0 for not yet. ``put_off``: the sweep, which failed at it, looks
    at it no earlier. ``unsettled``: the first of its former generations of which something may come
    late, 0 for none.
    """

    id: str
    generation: int
    group: str
    owner: Person
    name: str
    multipart_id: str
    board: Board
    created_at: int
    changed_at: int
    touched_at: int
    checksum: str = ""
    reason: str = ""
    foreign: bool = False
    assembly: Assembly = Assembly()
    notice: NoticeState = NoticeState.NONE
    notice_until: int = 0
    warned_at: int = 0
    cleaned: bool = False
    put_off: int = 0
    unsettled: int = 0
    version: int = 0

    @property
    def status(self) -> Status:
        return self.board.status

    @property
    def plan(self) -> PartPlan:
        return self.board.plan

    @property
    def key(self) -> str:
        return object_key(self.id, self.generation)


@dataclass(frozen=True)
class FileIdentity:
    """What makes two uploads the same. ``checksum`` only where all the rest agrees."""

    group: str
    name: str
    plan: PartPlan
    first_page: bytes
    checksum: str = ""

    @cached_property
    def upload_id(self) -> str:
        """26 characters of a-z and 2-7: 130 bits, safe in a URL and on a command line."""
        fields = (self.group, self.name, str(self.plan.size), str(self.plan.part_size))
        text = "".join(f"{len(f.encode())}:{f}," for f in (*fields, self.checksum))
        digest = hashlib.sha256(text.encode() + self.first_page).digest()
        return base64.b32encode(digest[:20]).decode().lower()[:26]


def may_be_an_id(text: str) -> bool:
    """Whether any upload could have this id at all."""
    return _ID.fullmatch(text) is not None


def object_key(id: str, generation: int) -> str:
    """The S3 key: made of nothing that a person chose."""
    return f"uploads/{id}/{generation}"


def token(id: str, generation: int) -> str:
    """What our object bears in its metadata, so that it is known again as ours."""
    return f"{id}.{generation}"


def new_upload(
    file: FileIdentity, generation: int, owner: Person, multipart_id: str, now: int
) -> Upload:
    known = len(file.first_page) // DIGEST_BYTES
    return Upload(
        id=file.upload_id,
        generation=generation,
        group=file.group,
        owner=owner,
        name=file.name,
        multipart_id=multipart_id,
        board=blank(file.plan, known),
        created_at=now,
        changed_at=now,
        touched_at=now,
        checksum=composite(file.first_page) if known == file.plan.count else "",
    )


def begun_anew(new: Upload, former: Upload) -> Upload:
    """``new`` in the place of ``former``, which ended."""
    late = 0 if former.cleaned else former.generation
    return replace(new, version=former.version, unsettled=former.unsettled or late)


def with_board(upload: Upload, board: Board, now: int) -> Upload:
    """The upload after its clients moved the board: a sign of life."""
    moved = board.status is not upload.status
    assembly = Assembly() if moved and board.status is Status.ASSEMBLING else upload.assembly
    changed = now if moved else upload.changed_at
    return replace(
        upload,
        board=board,
        touched_at=now,
        changed_at=changed,
        warned_at=0,
        assembly=assembly,
        put_off=0,
    )


def moved(upload: Upload, event: Event, now: int, reason: str = "") -> Upload:
    """The upload one step on in the status table. Raises WrongStatus."""
    board = upload.board.moved(event)
    return replace(
        upload,
        board=board,
        changed_at=now,
        reason=reason,
        notice=NoticeState.NONE,
        notice_until=0,
        put_off=0,
    )


def paused(upload: Upload, now: int) -> Upload:
    if upload.status is Status.PAUSED:
        return upload
    return with_board(upload, upload.board.moved(Event.PAUSE), now)


def resumed(upload: Upload, now: int) -> Upload:
    """Active again, or assembling if the parts in flight at the pause were the last."""
    if upload.status is Status.ACTIVE:
        return upload
    return with_board(upload, settled(upload.board.moved(Event.RESUME)), now)


def with_known(upload: Upload, known: int, checksum: str, now: int) -> Upload:
    """The upload with more of its manifest known; ``checksum`` "" until that is whole."""
    board = replace(upload.board, known=max(known, upload.board.known))
    return replace(with_board(upload, board, now), checksum=checksum or upload.checksum)


def cancelled(upload: Upload, now: int) -> Upload:
    return upload if upload.status is Status.CANCELLED else moved(upload, Event.CANCEL, now)


def deleted(upload: Upload, now: int) -> Upload:
    return upload if upload.status is Status.DELETED else moved(upload, Event.DELETE, now)


def lacking(upload: Upload, parts: frozenset[int], now: int) -> Upload:
    """Active again, because the storage lacks these parts."""
    return with_board(upload, reopened(upload.board, parts), now)


def begun_assembly(upload: Upload, until: int) -> Upload:
    return replace(upload, assembly=Assembly(upload.assembly.attempts + 1, until))
