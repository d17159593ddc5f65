"""What every use case needs, and the one way to change an upload.

An upload is read, a pure step is applied to it, and it is written on the condition that nobody
wrote in between; the loser learns in the same call what stands there now, waits a random moment
and applies its step to that. So no change is lost, none is applied twice, and an exchange costs
one read and one write however many tickets it moves. The number of rounds is bounded; who is
beaten in every one of them is told ``board_busy``, and comes again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from chalicelib.domain.board import Rules
from chalicelib.domain.errors import BoardBusy, NoSuchUpload
from chalicelib.domain.lifetime import Lifetime
from chalicelib.domain.parts import S3_LIMITS, PartLimits
from chalicelib.domain.uploads import Upload
from chalicelib.ports import (
    Beaten,
    Caller,
    Clock,
    Limits,
    Manifests,
    Meter,
    Metric,
    PartStore,
    Unmetered,
    Uploads,
)

T = TypeVar("T")

ROUNDS = 16
FIRST_PAUSE_MS = 20
LONGEST_PAUSE_MS = 480


@dataclass(frozen=True, kw_only=True)
class Core:
    """The ports and rules that the use cases share."""

    uploads: Uploads
    manifests: Manifests
    store: PartStore
    group_limits: Limits
    clock: Clock
    rules: Rules = Rules()
    lifetime: Lifetime = Lifetime()
    limits: PartLimits = S3_LIMITS
    open_uploads: int = 100
    meter: Meter = Unmetered()


def change(core: Core, id: str, step: Callable[[Upload], tuple[Upload, T]]) -> tuple[Upload, T]:
    """Apply ``step`` to the upload as it stands; a step that changes nothing writes nothing.

    Raises NoSuchUpload, BoardBusy and whatever the step raises.
    """
    current = core.uploads.get(id)
    for round in range(ROUNDS):
        if current is None:
            break
        changed, answer = step(current)
        if changed is current:
            return current, answer
        try:
            return core.uploads.save(changed), answer
        except Beaten as beaten:
            core.meter.count(Metric.CONFLICTS)
            current = beaten.current
            core.clock.pause(min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << round))
    else:
        raise BoardBusy
    raise NoSuchUpload


def seen_by(caller: Caller, upload: Upload | None) -> Upload:
    """The upload, if the caller may know of it. Raises NoSuchUpload."""
    if upload is None or upload.group not in caller.groups:
        raise NoSuchUpload
    return upload
