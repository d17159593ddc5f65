"""The life of an upload, as one table.

Everything that moves an upload from one status to another is a row here and nowhere else: what
is not in the table is refused with ``wrong_status``. The README's and the design's tables are
tested against it. Statuses that nothing leaves still appear, so the table is total.

*Create again* starts the next generation of the same upload: same id, fresh board. Taking the
first ticket, not creating, makes an upload *active*, so "initialized" means that nothing was
ever handed out.
"""

from collections.abc import Mapping
from enum import StrEnum

from chalicelib.domain.errors import WrongStatus


class Status(StrEnum):
    INITIALIZED = "initialized"
    ACTIVE = "active"
    PAUSED = "paused"
    ASSEMBLING = "assembling"
    COMPLETE = "complete"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    DELETED = "deleted"


class Event(StrEnum):
    TAKE = "first ticket taken"
    PAUSE = "pause"
    RESUME = "resume"
    ALL_DONE = "last ticket done"
    REOPEN = "storage lacks parts"
    STORED = "storage has joined the parts"
    GIVE_UP = "given up"
    CANCEL = "cancel"
    EXPIRE = "idle too long"
    DELETE = "delete"
    CREATE = "create again"


TRANSITIONS: Mapping[Status, Mapping[Event, Status]] = {
    Status.INITIALIZED: {
        Event.TAKE: Status.ACTIVE,
        Event.PAUSE: Status.PAUSED,
        Event.CANCEL: Status.CANCELLED,
        Event.EXPIRE: Status.EXPIRED,
    },
    Status.ACTIVE: {
        Event.PAUSE: Status.PAUSED,
        Event.ALL_DONE: Status.ASSEMBLING,
        Event.CANCEL: Status.CANCELLED,
        Event.EXPIRE: Status.EXPIRED,
    },
    Status.PAUSED: {
        Event.RESUME: Status.ACTIVE,
        Event.CANCEL: Status.CANCELLED,
        Event.EXPIRE: Status.EXPIRED,
    },
    Status.ASSEMBLING: {
        Event.REOPEN: Status.ACTIVE,
        Event.STORED: Status.COMPLETE,
        Event.GIVE_UP: Status.FAILED,
    },
    Status.COMPLETE: {Event.DELETE: Status.DELETED},
    Status.FAILED: {Event.CREATE: Status.INITIALIZED},
    Status.CANCELLED: {Event.CREATE: Status.INITIALIZED},
    Status.EXPIRED: {Event.CREATE: Status.INITIALIZED},
    Status.DELETED: {Event.CREATE: Status.INITIALIZED},
}

OPEN = frozenset({Status.INITIALIZED, Status.ACTIVE, Status.PAUSED, Status.ASSEMBLING})
"""Statuses in which the upload may still become complete."""

LIVE = OPEN - {Status.ASSEMBLING}
"""Statuses in which clients may report parts."""

WORKING = frozenset({Status.INITIALIZED, Status.ACTIVE})
"""Statuses in which tickets are handed out."""

ENDED = frozenset({Status.FAILED, Status.CANCELLED, Status.EXPIRED, Status.DELETED})
"""Statuses of which nothing is kept in the storage; create starts afresh."""


def after(status: Status, event: Event) -> Status:
    """The status that follows. Raises WrongStatus for every step that is not in the table."""
    following = TRANSITIONS[status].get(event)
    if following is None:
        raise WrongStatus(
            f"This upload is {status.value}; «{event.value}» is not possible now. "
            "Nothing was changed.",
            status=status.value,
            event=event.name.lower(),
        )
    return following
