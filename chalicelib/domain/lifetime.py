"""What time does to an upload that nobody touches, and when to look next.

``due_at`` is the moment at which the sweep should look at an upload, None for never; the store
keeps it in a sparse index, roughly enough that work on an upload does not move it with every
exchange. The sweep decides by the upload itself, never by the index.
"""

from dataclasses import dataclass
from enum import Enum

from chalicelib.domain.status import ENDED, Status
from chalicelib.domain.uploads import NoticeState, Upload
from chalicelib.domain.values import replace

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Lifetime:
    """In ms. ``settle_ms``: after an end, until no presigned URL of it can live any more.

    ``assemble_ms``: how long joining is tried at least. All parts are there, so a storage that is
    away for an evening should not cost the owner the file.
    """

    warn_ms: int = 5 * DAY
    expire_ms: int = 7 * DAY
    stuck_ms: int = 2 * MINUTE
    assemble_ms: int = DAY
    unsent_ms: int = 5 * MINUTE
    settle_ms: int = 30 * MINUTE
    keep_ended_ms: int = 30 * DAY
    longest_put_off_ms: int = 15 * MINUTE


class Duty(Enum):
    """What the sweep owes an upload; those owed at once are each seen to by itself."""

    NOTHING = "nothing"
    WARN = "warn that it will expire"
    EXPIRE = "expire"
    ASSEMBLE = "assemble"
    NOTIFY = "notify"
    CLEAN = "free what it holds in the storage"
    SETTLE = "free what came late of its former generations"


NOTIFIED = frozenset({Status.COMPLETE, Status.FAILED, Status.EXPIRED})
"""Statuses whose reaching is told to the owner and to the group's subscribers."""


def due_at(upload: Upload, lifetime: Lifetime) -> int | None:
    """When to look at this upload next."""
    due = _first(upload, lifetime)
    return due if due is None else max(due, upload.put_off)


def duties(upload: Upload, now: int, lifetime: Lifetime) -> tuple[Duty, ...]:
    """What is owed to it now; who is to expire is not warned of it any more."""
    due = tuple(duty for at, duty in _agenda(upload, lifetime) if at <= now)
    return (Duty.EXPIRE,) if Duty.EXPIRE in due else due or (Duty.NOTHING,)


def put_off(upload: Upload, now: int, lifetime: Lifetime) -> Upload:
    """Looked at again after as long as it is overdue, so that others have their turn first."""
    due = _first(upload, lifetime)
    if due is None or due > now:
        return upload
    return replace(upload, put_off=now + min(now - due, lifetime.longest_put_off_ms))


def _first(upload: Upload, lifetime: Lifetime) -> int | None:
    return min((at for at, _ in _agenda(upload, lifetime)), default=None)


def expires_in_ms(upload: Upload, now: int, lifetime: Lifetime) -> int:
    return upload.touched_at + lifetime.expire_ms - now


def _agenda(upload: Upload, lifetime: Lifetime) -> list[tuple[int, Duty]]:
    agenda = _own_agenda(upload, lifetime)
    if upload.unsettled:
        agenda.append((upload.created_at + lifetime.settle_ms, Duty.SETTLE))
    return agenda


def _own_agenda(upload: Upload, lifetime: Lifetime) -> list[tuple[int, Duty]]:
    if upload.status is Status.ASSEMBLING:
        begun = max(upload.changed_at + lifetime.stuck_ms, upload.assembly.until)
        return [(begun, Duty.ASSEMBLE)]
    if upload.status is Status.COMPLETE or upload.status in ENDED:
        return _aftermath(upload, lifetime)
    agenda = [(upload.touched_at + lifetime.expire_ms, Duty.EXPIRE)]
    if not upload.warned_at:
        agenda.append((upload.touched_at + lifetime.warn_ms, Duty.WARN))
    return agenda


def _aftermath(upload: Upload, lifetime: Lifetime) -> list[tuple[int, Duty]]:
    agenda = []
    if upload.status in NOTIFIED and upload.notice is not NoticeState.SENT:
        unsent = max(upload.changed_at + lifetime.unsent_ms, upload.notice_until)
        agenda.append((unsent, Duty.NOTIFY))
    if upload.status in ENDED and not upload.cleaned:
        agenda.append((upload.changed_at + lifetime.settle_ms, Duty.CLEAN))
    return agenda
