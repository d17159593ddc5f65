"""The digests of the parts: each computed once, by whoever comes first.

Two threads hash the file from beginning to end, as fast as the disk allows and well ahead of the
network; hashlib lets go of the interpreter's lock, so they and the sending go on side by side. Two,
because nothing can be sent before the first page of the manifest is hashed. A connection that is
given a part which they have not reached hashes that part itself, and they skip it.
Hashing ahead is less urgent than all else, so where the system lets a thread be, these are nice.
A digest counts as long as the file's identity stands; it is compared with the ticket before the
part is sent. Refused: hashing each part a second time right before sending. It doubles the work
and adds nothing to what the storage, to which the digest is bound, checks anyway.
"""

import contextlib
import hashlib
import os
import sys
import threading
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

from manyhands.errors import ManyhandsError
from manyhands.files.reader import FileIdentity, PartReader
from manyhands.parts import PartPlan, composite

THREADS = 2
NICE = 10
LENGTH = hashlib.sha256().digest_size


class Digests:
    """SHA-256 of each part, as far as it is known; safe to share between threads."""

    def __init__(self, plan: PartPlan, known: bytes = b"") -> None:
        """``known``: the digests of the first parts, from an earlier run."""
        self.plan = plan
        count = min(plan.count, len(known) // LENGTH)
        self._known: list[bytes | None] = [None] * plan.count
        self._known[:count] = [known[n * LENGTH : (n + 1) * LENGTH] for n in range(count)]

    @property
    def known(self) -> int:
        """How many are known."""
        return sum(digest is not None for digest in self._known)

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


class Hasher:
    """Fills ``digests`` from the beginning to the end.

    Calls, from its own threads, ``hashed`` with each part and ``failed`` with what ended it early.
    """

    def __init__(
        self,
        path: Path,
        identity: FileIdentity,
        digests: Digests,
        hashed: Callable[[int], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._path, self._identity, self._digests = path, identity, digests
        self._hashed, self._failed = hashed, failed
        self._stopping = threading.Event()
        self._parts = iter(range(1, digests.plan.count + 1))
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._run, name=f"hashing {n}", daemon=True)
            for n in range(min(THREADS, digests.plan.count))
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends after the parts in hand."""
        self._stopping.set()

    def join(self, timeout_s: float | None = None) -> None:
        for thread in self._threads:
            thread.join(timeout_s)

    def _run(self) -> None:
        _be_nice()
        try:
            with PartReader(self._path, self._identity) as reader:
                while (part := self._next()) and not self._stopping.is_set():
                    self._digests.of(part, reader)
                    self._hashed(part)
        except (ManyhandsError, OSError, MemoryError) as error:
            with self._lock:
                first = not self._stopping.is_set()
                self.stop()
            if first:
                self._failed(error)

    def _next(self) -> int:
        """0 when there is none left."""
        with self._lock:
            return next(self._parts, 0)


def _be_nice() -> None:
    """Only this thread, and only on Linux, where each has a priority of its own."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            own = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, own, os.getpriority(os.PRIO_PROCESS, own) + NICE)
