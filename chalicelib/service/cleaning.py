"""Freeing what an ended upload holds in the storage. Every step may be repeated.

The object as well: of a deleted upload, and of one that was given up, for S3 may have joined it
after all. But never one that was found there and is not ours.

Who begins an upload anew frees its former generation at once, while S3 may still be joining that
one, and a page of its manifest may still be on its way. Nobody looks at it any more; so what came
of it late is freed once nothing can come. Parts that S3 took late belong to no upload of its own
either, and the bucket's lifecycle rule takes them.
"""

from chalicelib.domain.status import Status
from chalicelib.domain.uploads import Upload, object_key, token
from chalicelib.service.core import Core

AT_ONCE = 100


def free(core: Core, upload: Upload) -> None:
    """Throw away its parts, its object and its manifest."""
    core.store.abort(upload.key, upload.multipart_id)
    if upload.status in {Status.DELETED, Status.FAILED} and not upload.foreign:
        core.store.delete(upload.key)
    core.manifests.remove(upload.id, upload.generation)


def free_former(core: Core, upload: Upload) -> int:
    """Throw away the objects and manifests of its former generations that came late.

    Answers which generation is to be seen to next time, 0 for none: somebody may have begun it anew
    thousands of times, and the sweep has others to see to.
    """
    end = min(upload.generation, upload.unsettled + AT_ONCE)
    for generation in range(upload.unsettled, end):
        key = object_key(upload.id, generation)
        found = core.store.find(key)
        if found and found.token == token(upload.id, generation):
            core.store.delete(key)
        core.manifests.remove(upload.id, generation)
    return end if end < upload.generation else 0
