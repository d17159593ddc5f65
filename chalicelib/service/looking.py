"""Looking after lost clients: which of their parts does the storage have?

One listing, from the lowest to the highest of them, and of a thousand parts at most, which is one
request of the price of one PUT. It is a help, never a condition: whatever goes wrong here is logged
and counts as nothing found, so the parts are sent once more, as they would be without it. Found is
only what the storage lists with the length and SHA-256 of the manifest.

Refused: looking in the background (nobody to do it, and the parts would be handed out meanwhile),
and listing to the end of a list that an exchange waits for.
"""

import logging
from collections.abc import Iterable, Iterator

from chalicelib.domain.errors import StorageUnavailable
from chalicelib.domain.inspection import digest_of, right_parts
from chalicelib.domain.lost import Found, Left
from chalicelib.domain.manifest import page_of
from chalicelib.domain.uploads import Upload
from chalicelib.ports import PartsGone
from chalicelib.service.core import Core

log = logging.getLogger(__name__)


def look(core: Core, upload: Upload, left: Left) -> Found:
    """Ask the storage once. Raises nothing."""
    try:
        there = _there(core, upload, frozenset().union(*left.values()))
    except (StorageUnavailable, PartsGone) as error:
        log.warning("lost clients of upload %s were not looked after: %r", upload.id, error)
        return Found(left)
    except Exception:
        log.exception("lost clients of upload %s cannot be looked after", upload.id)
        return Found(left)
    log.info("upload %s: %d parts of %d lost clients are there", upload.id, len(there), len(left))
    return Found(left, there)


def _there(core: Core, upload: Upload, parts: frozenset[int]) -> frozenset[int]:
    first, last = min(parts), max(parts)
    stored = core.store.parts_between(upload.key, upload.multipart_id, first, last)
    there = parts.intersection(part.number for part in stored)
    return right_parts(upload.plan, dict(_digests(core, upload, there)), stored)


def _digests(core: Core, upload: Upload, parts: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """By the pages in memory; a page that went with its upload proves nothing."""
    for part in parts:
        page, place = page_of(part)
        known = core.manifests.get(upload.id, upload.generation, page)
        if known is not None:
            yield part, digest_of(known, place + 1)
