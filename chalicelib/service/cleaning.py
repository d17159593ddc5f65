"""Freeing what an ended upload holds in the storage. Every step may be repeated."""

from chalicelib.domain.status import Status
from chalicelib.domain.uploads import Upload
from chalicelib.service.core import Core


def free(core: Core, upload: Upload) -> None:
    """Throw away its parts, its object if it was deleted, and its manifest."""
    core.store.abort(upload.key, upload.multipart_id)
    if upload.status is Status.DELETED:
        core.store.delete(upload.key)
    core.manifests.remove(upload.id, upload.generation)
