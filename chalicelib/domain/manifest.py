"""The manifest: the SHA-256 of every part, in order, in pages.

The first 128 parts are on pages of 8, 24 and 96, all later pages hold 128. An upload begins with
its first page, so a short one lets a file of any size be on its way as soon as 8 parts are hashed,
and each of the next is hashed while the parts of the one before it are sent.

A page is plain bytes, 32 for each part. Pages are immutable and arrive in order, so what is known
of a manifest is always a beginning of it, and one number on the board (``known``) says how far it
reaches. The object's checksum follows from the whole manifest, before S3 ever says it.

Source of the composite form: Amazon S3 User Guide, "Checking object integrity", composite
checksums: SHA-256 over the concatenated part digests, in base64, then ``-`` and their number.
"""

import base64
import binascii
import hashlib
from bisect import bisect
from collections.abc import Iterable, Iterator
from itertools import accumulate

from chalicelib.domain.errors import DigestMalformed, PageOutOfOrder

DIGEST_BYTES = 32
FIRST_PAGES = (8, 24, 96)
*_STARTS, PAGE_PARTS = accumulate(FIRST_PAGES, initial=0)


def pack(digests: Iterable[str]) -> bytes:
    """Base64 digests as one page's bytes. Raises DigestMalformed."""
    return b"".join(_decode(i, text) for i, text in enumerate(digests))


def unpack(page: bytes) -> list[str]:
    """The page's digests in base64, as S3 writes them in ``x-amz-checksum-sha256``."""
    return [base64.b64encode(digest).decode() for digest in split(page)]


def digest_at(page: bytes, place: int) -> str:
    """The digest at this place of the page, from 0, in base64."""
    return base64.b64encode(page[place * DIGEST_BYTES : (place + 1) * DIGEST_BYTES]).decode()


def split(page: bytes) -> Iterator[bytes]:
    """The page's digests, 32 bytes each."""
    return (page[i : i + DIGEST_BYTES] for i in range(0, len(page), DIGEST_BYTES))


def composite(digests: bytes) -> str:
    """S3's composite SHA-256 of the object whose part digests these are, e.g. ``…=-41``."""
    digest = base64.b64encode(hashlib.sha256(digests).digest()).decode()
    return f"{digest}-{len(digests) // DIGEST_BYTES}"


def page_count(parts: int) -> int:
    return page_of(parts)[0] + 1 if parts else 0


def page_of(part: int) -> tuple[int, int]:
    """Where part ``part`` (from 1) stands: its page (from 0) and its place on it."""
    if part > PAGE_PARTS:
        later, place = divmod(part - 1, PAGE_PARTS)
        return len(FIRST_PAGES) + later - 1, place
    page = bisect(_STARTS, part - 1) - 1
    return page, part - 1 - _STARTS[page]


def parts_before(page: int) -> int:
    """How many parts are on the pages before this one."""
    if page < len(FIRST_PAGES):
        return _STARTS[page]
    return (page - len(FIRST_PAGES) + 1) * PAGE_PARTS


def page_length(page: int, parts: int) -> int:
    """How many digests page ``page`` of a file of ``parts`` parts must hold."""
    if not 0 <= page < page_count(parts):
        raise PageOutOfOrder(f"This file has no page {page}.", pages=page_count(parts))
    return min(parts, parts_before(page + 1)) - parts_before(page)


def _decode(index: int, text: str) -> bytes:
    try:
        digest = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise DigestMalformed(index=index) from error
    if len(digest) != DIGEST_BYTES or base64.b64encode(digest).decode() != text:
        raise DigestMalformed(index=index)
    return digest
