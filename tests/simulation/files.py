"""Files: what devices hold, with digests that are made once for all stories.

A part is 100 bytes of its own. ``variant`` 0 is the file that everybody means. Another one has the
same name, size and beginning, and differs from part ``differs`` on, as two versions of a film or
of a disk image do.
"""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from functools import cache

from chalicelib.domain.manifest import composite, page_count, page_length, parts_before
from chalicelib.domain.parts import PartLimits
from chalicelib.service.creating import NewFile

PART = 100
LAST = 37
LIMITS = PartLimits(min_part=PART, max_part=10_000, max_parts=1_000, step=PART, max_file=10**7)


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of one part, by all that a storage or a client ever asks of them."""

    size: int
    digest: bytes
    text: str
    etag: str


@cache
def body(variant: int, part: int, size: int) -> Body:
    content = f"{variant} {part} ".encode().ljust(size, b".")[:size]
    digest = hashlib.sha256(content).digest()
    return Body(size, digest, b64encode(digest).decode(), f'"{digest.hex()[:32]}"')


class File:
    """``bodies`` by the part's number less one; ``pages`` the digests of each page."""

    def __init__(self, name: str, parts: int, variant: int, differs: int) -> None:
        self.name, self.parts, self.variant = name, parts, variant
        self.size = (parts - 1) * PART + LAST
        self.bodies = [self._body(n, differs) for n in range(1, parts + 1)]
        texts = [body.text for body in self.bodies]
        self.starts = [parts_before(page) for page in range(page_count(parts))]
        self.pages = [texts[at:][: page_length(n, parts)] for n, at in enumerate(self.starts)]
        self.checksum = composite(b"".join(body.digest for body in self.bodies))

    def _body(self, part: int, differs: int) -> Body:
        size = LAST if part == self.parts else PART
        return body(self.variant if part >= differs else 0, part, size)


@cache
def file(parts: int, variant: int = 0, differs: int = 1, name: str = "film.mov") -> File:
    return File(name, parts, variant, differs)


@cache
def new_file(file: File, group: str, checksum: str) -> NewFile:
    """What a client says to create or join it."""
    return NewFile(group, file.name, file.size, PART, file.pages[0], checksum)
