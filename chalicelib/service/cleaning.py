"""Freeing what an ended upload holds in the storage. Every step may be repeated.

The object as well: of a deleted upload, and of one that was given up while S3 still joined it. The
key bears the generation, so nothing else can stand there.
"""

from chalicelib.domain.uploads import Upload
from chalicelib.service.core import Core


def free(core: Core, upload: Upload) -> None:
    """Throw away its parts, its object and its manifest."""
    core.store.abort(upload.key, upload.multipart_id)
    core.store.delete(upload.key)
    core.manifests.remove(upload.id, upload.generation)
