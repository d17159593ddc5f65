"""The ``Memory`` of an upload's run, on the shelf: each finished step is written down at once.

Which parts were sent is written part by part, because a part that was sent twice is line wasted; a
write takes a fraction of a millisecond, a part at least some of them. Progress is for people who
look from another terminal, so a second is often enough.
"""

import time
from collections.abc import Callable, Iterable

from manyhands.events import Progress
from manyhands.files.reader import FileIdentity
from manyhands.parts import PartPlan
from manyhands.transfers.shelf import Shelf
from manyhands.upload.memory import Known, new_client
from manyhands.wire import Upload

PROGRESS_EVERY_S = 1.0
PAUSED = "paused for everybody"


class Journal:
    """For the one process that carries transfer ``id``."""

    def __init__(self, shelf: Shelf, id: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._shelf, self._id, self._clock = shelf, id, clock
        self._next_at = float("-inf")
        self._own_before = self._own = 0

    def known(self, identity: FileIdentity, plan: PartPlan) -> Known:
        kept = self._shelf.get(self._id)
        client = kept.client or new_client()
        same = (kept.size, kept.mtime_ns) == (identity.size, identity.mtime_ns)
        fits = same and kept.part_size == plan.part_size
        self._own_before = kept.own_bytes if fits else 0
        self._shelf.note(
            self._id,
            client=client,
            size=identity.size,
            mtime_ns=identity.mtime_ns,
            part_size=plan.part_size,
        )
        if not fits:
            self._shelf.note(self._id, digests=b"", upload="", own_bytes=0, bytes_done=0)
            self._shelf.forget_sent(self._id)
            return Known(client=client, seq=kept.seq)
        return Known(kept.upload, kept.digests, client, kept.seq)

    def hashed(self, digests: bytes) -> None:
        self._shelf.note(self._id, digests=digests)

    def opened(self, upload: Upload) -> None:
        if self._shelf.get(self._id).upload != upload.id:
            self._shelf.forget_sent(self._id)
        self._shelf.note(self._id, upload=upload.id, bytes_done=upload.bytes_done)

    def unreported(self, client: str) -> tuple[int, ...]:
        return self._shelf.unreported(self._id, client)

    def sent(self, client: str, part: int) -> None:
        self._shelf.sent(self._id, client, part)

    def reported(self, client: str, parts: Iterable[int]) -> None:
        self._shelf.reported(self._id, client, parts)

    def progress(self, progress: Progress, seq: int) -> None:
        own = self._own_before + progress.own_bytes
        if self._clock() >= self._next_at or own != self._own:
            self._next_at, self._own = self._clock() + PROGRESS_EVERY_S, own
            why = PAUSED if progress.status == "paused" else ""
            self._shelf.note(
                self._id, bytes_done=progress.bytes_done, own_bytes=own, seq=seq, why=why
            )
