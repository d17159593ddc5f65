"""The inspection before assembly: does the storage hold what the board says?

Nobody's word is taken for it. The storage's own list is compared with the manifest, part by part:
there, of the right length, of the right SHA-256. What is not so goes back on the board. S3 lists
the SHA-256 of every part; some others keep it and do not list it. There the length must do until
the parts are joined: then each digest is claimed, and the object's checksum must be ours as ever.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.domain.manifest import DIGEST_BYTES
from chalicelib.domain.parts import PartPlan


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A part as the storage lists it. ``digest`` is empty where it lists none."""

    number: int
    size: int
    digest: bytes
    etag: str


def lacking_parts(plan: PartPlan, digests: bytes, stored: Iterable[StoredPart]) -> frozenset[int]:
    """The parts that the storage lacks or holds other bytes of."""
    found = {part.number: part for part in stored}
    return frozenset(
        number
        for number in range(1, plan.count + 1)
        if not _may_be_right(found.get(number), plan.length(number), digest_of(digests, number))
    )


def right_parts(
    plan: PartPlan, digests: Mapping[int, bytes], stored: Iterable[StoredPart]
) -> frozenset[int]:
    """Of the parts whose digests these are, by number, those that the storage holds."""
    return frozenset(
        part.number
        for part in stored
        if part.number in digests
        and _is_right(part, plan.length(part.number), digests[part.number])
    )


def digest_of(digests: bytes, part: int) -> bytes:
    return digests[(part - 1) * DIGEST_BYTES : part * DIGEST_BYTES]


def _is_right(part: StoredPart | None, size: int, digest: bytes) -> bool:
    return part is not None and part.size == size and part.digest == digest


def _may_be_right(part: StoredPart | None, size: int, digest: bytes) -> bool:
    return _is_right(part, size, part.digest and digest if part else digest)
