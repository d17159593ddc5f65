"""How a file is cut into parts, and what its digests add up to.

The plan follows from the file's size and the numbers of ``/api/me`` alone, so every device cuts
alike: the smallest part size, in whole steps, with which the allowed number of parts covers the
file. Parts are numbered from 1; an empty file is one empty part. The server refuses any other plan.

The composite checksum is S3's: SHA-256 over all part digests, in base64, then ``-`` and their
number. Hashing the whole file as one stream was refused: parts could not be hashed apart.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from manyhands.errors import FileTooLarge
from manyhands.wire import Limits


@dataclass(frozen=True, slots=True)
class PartPlan:
    """The parts of one file: ``part_size`` bytes each but the last; pages hold ``page_parts``."""

    size: int
    part_size: int
    page_parts: int = 128

    @property
    def count(self) -> int:
        return max(1, -(-self.size // self.part_size))

    @property
    def pages(self) -> int:
        return -(-self.count // self.page_parts)

    def offset(self, part: int) -> int:
        return (part - 1) * self.part_size

    def length(self, part: int) -> int:
        return min(self.part_size, self.size - self.offset(part))

    def page(self, number: int) -> range:
        """The parts on page ``number`` (from 0) of the manifest."""
        first = number * self.page_parts + 1
        return range(first, min(first + self.page_parts, self.count + 1))


def plan_parts(size: int, limits: Limits) -> PartPlan:
    """The one plan for a file of ``size`` bytes. Raises FileTooLarge."""
    if size > limits.max_file_size:
        raise FileTooLarge(
            f"The file has {size:,} bytes; this service takes at most {limits.max_file_size:,}. "
            "Nothing was uploaded."
        )
    steps = -(-size // (limits.max_parts * limits.part_size_step))
    part_size = max(limits.min_part_size, steps * limits.part_size_step)
    return PartPlan(size, part_size, limits.page_parts)


def in_base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def composite(digests: Iterable[bytes]) -> str:
    """S3's composite SHA-256 of the object with these part digests (32 bytes each), ``…=-41``."""
    whole = list(digests)
    return f"{in_base64(hashlib.sha256(b''.join(whole)).digest())}-{len(whole)}"
