"""The manifest: the SHA-256 of every part, in order, in pages of 128.

A page is plain bytes, 32 for each part. Pages are immutable and arrive in order, so what is known
of a manifest is always a beginning of it, and one number on the board (``known``) says how far it
reaches. The object's checksum follows from the whole manifest, before S3 ever says it.

Source of the composite form: Amazon S3 User Guide, "Checking object integrity", composite
checksums: SHA-256 over the concatenated part digests, in base64, then ``-`` and their number.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Iterator

from chalicelib.domain.errors import DigestMalformed, PageOutOfOrder

DIGEST_BYTES = 32
PAGE_PARTS = 128


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
    return -(-parts // PAGE_PARTS)


def page_of(part: int) -> tuple[int, int]:
    """Where part ``part`` (from 1) stands: its page (from 0) and its place on it."""
    return divmod(part - 1, PAGE_PARTS)


def page_length(page: int, parts: int) -> int:
    """How many digests page ``page`` of a file of ``parts`` parts must hold."""
    if not 0 <= page < page_count(parts):
        raise PageOutOfOrder(f"This file has no page {page}.", pages=page_count(parts))
    return min(PAGE_PARTS, parts - page * PAGE_PARTS)


def _decode(index: int, text: str) -> bytes:
    try:
        digest = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise DigestMalformed(index=index) from error
    if len(digest) != DIGEST_BYTES or base64.b64encode(digest).decode() != text:
        raise DigestMalformed(index=index)
    return digest
