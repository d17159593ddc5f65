"""What is worth a line between two looks at an upload, where nothing can be redrawn.

Devices that come and go, a status that turns, and each whole percent: at most a hundred lines about
the bytes, however long it takes and however often one looks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from manyhands.board.look import Look
from manyhands.board.statuses import is_over, shown
from manyhands.board.totals import present, share_of
from manyhands.wire import Client, UploadReply


class Kind(Enum):
    CAME = auto()
    WENT = auto()
    MOVED = auto()


@dataclass(frozen=True, slots=True)
class News:
    """``device``: who came or went."""

    kind: Kind
    device: Client | None = None


def news(before: Look, after: Look) -> Iterator[News]:
    """In the order in which it is told. That devices leave an upload that is over is no news."""
    former = _present(before)
    for client in after.clients:
        if present(client, after.age_s) and client.number not in former:
            yield News(Kind.CAME, client)
        if client.number in former - _present(after) and not is_over(after.upload.status):
            yield News(Kind.WENT, client)
    if _state(before) != _state(after):
        yield News(Kind.MOVED)


def same(one: UploadReply, other: UploadReply) -> bool:
    """Whether nothing changed but the time since devices were heard of."""
    return _timeless(one) == _timeless(other)


def _present(look: Look) -> set[int]:
    return {client.number for client in look.clients if present(client, look.age_s)}


def _state(look: Look) -> tuple[str, int]:
    return shown(look.upload, look.now_ms), int(100 * share_of(look.upload))


def _timeless(reply: UploadReply) -> tuple[object, ...]:
    rows = [(c.number, c.label, c.rate, c.parts, c.alive, c.held) for c in reply.board.clients]
    return reply.upload, reply.board.tickets, rows
