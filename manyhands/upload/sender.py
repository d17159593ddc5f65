"""Sending one part: compare its digest with the ticket, then PUT it from the file.

The order is the promise: a part whose digest is not the ticket's never leaves. The ticket's digest
is the owner's, so a difference means that this file is another one, or has changed; the reader
tells which. What the storage says afterwards is put into the engine's few words here; S3's own
error codes matter only where they mean more than their status. If it finds the bytes wrong, the
part is hashed once more: either the file is another than was thought, or the bytes were damaged on
the way, and then they are sent again.
"""

import http.client
import re
import time
from collections.abc import Callable, Iterator

from manyhands.engine.happenings import Failure, PutFailed, Sent
from manyhands.engine.reach import STORAGE
from manyhands.files.hashing import Digests, digest_of
from manyhands.files.reader import PartReader
from manyhands.net.limiter import Limiter
from manyhands.net.line import Line, PutStopped, Reply
from manyhands.net.reasons import reason
from manyhands.parts import in_base64
from manyhands.wire import Ticket

CHECKSUM_HEADER = "x-amz-checksum-sha256"
WRONG_BYTES = frozenset({"BadDigest", "XAmzContentChecksumMismatch"})
_CODE = re.compile(rb"<Code>([A-Za-z]{1,64})</Code>")


class DigestDiffers(Exception):
    """The file's part is not the one that the ticket asks for. Nothing of it was stored."""


class Sender:
    """For one thread. ``moved`` is called with the number of bytes that have just left."""

    def __init__(
        self,
        reader: PartReader,
        digests: Digests,
        limiter: Limiter,
        line: Line,
        moved: Callable[[int], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reader, self._digests, self._limiter = reader, digests, limiter
        self._line, self._moved, self._clock = line, moved, clock

    def begin(self) -> None:
        """Before each ``send``, by whoever may also stop it."""
        self._line.begin()

    def stop(self) -> None:
        """Break off the PUT under way. From any thread."""
        self._line.stop()

    def close(self) -> None:
        self._line.close()
        self._reader.close()

    def send(self, ticket: Ticket) -> Sent | PutFailed:
        """PUT the part. Raises DigestDiffers, FileChanged."""
        wanted = ticket.headers.get(CHECKSUM_HEADER)
        if wanted != in_base64(self._digests.of(ticket.part, self._reader)):
            self._reader.check()
            raise DigestDiffers
        try:
            reply = self._line.put(ticket.url, ticket.headers, ticket.length, self._body(ticket))
        except PutStopped:
            return PutFailed(ticket.part, Failure.STOPPED)
        except (OSError, http.client.HTTPException) as error:
            return PutFailed(ticket.part, Failure.LINE, reason(error, STORAGE))
        return self._meaning(ticket, reply)

    def _body(self, ticket: Ticket) -> Iterator[memoryview]:
        for read in self._reader.blocks(ticket.offset, ticket.length):
            for start in range(0, len(read), self._limiter.block):
                block = read[start : start + self._limiter.block]
                wait_s = self._limiter.reserve(len(block), self._clock())
                if wait_s:
                    self._line.stopping.wait(wait_s)
                yield block
                self._moved(len(block))

    def _meaning(self, ticket: Ticket, reply: Reply) -> Sent | PutFailed:
        if reply.status == 200:
            return Sent(ticket.part)
        code = _code(reply.body)
        if code in WRONG_BYTES:
            self._examine(ticket)
        why = Failure.EXPIRED if reply.status == 403 else Failure.REFUSED
        return PutFailed(ticket.part, why, f"{reply.status} {code}".strip())

    def _examine(self, ticket: Ticket) -> None:
        """Raises DigestDiffers, FileChanged unless the file still holds the ticket's bytes."""
        anew = digest_of(self._reader, ticket.offset, ticket.length)
        if ticket.headers[CHECKSUM_HEADER] != in_base64(anew):
            self._reader.check()
            raise DigestDiffers


def _code(body: bytes) -> str:
    match = _CODE.search(body[:4096])
    return match[1].decode() if match else ""
