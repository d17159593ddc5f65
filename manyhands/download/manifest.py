"""What the file must be: its plan, and the digest of each part.

All digests are held in memory: 32 bytes a part, 320 kB for the largest file there can be. They are
believed only if their composite is the upload's checksum, which the service compared with the
storage's when it joined the parts. So a file whose every part has its digest is the whole file,
and nothing needs to be read a second time at the end. Digests that a caller kept from an earlier
run are taken on the same condition.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from manyhands.errors import NotUnderstood
from manyhands.parts import PartPlan, composite
from manyhands.wire import PageReply, Upload

LENGTH = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True)
class Manifest:
    """``digests``: SHA-256 of each part, 32 bytes each, in order."""

    plan: PartPlan
    digests: tuple[bytes, ...]

    def digest(self, part: int) -> bytes:
        return self.digests[part - 1]


def manifest_of(
    upload: Upload, kept: Sequence[bytes], read: Callable[[int], PageReply]
) -> Manifest:
    """From what the caller kept, or else page by page. Raises NotUnderstood."""
    plan = PartPlan(upload.size, upload.part_size)
    if upload.size < 0 or upload.part_size < 1 or plan.count != upload.parts:
        raise NotUnderstood("The service says sizes of this upload that do not fit together.")
    if _are_its(kept, upload):
        return Manifest(plan, tuple(kept))
    digests = _read(plan.count, read)
    if not _are_its(digests, upload):
        raise NotUnderstood("The service's digests of this upload do not add up to its checksum.")
    return Manifest(plan, tuple(digests))


def _are_its(digests: Sequence[bytes], upload: Upload) -> bool:
    return len(digests) == upload.parts and composite(digests) == upload.checksum


def _read(count: int, read: Callable[[int], PageReply]) -> list[bytes]:
    digests: list[bytes] = []
    page = 0
    while len(digests) < count:
        said = read(page).digests
        if not said:
            raise NotUnderstood(f"Page {page} of the manifest is empty.")
        digests += [_digest(text) for text in said]
        page += 1
    return digests


def _digest(text: str) -> bytes:
    try:
        digest = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise NotUnderstood("A digest in the manifest is not base64.") from error
    if len(digest) != LENGTH:
        raise NotUnderstood("A digest in the manifest has a wrong length.")
    return digest
