"""The digests of the parts: each computed once, by whoever comes first.

One thread hashes the file from beginning to end, as fast as the disk allows and well ahead of the
network; hashlib lets go of the interpreter's lock, so sending goes on beside it. A connection that
is given a part which the thread has not reached hashes that part itself, and the thread skips it.
A digest counts as long as the file's identity stands; it is compared with the ticket before the
part is sent. Refused: hashing each part a second time right before sending. It doubles the work
and adds nothing to what the storage, to which the digest is bound, checks anyway.
"""

import hashlib
import threading
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

from manyhands.errors import ManyhandsError
from manyhands.files.reader import FileIdentity, PartReader
from manyhands.parts import PartPlan, composite

LENGTH = hashlib.sha256().digest_size


class Digests:
    """SHA-256 of each part, as far as it is known; safe to share between threads."""

    def __init__(self, plan: PartPlan, known: bytes = b"") -> None:
        """``known``: the digests of the first parts, from an earlier run."""
        self.plan = plan
        count = min(plan.count, len(known) // LENGTH)
        self._known: list[bytes | None] = [None] * plan.count
        self._known[:count] = [known[n * LENGTH : (n + 1) * LENGTH] for n in range(count)]

    def get(self, part: int) -> bytes | None:
        return self._known[part - 1]

    def of(self, part: int, reader: PartReader) -> bytes:
        """The digest of a part, computed if need be. Raises FileChanged."""
        known = self._known[part - 1]
        if known is None:
            known = digest_of(reader, self.plan.offset(part), self.plan.length(part))
            self._known[part - 1] = known
        return known

    def prefix(self) -> bytes:
        """All digests before the first that is missing, to be kept for the next run."""
        return b"".join(takewhile(bool, map(_or_nothing, self._known)))

    def page(self, number: int) -> list[bytes] | None:
        """The digests on a page of the manifest; None while one is missing."""
        digests = [d for part in self.plan.page(number) if (d := self.get(part)) is not None]
        return digests if len(digests) == len(self.plan.page(number)) else None

    @property
    def checksum(self) -> str:
        """The composite checksum; "" while a digest is missing."""
        known = [digest for digest in self._known if digest is not None]
        return composite(known) if len(known) == self.plan.count else ""


def _or_nothing(digest: bytes | None) -> bytes:
    return digest or b""


def digest_of(reader: PartReader, offset: int, length: int) -> bytes:
    """SHA-256 of a range of the file. Raises FileChanged."""
    digest = hashlib.sha256()
    for block in reader.blocks(offset, length):
        digest.update(block)
    return digest.digest()


class Hasher(threading.Thread):
    """Fills ``digests`` in order.

    Calls, from its own thread, ``hashed`` with each part and ``failed`` with what ended it early.
    """

    def __init__(
        self,
        path: Path,
        identity: FileIdentity,
        digests: Digests,
        hashed: Callable[[int], None],
        failed: Callable[[Exception], None],
    ) -> None:
        super().__init__(name="hashing", daemon=True)
        self._path, self._identity, self._digests = path, identity, digests
        self._hashed, self._failed = hashed, failed
        self._stopping = threading.Event()

    def run(self) -> None:
        try:
            self._hash_all()
        except (ManyhandsError, OSError, MemoryError) as error:
            self._failed(error)

    def stop(self) -> None:
        """Ends after the part in hand."""
        self._stopping.set()

    def _hash_all(self) -> None:
        with PartReader(self._path, self._identity) as reader:
            for part in range(1, self._digests.plan.count + 1):
                if self._stopping.is_set():
                    return
                self._digests.of(part, reader)
                self._hashed(part)
