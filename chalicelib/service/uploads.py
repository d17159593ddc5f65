"""What people do with uploads: look, pause, resume, cancel, delete, download.

Every verb may be repeated: what is so already is no error.
"""

from collections.abc import Callable

from chalicelib.domain.errors import NotInGroup, NotOwner, WrongStatus
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import Upload, cancelled, deleted, paused, resumed
from chalicelib.ports import Caller, Metric, Page, SignedUrl
from chalicelib.service.core import Core, change, seen_by

LONGEST_LIST = 50


def listed(core: Core, caller: Caller, group: str, cursor: str | None, limit: int) -> Page:
    """A group's uploads, newest first. Raises NotInGroup, InvalidRequest."""
    if group not in caller.groups:
        raise NotInGroup("You are not a member of this group.", group=group)
    return core.uploads.in_group(group, cursor, min(limit, LONGEST_LIST))


def looked_at(core: Core, caller: Caller, id: str) -> Upload:
    """One upload. Raises NoSuchUpload."""
    upload = seen_by(caller, core.uploads.get(id))
    return seen_by(caller, None) if upload.status is Status.DELETED else upload


def pause(core: Core, caller: Caller, id: str) -> Upload:
    """Hand out nothing more, to anybody. Raises NoSuchUpload, WrongStatus."""
    return _moved(core, caller, id, paused)


def resume(core: Core, caller: Caller, id: str) -> Upload:
    """Go on. Raises NoSuchUpload, WrongStatus."""
    return _moved(core, caller, id, resumed)


def cancel(core: Core, caller: Caller, id: str) -> Upload:
    """End it and free its parts. Raises NoSuchUpload, NotOwner, WrongStatus.

    The status is written first, so that no ticket is handed out for parts thrown away; should the
    second step fail, the caller's retry or the sweep does it again.
    """
    counted = Metric.UPLOADS_CANCELLED
    upload = _moved(core, caller, id, cancelled, owner_only=True, counted=counted)
    core.store.abort(upload.key, upload.multipart_id)
    return upload


def delete(core: Core, caller: Caller, id: str) -> Upload:
    """Delete the stored object. Raises NoSuchUpload, NotOwner, WrongStatus."""
    upload = _moved(core, caller, id, deleted, owner_only=True)
    core.store.delete(upload.key)
    return upload


def download(core: Core, caller: Caller, id: str) -> tuple[Upload, SignedUrl]:
    """A URL that saves the file under its name. Raises NoSuchUpload, WrongStatus."""
    upload = looked_at(core, caller, id)
    if upload.status is not Status.COMPLETE:
        raise WrongStatus(
            f"This upload is {upload.status.value}; it can be downloaded once it is complete.",
            status=upload.status.value,
        )
    return upload, core.store.sign_get(upload.key, upload.name)


def _moved(
    core: Core,
    caller: Caller,
    id: str,
    move: Callable[[Upload, int], Upload],
    owner_only: bool = False,
    counted: Metric | None = None,
) -> Upload:
    now = core.clock.now()

    def step(upload: Upload) -> tuple[Upload, bool]:
        seen_by(caller, upload)
        if owner_only and upload.owner.id != caller.person.id:
            raise NotOwner
        moved = move(upload, now)
        return moved, moved is not upload

    upload, changed = change(core, id, step)
    if changed and counted:
        core.meter.count(counted)
    return upload
