"""Creating an upload, or joining the one that is there.

Whoever comes with the same file arrives at the same id, so there is no difference between the
first device and the second but who was quicker. What must exist before the board is made first:
the page of digests, then S3's multipart upload. Whoever loses the race throws its own multipart
upload away; if it dies before that, the bucket's lifecycle rule does.
"""

from dataclasses import dataclass

from chalicelib.domain.errors import (
    BoardBusy,
    InvalidRequest,
    NotInGroup,
    PartSizeDiffers,
    TooManyUploads,
)
from chalicelib.domain.manifest import composite, pack, page_length
from chalicelib.domain.names import file_name
from chalicelib.domain.parts import plan_parts
from chalicelib.domain.room import NO_LIMITS, check_room
from chalicelib.domain.status import ENDED
from chalicelib.domain.uploads import (
    FileIdentity,
    Upload,
    begun_anew,
    new_upload,
    object_key,
    token,
)
from chalicelib.ports import Beaten, Caller
from chalicelib.service.cleaning import free
from chalicelib.service.core import Core


@dataclass(frozen=True, slots=True)
class NewFile:
    """What a client says of its file; ``digests`` in base64, the first page of the manifest."""

    group: str
    name: str
    size: int
    part_size: int
    digests: list[str]
    checksum: str = ""


def create(core: Core, caller: Caller, file: NewFile) -> tuple[bool, Upload]:
    """True and a new upload, or False and the one that was there.

    Raises NotInGroup, NameNotUsable, FileTooLarge, PartSizeDiffers, DigestMalformed,
    InvalidRequest, TooManyUploads, GroupFull, BoardBusy.
    """
    if file.group not in caller.groups:
        raise NotInGroup(group=file.group)
    identity = _identity(core, file)
    standing = core.uploads.get(identity.upload_id)
    if standing and standing.status not in ENDED:
        return False, standing
    _check_limits(core, caller, identity)
    return _begin(core, caller, identity, standing)


def _check_limits(core: Core, caller: Caller, file: FileIdentity) -> None:
    """Only of who begins something: who joins takes no room. Raises TooManyUploads, GroupFull."""
    open_now = core.uploads.open_of(caller.person)
    if open_now >= core.open_uploads:
        raise TooManyUploads(open=open_now, limit=core.open_uploads)
    limits = core.group_limits.of_group(file.group)
    if limits != NO_LIMITS:
        usage = core.uploads.usage_of(file.group, stored=limits.bytes is not None)
        check_room(limits, usage, file.plan.size)


def _identity(core: Core, file: NewFile) -> FileIdentity:
    plan = plan_parts(file.size, core.limits)
    if plan.part_size != file.part_size:
        raise PartSizeDiffers(part_size=plan.part_size)
    page = _first_page(file.digests, page_length(0, plan.count))
    whole = len(file.digests) == plan.count
    if file.checksum and whole and file.checksum != composite(page):
        raise InvalidRequest("The checksum does not follow from the digests.")
    checksum = "" if whole else file.checksum
    return FileIdentity(file.group, file_name(file.name), plan, page, checksum)


def _first_page(digests: list[str], expected: int) -> bytes:
    if len(digests) != expected:
        raise InvalidRequest(
            f"The first page of this file's manifest has {expected} digests, not {len(digests)}.",
            expected=expected,
        )
    return pack(digests)


def _begin(
    core: Core, caller: Caller, file: FileIdentity, former: Upload | None
) -> tuple[bool, Upload]:
    if former:
        free(core, former)
    generation = former.generation + 1 if former else 1
    key = object_key(file.upload_id, generation)
    core.manifests.put(file.upload_id, generation, 0, file.first_page)
    multipart_id = core.store.create(key, token(file.upload_id, generation), file.name)
    new = new_upload(file, generation, caller.person, multipart_id, core.clock.now())
    try:
        return True, _stored(core, new, former)
    except Beaten as beaten:
        core.store.abort(key, multipart_id)
        return False, _winner(beaten)


def _stored(core: Core, new: Upload, former: Upload | None) -> Upload:
    if former is None:
        return core.uploads.add(new)
    return core.uploads.save(begun_anew(new, former))


def _winner(beaten: Beaten) -> Upload:
    if beaten.current is None or beaten.current.status in ENDED:
        raise BoardBusy
    return beaten.current
