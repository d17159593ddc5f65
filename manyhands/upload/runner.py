"""One run of ``manyhands upload``: from a path to a stored object.

    the file's identity → the plan → hash the first page → create or join
        → hash on, put pages, take tickets, send parts → wait until it is stored

The same file always arrives at the same upload, so a second run joins the first, on this machine
or another; what a ``Memory`` keeps only spares steps. If the upload turns out to be another file's
(the same name, size and beginning), this one is hashed to its end and becomes an upload of its own,
unless the person asked to help with just that upload. "Stored" is said only after the whole file
was hashed and its checksum is the stored object's.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import msgspec

from manyhands.engine.engine import Engine, Who
from manyhands.engine.happenings import Rest
from manyhands.engine.pace import Rules
from manyhands.errors import ContentDiffers, OutOfReach, Paused, Refused, UploadEnded
from manyhands.events import Differs, Ended, Event, Hashing, Opened, Renamed
from manyhands.files.hashing import Digests, Hasher
from manyhands.files.reader import PartReader, identify
from manyhands.net.api import Api
from manyhands.net.binding import ANY, Binding
from manyhands.net.limiter import Limiter
from manyhands.net.transport import PoolTransport
from manyhands.parts import PartPlan, in_base64, plan_parts
from manyhands.upload.companion import Companion, PartsOnly, name_of, rates
from manyhands.upload.crew import Crew
from manyhands.upload.desk import Beside, Desk, Hashed, Interrupted
from manyhands.upload.groups import chosen
from manyhands.upload.memory import Forgetful, Memory, next_seq
from manyhands.upload.sender import DigestDiffers
from manyhands.upload.tally import Tally
from manyhands.upload.work import Work
from manyhands.wire import CreateRequest, Upload
from manyhands.words import valid

HASHING_EVERY_S = 0.5
LAST_PARTS_S = 30.0
HASHING_TAIL = 8
"""Several threads hash, so the last to be done need not be the last part."""
WHOLE = ("complete", "assembling")
GOES_ON = ("initialized", "active", "paused", *WHOLE)


@dataclass(frozen=True, kw_only=True)
class Job:
    """What to upload and how. ``group``: an id or a name, "" for the personal group.

    ``name``: other than the file's own, or "". ``wait``: until the object is stored, not only sent.
    ``bindings``: ways out of this machine, each of which becomes a client of its own.
    ``helps``: the upload that this file must belong to, or "" for whichever it belongs to.
    """

    path: Path
    label: str
    group: str = ""
    name: str = ""
    limiter: Limiter = field(default_factory=Limiter)
    rules: Rules = field(default_factory=Rules)
    wait: bool = True
    helps: str = ""
    bindings: tuple[Binding, ...] = ()


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
        self._desk = Desk(self._hashed)
        self._started = clock()
        self._hashing_shown_at = float("-inf")
        self._hasher: Hasher | None = None
        self._companions: list[Companion] = []

    def stop(self, signal_number: int) -> None:
        """End the run soon: tickets are given back, and ``run`` raises Stopped."""
        self._desk.put(Interrupted(signal_number))
        for companion in self._companions:
            companion.desk.put(Interrupted(signal_number))

    def rest(self) -> None:
        """End the run after the parts in flight: ``run`` raises Paused."""
        self._desk.put(Rest())
        for companion in self._companions:
            companion.rest()

    def run(self) -> Ended:
        """Raises ManyhandsError, and nothing else that can be foreseen."""
        try:
            self._prepare()
            return self._bring(self._open())
        except DigestDiffers as error:
            if self._job.helps:
                raise ContentDiffers from error
            return self._bring_apart()
        finally:
            if self._hasher:
                self._hasher.stop()
            self._desk.end()

    def _prepare(self) -> None:
        """The plan, and the digests of the first page; the rest is hashed behind."""
        path = self._job.path
        self._identity = identify(path)
        self._me = self._desk.ask(self._api.me)
        self._plan = self._plan_of_helped() if self._job.helps else self._plan_of_own()
        self._known = self._memory.known(self._identity, self._plan)
        self._digests = Digests(self._plan, self._known.digests)
        hashed, broke = (lambda part: self._desk.put(Hashed(part))), self._desk.broke
        self._hasher = Hasher(path, self._identity, self._digests, hashed, broke)
        self._hasher.start()
        self._desk.wait_until(lambda: self._digests.page(0) is not None)

    def _plan_of_own(self) -> PartPlan:
        self._group = chosen(self._me.groups, valid(self._job.group))
        return plan_parts(self._identity.size, self._me.limits)

    def _plan_of_helped(self) -> PartPlan:
        """The upload's own. Raises ContentDiffers if the file has another size."""
        upload = self._desk.ask(lambda: self._api.upload(self._job.helps)).upload
        if upload.size != self._identity.size:
            raise ContentDiffers(
                f"That is not the same file: it has {self._identity.size:,} bytes, "
                f"the upload {upload.size:,}. Nothing was sent."
            )
        self._group = chosen(self._me.groups, upload.group)
        return PartPlan(upload.size, upload.part_size, self._me.limits.page_parts)

    def _open(self) -> Upload:
        upload = self._known_upload() or self._create_or_join()
        self._memory.opened(upload)
        return upload

    def _known_upload(self) -> Upload | None:
        """The one to help with, or that an earlier run found, if it can still be worked on."""
        id = self._job.helps or self._known.upload
        if not id:
            return None
        try:
            upload = self._desk.ask(lambda: self._api.upload(id)).upload
        except Refused:
            if self._job.helps:
                raise
            return None
        fits = (upload.size, upload.part_size) == (self._plan.size, self._plan.part_size)
        if not fits or (upload.status not in GOES_ON and not self._job.helps):
            return None
        if self._job.helps:
            self._compare_samples(upload)
        self._listen(self._opened("joined", upload))
        return upload

    def _compare_samples(self, upload: Upload) -> None:
        """The first, a middle and the last known part. Raises DigestDiffers."""
        known = upload.parts_known
        with PartReader(self._job.path, self._identity) as reader:
            for part in sorted({1, (known + 1) // 2, known} - {0}):
                page, at = divmod(part - 1, self._plan.page_parts)
                theirs = self._page(upload.id, page)
                if in_base64(self._digests.of(part, reader)) != theirs[at]:
                    raise DigestDiffers

    def _page(self, upload: str, page: int) -> list[str]:
        return self._desk.ask(lambda: self._api.page(upload, page)).digests

    def _create_or_join(self, checksum: str = "") -> Upload:
        """Under the name that the service takes."""
        name = valid(self._job.name or self._job.path.name)
        try:
            return self._create(name, checksum)
        except Refused as error:
            instead = error.details.get("suggestion")
            if error.code != "name_not_usable" or not isinstance(instead, str):
                raise
        self._listen(Renamed(name=name, instead=instead))
        return self._create(instead, checksum)

    def _create(self, name: str, checksum: str) -> Upload:
        request = CreateRequest(
            group=self._group.id,
            name=name,
            size=self._plan.size,
            part_size=self._plan.part_size,
            digests=[in_base64(digest) for digest in self._digests.page(0) or ()],
            checksum=checksum,
        )
        reply = self._desk.ask(lambda: self._api.create(request))
        self._listen(self._opened(reply.outcome, reply.upload))
        return reply.upload

    def _bring(self, upload: Upload) -> Ended:
        """The upload to its end. Raises DigestDiffers if it is another file's."""
        if upload.status in WHOLE:
            self._compare(upload)
        if upload.status == "complete":
            return self._ended("already_stored", upload, Tally(self._plan, upload, self._started))
        return self._work(upload)

    def _bring_apart(self) -> Ended:
        """This file is not the one of the upload: make one of its own."""
        self._desk.wait_until(lambda: bool(self._digests.checksum))
        try:
            upload = self._create_or_join(self._digests.checksum)
            self._memory.opened(upload)
            self._listen(Differs(upload=upload.id))
            return self._bring(upload)
        except DigestDiffers as error:
            raise ContentDiffers from error

    def _work(self, upload: Upload) -> Ended:
        tally = Tally(self._plan, upload, self._started)
        ends = ("complete",) if self._job.wait else WHOLE
        status = self._by_all_ways(upload, tally, ends)
        final = self._desk.ask(lambda: self._api.upload(upload.id))
        tally.seen(final.upload, final.board.clients)
        if status not in WHOLE:
            raise UploadEnded(_why(final.upload, status), status)
        if self._job.wait:
            self._compare(final.upload)
        return self._ended("stored" if status == "complete" else "assembling", final.upload, tally)

    def _by_all_ways(self, upload: Upload, tally: Tally, ends: tuple[str, ...]) -> str:
        """The status in which it ended. Raises as ``Work.until`` does."""
        first, *others = self._job.bindings or (ANY,)
        self._companions = [self._companion(upload, binding) for binding in others]
        work = self._make_work(upload, tally, first)
        try:
            for companion in self._companions:
                companion.bring(ends)
            return work.until(*ends)
        except OutOfReach:
            return self._by_the_others()
        except Paused:
            self._wait_for_companions()
            raise
        finally:
            for companion in self._companions:
                companion.leave()

    def _wait_for_companions(self) -> None:
        """They finish their parts in flight too, and what they sent is told."""
        for companion in self._companions:
            companion.join(LAST_PARTS_S)
        while message := self._desk.take(0):
            if isinstance(message, Beside):
                self._listen(message.event)

    def _by_the_others(self) -> str:
        """The first way gave up. Raises OutOfReach if all do."""
        for companion in self._companions:
            companion.join()
            if companion.status:
                self._api = companion.api
                return companion.status
        raise OutOfReach("by none of the ways")

    def _companion(self, upload: Upload, binding: Binding) -> Companion:
        helping = msgspec.structs.replace(upload, yours=False)  # the first puts the pages

        def make(companion: Companion) -> Work:
            tally = Tally(self._plan, helping, self._started)
            return self._make_work(helping, tally, binding, companion)

        api = self._api.through(PoolTransport(binding))
        return Companion(binding, api, self._desk, make)

    def _make_work(
        self, upload: Upload, tally: Tally, binding: Binding, companion: Companion | None = None
    ) -> Work:
        job, desk = self._job, companion.desk if companion else self._desk
        who = self._who(binding, companion)
        return Work(
            api=companion.api if companion else self._api,
            upload=upload,
            engine=Engine(who, upload.part_size, self._me.limits.max_held, self._rng, job.rules),
            crew=self._crew(desk, binding),
            desk=desk,
            digests=self._digests,
            tally=tally,
            listen=companion.heard if companion else self._listen,
            memory=PartsOnly(self._memory) if companion else self._memory,
            beside=(lambda: (0, 0)) if companion else (lambda: rates(self._companions)),
            clock=self._clock,
        )

    def _who(self, binding: Binding, companion: Companion | None) -> Who:
        label, client = valid(self._job.label), self._known.client
        if str(binding):
            label = f"{label} ({binding})"
        if companion:
            client = name_of(client, binding)
        return Who(client, label, next_seq(self._known.seq), self._memory.unreported(client))

    def _crew(self, desk: Desk, binding: Binding) -> Crew:
        job = self._job
        return Crew(
            job.rules.connections,
            job.path,
            self._identity,
            self._digests,
            job.limiter,
            desk.put,
            binding,
        )

    def _compare(self, upload: Upload) -> None:
        """Raises DigestDiffers unless the whole file is what the upload's manifest says."""
        self._desk.wait_until(lambda: bool(self._digests.checksum))
        if upload.checksum != self._digests.checksum:
            raise DigestDiffers

    def _hashed(self, part: int) -> None:
        now, plan = self._clock(), self._plan
        whole = part >= plan.count - HASHING_TAIL and self._digests.known == plan.count
        if whole or now - self._hashing_shown_at >= HASHING_EVERY_S:
            self._hashing_shown_at = now
            self._memory.hashed(self._digests.prefix())
            done = plan.size if whole else plan.offset(part) + plan.length(part)
            self._listen(Hashing(bytes_hashed=done, bytes=plan.size))

    def _opened(self, outcome: str, upload: Upload) -> Opened:
        return Opened(
            outcome=outcome,
            upload=upload.id,
            name=upload.name,
            group=self._group.name,
            bytes=upload.size,
            parts=upload.parts,
            part_size=upload.part_size,
            parts_done=upload.parts_done,
            label=valid(self._job.label),
        )

    def _ended(self, outcome: str, upload: Upload, tally: Tally) -> Ended:
        return Ended(
            outcome=outcome,
            upload=upload.id,
            name=upload.name,
            bytes=upload.size,
            seconds=round(self._clock() - self._started, 2),
            own_bytes=tally.own_bytes,
            own_parts=tally.own_parts,
            parts=upload.parts,
            devices=tally.contributors,
            checksum=upload.checksum,
        )


def _why(upload: Upload, status: str) -> str:
    reason = f": {upload.reason}" if upload.reason else ""
    return f"The upload was {status}{reason}. Run the same command again to begin anew."
