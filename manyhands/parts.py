"""How a file is cut into parts, and what its digests add up to.

The plan follows from the file's size and the numbers of ``/api/me`` alone, so every device cuts
alike: the smallest part size, in whole steps, with which the allowed number of parts covers the
file. Parts are numbered from 1; an empty file is one empty part. The server refuses any other plan.

The composite checksum is S3's: SHA-256 over all part digests, in base64, then ``-`` and their
number. Hashing the whole file as one stream was refused: parts could not be hashed apart.
"""

import base64
import hashlib
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from manyhands.errors import FileTooLarge
from manyhands.wire import Limits


@dataclass(frozen=True, slots=True)
class PartPlan:
    """The parts of one file: ``part_size`` bytes each but the last.

    ``starts``: how many parts are before each page of its manifest.
    """

    size: int
    part_size: int
    starts: Sequence[int] = field(default=(0,), compare=False)

    @property
    def count(self) -> int:
        return max(1, -(-self.size // self.part_size))

    @property
    def pages(self) -> int:
        return len(self.starts)

    def offset(self, part: int) -> int:
        return (part - 1) * self.part_size

    def length(self, part: int) -> int:
        return min(self.part_size, self.size - self.offset(part))

    def page(self, number: int) -> range:
        """The parts on page ``number`` (from 0) of the manifest."""
        return range(self.starts[number] + 1, self.known_after(number + 1) + 1)

    def known_after(self, pages: int) -> int:
        """How many parts are on the first so many pages."""
        return self.starts[pages] if pages < self.pages else self.count

    def page_of(self, part: int) -> tuple[int, int]:
        """The page that a part is on (from 0), and its place there (from 0)."""
        page = bisect(self.starts, part - 1) - 1
        return page, part - 1 - self.starts[page]


def plan_parts(size: int, limits: Limits) -> PartPlan:
    """The one plan for a file of ``size`` bytes. Raises FileTooLarge."""
    if size > limits.max_file_size:
        raise FileTooLarge(
            f"The file has {size:,} bytes; this service takes at most {limits.max_file_size:,}. "
            "Nothing was uploaded."
        )
    steps = -(-size // (limits.max_parts * limits.part_size_step))
    part_size = max(limits.min_part_size, steps * limits.part_size_step)
    return cut(size, part_size, limits)


def cut(size: int, part_size: int, limits: Limits) -> PartPlan:
    """The plan with parts of this size."""
    count = PartPlan(size, part_size).count
    first = [at for at in accumulate(limits.first_pages, initial=0) if at < count]
    later = range(sum(limits.first_pages) + limits.page_parts, count, limits.page_parts)
    return PartPlan(size, part_size, (*first, *later))


def in_base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def composite(digests: Iterable[bytes]) -> str:
    """S3's composite SHA-256 of the object with these part digests (32 bytes each), ``…=-41``."""
    whole = list(digests)
    return f"{in_base64(hashlib.sha256(b''.join(whole)).digest())}-{len(whole)}"
