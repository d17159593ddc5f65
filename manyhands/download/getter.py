"""Fetching one part: a ranged GET, hashed on its way into the file.

A part counts only if the storage said that it gives just this range of an object of just this size,
if as many bytes came as it has, and if they hash to the manifest's digest. All else is a failure,
told in the engine's few words. The bytes go to the disk before they are known to be right: what
counts is what was confirmed, and a wrong part is written over by the next try or found out by the
next run's check.

Memory is one buffer for each lane. The limit is kept by reading late: what is not read stays with
the storage, because the kernel takes only so much ahead.
"""

import hashlib
import http.client
import time
from collections.abc import Callable

from manyhands.download.happenings import (
    Failure,
    GetFailed,
    Got,
)
from manyhands.download.manifest import Manifest
from manyhands.download.part_file import Writer
from manyhands.engine.reach import STORAGE
from manyhands.net.limiter import Limiter
from manyhands.net.line import Line, PutStopped
from manyhands.net.reasons import reason

BUFFER = 64 * 1024
PARTIAL, WHOLE = 206, 200
_BUSY = frozenset({408, 425, 429})


class _Unusable(Exception):
    """An answer that cannot become the part."""

    def __init__(self, why: Failure, detail: str) -> None:
        self.why, self.detail = why, detail


class Getter:
    """For one thread. ``moved`` is called with the number of bytes that have just arrived."""

    def __init__(
        self,
        writer: Writer,
        manifest: Manifest,
        limiter: Limiter,
        line: Line,
        moved: Callable[[int], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._writer, self._manifest, self._limiter = writer, manifest, limiter
        self._line, self._moved, self._clock = line, moved, clock
        self._buffer = memoryview(bytearray(BUFFER))

    def begin(self) -> None:
        """Before each ``get``, by whoever may also stop it."""
        self._line.begin()

    def stop(self) -> None:
        """Break off the GET under way. From any thread."""
        self._line.stop()

    def close(self) -> None:
        self._line.close()
        self._writer.close()

    def get(self, part: int, url: str) -> Got | GetFailed:
        """Fetch the part into the file. Raises DiskFull, DiskFailed."""
        try:
            digest = self._fetch(part, url)
        except PutStopped:
            return GetFailed(part, Failure.STOPPED)
        except _Unusable as answer:
            return GetFailed(part, answer.why, answer.detail)
        except (OSError, http.client.HTTPException) as error:
            return GetFailed(part, Failure.LINE, reason(error, STORAGE))
        if digest != self._manifest.digest(part):
            return GetFailed(part, Failure.WRONG)
        return Got(part)

    def _fetch(self, part: int, url: str) -> bytes:
        plan = self._manifest.plan
        start, length = plan.offset(part), plan.length(part)
        headers = {"Range": f"bytes={start}-{start + length - 1}", "Accept-Encoding": "identity"}
        with self._line.get(url, headers if length else {}) as answer:
            self._examine(answer, start, length)
            return self._receive(answer, start, length)

    def _examine(self, answer: http.client.HTTPResponse, start: int, length: int) -> None:
        """Raises _Unusable unless these are exactly the bytes that were asked for."""
        size, status = self._manifest.plan.size, answer.status
        if status == PARTIAL:
            said = (answer.getheader("Content-Range") or "").strip().lower()
            right = said == f"bytes {start}-{start + length - 1}/{size}"
        elif status == WHOLE:
            right = length == size
        else:
            busy = status >= 500 or status in _BUSY
            raise _Unusable(Failure.BUSY if busy else Failure.REFUSED, f"status {status}")
        if not right or answer.length not in (None, length):
            raise _Unusable(Failure.WRONG, "the storage gives another range than was asked for")

    def _receive(self, answer: http.client.HTTPResponse, start: int, length: int) -> bytes:
        digest, done = hashlib.sha256(), 0
        while done < length:
            block = self._next(answer, length - done)
            self._writer.write(block, start + done)
            digest.update(block)
            done += len(block)
        if answer.readinto(self._buffer[:1]):
            raise _Unusable(Failure.WRONG, "more bytes than were asked for")
        return digest.digest()

    def _next(self, answer: http.client.HTTPResponse, left: int) -> memoryview:
        size = min(left, len(self._buffer), self._limiter.block)
        wait_s = self._limiter.reserve(size, self._clock())
        if wait_s and self._line.stopping.wait(wait_s):
            raise PutStopped
        count = answer.readinto(self._buffer[:size])
        if not count:
            raise ConnectionError("the connection ended early")
        self._moved(count)
        return self._buffer[:count]
