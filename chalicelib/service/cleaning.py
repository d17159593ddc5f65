"""Freeing what an ended upload holds in the storage. Every step may be repeated.

The object as well: of a deleted upload, and of one that was given up, for S3 may have joined it
after all. But never one that was found there and is not ours.
"""

from chalicelib.domain.status import Status
from chalicelib.domain.uploads import Upload
from chalicelib.service.core import Core


def free(core: Core, upload: Upload) -> None:
    """Throw away its parts, its object and its manifest."""
    core.store.abort(upload.key, upload.multipart_id)
    if upload.status in {Status.DELETED, Status.FAILED} and not upload.foreign:
        core.store.delete(upload.key)
    core.manifests.remove(upload.id, upload.generation)
