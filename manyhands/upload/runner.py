"""One run of ``manyhands upload``: from a path to a stored object.

    the file's identity → the plan → hash the first page → create or join
        → hash on, put pages, take tickets, send parts → wait until it is stored

The same contents under the same name in the same group are the same upload, so a second run joins
the first, on this machine or another; what a ``Memory`` keeps only spares steps. If the upload
turns out to be another file's (the same name, size and beginning), this one is hashed to its end
and becomes an upload of its own, unless the person asked to help with just that upload. "Stored" is
said only after the whole file was hashed and its checksum is the stored object's.
"""

import time
from collections.abc import Callable
from random import Random

from manyhands.engine.happenings import Rest
from manyhands.errors import ContentDiffers, UploadEnded
from manyhands.events import Differs, Ended, Event
from manyhands.inbox import Interrupted
from manyhands.net.api import Api
from manyhands.net.transport import PoolTransport
from manyhands.upload.desk import Desk
from manyhands.upload.job import Job
from manyhands.upload.memory import Forgetful, Memory
from manyhands.upload.opening import Opening
from manyhands.upload.sender import DigestDiffers
from manyhands.upload.tally import Tally
from manyhands.upload.ways import Ways
from manyhands.wire import Upload

__all__ = ["Job", "Runner"]
WHOLE = ("complete", "assembling")


class Runner:
    """``run`` is called once, in one thread; ``stop`` and ``rest`` from a signal handler or any."""

    def __init__(
        self,
        job: Job,
        api: Api,
        listen: Callable[[Event], None],
        *,
        memory: Memory | None = None,
        clock: Callable[[], float] = time.monotonic,
        rng: Random | None = None,
    ) -> None:
        self._job, self._listen = job, listen
        self._api = api.through(PoolTransport(job.bindings[0])) if job.bindings else api
        self._memory: Memory = memory or Forgetful()
        self._clock, self._rng = clock, rng or Random()
        self._started = clock()
        self._desk = Desk(lambda part: self._opening.hashed(part))
        self._ways: Ways | None = None

    def stop(self, signal_number: int) -> None:
        """End the run soon: tickets are given back, and ``run`` raises Stopped."""
        self._desk.put(Interrupted(signal_number))
        if self._ways:
            self._ways.stop(signal_number)

    def rest(self) -> None:
        """End the run after the parts in flight: ``run`` raises Paused."""
        self._desk.put(Rest())
        if self._ways:
            self._ways.rest()

    def run(self) -> Ended:
        """Raises ManyhandsError, and nothing else that can be foreseen."""
        try:
            desk, memory = self._desk, self._memory
            self._opening = Opening(self._job, self._api, desk, memory, self._listen, self._clock)
            return self._bring_from(self._opening)
        finally:
            self._desk.end()

    def _bring_from(self, opening: Opening) -> Ended:
        try:
            return self._bring(opening.open())
        except DigestDiffers as error:
            if self._job.helps:
                raise ContentDiffers from error
            return self._bring_apart(opening)
        finally:
            opening.stop()

    def _bring(self, upload: Upload) -> Ended:
        """The upload to its end. Raises DigestDiffers if it is another file's."""
        if upload.status in WHOLE:
            self._compare(upload)
        tally = Tally(self._opening.plan, upload, self._started)
        if upload.status == "complete":
            return self._ended("already_stored", upload, tally)
        return self._work(upload, tally)

    def _bring_apart(self, opening: Opening) -> Ended:
        """This file is not the one of the upload: make one of its own."""
        try:
            upload = opening.open_apart()
            self._listen(Differs(upload=upload.id))
            return self._bring(upload)
        except DigestDiffers as error:
            raise ContentDiffers from error

    def _work(self, upload: Upload, tally: Tally) -> Ended:
        ends = ("complete",) if self._job.wait else WHOLE
        self._ways = self._make_ways()
        status = self._ways.until(upload, tally, ends)
        final = self._seen(tally, status)
        if status not in WHOLE:
            raise UploadEnded(_why(final, status), status)
        if self._job.wait:
            self._compare(final)
        return self._ended("stored" if status == "complete" else "assembling", final, tally)

    def _seen(self, tally: Tally, status: str) -> Upload:
        """The upload in this status; asked for unless it was seen so."""
        if tally.upload.status != status and self._ways:
            api = self._ways.api
            found = self._desk.ask(lambda: api.upload(tally.upload.id))
            tally.seen(found.upload, found.board.clients)
        return tally.upload

    def _make_ways(self) -> Ways:
        return Ways(
            self._job,
            self._api,
            self._desk,
            self._opening,
            self._memory,
            self._listen,
            self._clock,
            self._rng,
        )

    def _compare(self, upload: Upload) -> None:
        """Raises DigestDiffers unless the whole file is what the upload's manifest says."""
        digests = self._opening.digests
        self._desk.wait_until(lambda: bool(digests.checksum))
        self._opening.hashed(digests.plan.count)
        if upload.checksum != digests.checksum:
            raise DigestDiffers

    def _ended(self, outcome: str, upload: Upload, tally: Tally) -> Ended:
        return Ended(
            outcome=outcome,
            upload=upload.id,
            name=upload.name,
            size=upload.size,
            seconds=round(self._clock() - self._started, 2),
            own_bytes=tally.own_bytes,
            own_parts=tally.own_parts,
            parts=upload.parts,
            devices=tally.contributors,
            checksum=upload.checksum,
            brought=max(tally.brought, tally.own_bytes),
        )


def _why(upload: Upload, status: str) -> str:
    reason = f": {upload.reason}" if upload.reason else ""
    return f"The upload was {status}{reason}. Run the same command again to begin anew."
