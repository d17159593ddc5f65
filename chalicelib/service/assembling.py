"""Assembly: the storage joins the parts, after it was asked what it really holds.

    begin ── lacking parts? ──> board reopened, false bringers struck
      │
      ├── joined, checksum as expected ──> complete
      ├── joined into anything else, parts gone or object there ──> look at the object:
      │     ours and right? complete. Ours and wrong? failed, it goes. Not ours? failed, it stays
      └── no answer ──> stay assembling; the stream, later the sweep, tries again
                        after a day and five attempts: look at the object, the last may have
                        made it after all. It did? complete. Not? failed

Begun under a deadline that is written with the attempt, so that the stream and the sweep never
join at the same time; a function that dies in between is followed by the sweep once the deadline
is past. Whoever fails takes the deadline back and raises; a defect of ours (a permission that is
missing) costs no attempt, so that it rings and is mended instead of failing people's uploads.
Joining is never repeated blindly: an object under our key is known by our own token,
size and checksum, never by its mere existence.
"""

import logging
from collections.abc import Callable, Sequence

from chalicelib.domain.errors import StorageUnavailable
from chalicelib.domain.inspection import StoredPart, digest_of, lacking_parts
from chalicelib.domain.status import Event, Status
from chalicelib.domain.uploads import (
    Assembly,
    Upload,
    begun_assembly,
    lacking,
    moved,
    token,
)
from chalicelib.domain.values import replace
from chalicelib.ports import Metric, ObjectExists, PartsChanged, PartsGone
from chalicelib.service.core import Core, change

log = logging.getLogger(__name__)

ATTEMPTS = 5
DEADLINE_MS = 15 * 60_000
"""As long as the function may run at all."""

NO_ANSWER = (
    "The storage did not join the parts in several attempts. Please upload the file once more."
)
GONE = "The storage no longer has the parts that were sent. Please upload the file once more."
FOREIGN = "The storage holds another object in this file's place. Please upload it once more."
DAMAGED = "The storage joined the parts into something else. Please upload the file once more."


def assemble(core: Core, id: str) -> None:
    """Assemble the upload if that is due; safe to call at any time.

    Raises StorageUnavailable where trying again later makes sense, and whatever else is wrong.
    """
    upload = _begun(core, id)
    if upload is None:
        return
    try:
        if _in_vain(core, upload):
            _look(core, upload, NO_ANSWER)
        else:
            _join(core, upload)
    except StorageUnavailable:
        _let_go(core, upload, upload.assembly.attempts)
        raise
    except Exception:
        _let_go(core, upload, upload.assembly.attempts - 1)
        raise


def _in_vain(core: Core, upload: Upload) -> bool:
    """Both often and long: the stream's retries alone are over within a minute."""
    tried_ms = core.clock.now() - upload.changed_at
    return upload.assembly.attempts > ATTEMPTS and tried_ms >= core.lifetime.assemble_ms


def _begun(core: Core, id: str) -> Upload | None:
    """The upload with a new attempt on record; None if there is nothing to do now."""
    now = core.clock.now()

    def step(upload: Upload) -> tuple[Upload, bool]:
        if upload.status is not Status.ASSEMBLING or upload.assembly.until > now:
            return upload, False
        return begun_assembly(upload, now + DEADLINE_MS), True

    upload, begun = change(core, id, step)
    return upload if begun else None


def _join(core: Core, upload: Upload) -> None:
    digests = core.manifests.whole(upload.id, upload.generation)
    try:
        stored = core.store.parts(upload.key, upload.multipart_id)
        missing = lacking_parts(upload.plan, digests, stored)
        if missing:
            return _reopen(core, upload, missing)
        checksum = _joined(core, upload, stored, digests)
    except (PartsGone, ObjectExists):
        return _look(core, upload, GONE)
    except PartsChanged as error:
        raise StorageUnavailable from error
    if checksum != upload.checksum:
        return _look(core, upload, DAMAGED)
    return _end(core, upload, Event.STORED)


def _joined(core: Core, upload: Upload, stored: Sequence[StoredPart], digests: bytes) -> str:
    ours = [
        StoredPart(part.number, part.size, digest_of(digests, part.number), part.etag)
        for part in stored
        if part.number <= upload.plan.count
    ]
    return core.store.join(upload.key, upload.multipart_id, ours, upload.plan.size)


def _look(core: Core, upload: Upload, otherwise: str) -> None:
    """Is there our own object, whole? If there is none at all, it failed for this reason."""
    found = core.store.find(upload.key)
    if found is None:
        return _end(core, upload, Event.GIVE_UP, otherwise)
    if found.token != token(upload.id, upload.generation):
        log.error("the object in the place of upload %s is not ours", upload.id)
        return _end(core, upload, Event.GIVE_UP, FOREIGN, foreign=True)
    if (found.size, found.checksum) == (upload.plan.size, upload.checksum):
        return _end(core, upload, Event.STORED)
    log.error("our object of upload %s is wrong: %r", upload.id, found)
    return _end(core, upload, Event.GIVE_UP, DAMAGED)


def _reopen(core: Core, upload: Upload, missing: frozenset[int]) -> None:
    log.warning("upload %s lacks %d parts; reopened", upload.id, len(missing))
    now = core.clock.now()
    reopened = _if_assembling(core, upload, lambda current: lacking(current, missing, now))
    if reopened and (strikes := _strikes(reopened) - _strikes(upload)):
        core.meter.count(Metric.STRIKES, strikes)


def _strikes(upload: Upload) -> int:
    return sum(client.strikes for client in upload.board.clients)


def _end(core: Core, upload: Upload, event: Event, reason: str = "", foreign: bool = False) -> None:
    now = core.clock.now()

    def move(current: Upload) -> Upload:
        return replace(moved(current, event, now, reason), foreign=foreign)

    if _if_assembling(core, upload, move):
        _count(core, upload, event, now)


def _count(core: Core, upload: Upload, event: Event, now: int) -> None:
    """How long it took: from the last part to the end, with all attempts, as people waited."""
    if event is Event.GIVE_UP:
        return core.meter.count(Metric.UPLOADS_FAILED)
    core.meter.count(Metric.UPLOADS_STORED)
    core.meter.count(Metric.BYTES_STORED, upload.plan.size)
    return core.meter.count(Metric.ASSEMBLY_SECONDS, (now - upload.changed_at) / 1000)


def _let_go(core: Core, upload: Upload, attempts: int) -> None:
    """Leave the next attempt to whoever comes, without waiting for the deadline."""
    _if_assembling(core, upload, lambda current: replace(current, assembly=Assembly(attempts, 0)))


def _if_assembling(core: Core, upload: Upload, move: Callable[[Upload], Upload]) -> Upload | None:
    """The upload, moved; None if this attempt is no longer the one on record."""

    def step(current: Upload) -> tuple[Upload, bool]:
        ours = current.status is Status.ASSEMBLING and current.assembly == upload.assembly
        return (move(current) if ours else current), ours

    current, ours = change(core, upload.id, step)
    return current if ours else None
