"""One run of a download: from an upload's id to a whole file on this disk.

    the upload → its manifest → what is on the disk already → fetch the rest → flush → rename

The same download to the same place goes on where it was, after whatever ended it, and needs no
memory of its own (see ``part_file``). A target that holds just this content already is a success
without a byte fetched; another one is an error, unless it was said to overwrite it.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from manyhands.download.calls import insist_on_complete
from manyhands.download.content import Content
from manyhands.download.crew import Crew
from manyhands.download.desk import Checked, Desk
from manyhands.download.engine import Engine
from manyhands.download.manifest import Manifest, manifest_of
from manyhands.download.part_file import PartFile, part_path
from manyhands.download.rules import Rules
from manyhands.download.target import drop_leftover, insist_on_free, place, standing
from manyhands.download.work import Tally, Work
from manyhands.engine.happenings import Rest, Woke
from manyhands.errors import DiskFailed, DiskFull
from manyhands.events import Checking, Downloaded, Event, Found, PartFetched, SetAside, ToFetch
from manyhands.inbox import TICK_S, Interrupted
from manyhands.net.api import Api
from manyhands.net.limiter import Limiter
from manyhands.wire import Upload

CHECKING_EVERY_S = 0.5


@dataclass(frozen=True, kw_only=True)
class Job:
    """What to download and how. ``upload``: its id.

    ``target``: a file, or a folder for the upload's own name, None for the folder one is in;
    ``digests``: of all parts, 32 bytes each, if the caller kept them (see ``Runner.digests``).
    """

    upload: str
    target: Path | None = None
    overwrite: bool = False
    limiter: Limiter = field(default_factory=Limiter)
    rules: Rules = field(default_factory=Rules)
    digests: Sequence[bytes] = ()
    stall_s: float = 15.0


class Runner:
    """``run`` is called once; ``stop``, ``rest`` and ``woke`` from any thread or signal handler."""

    def __init__(
        self,
        job: Job,
        api: Api,
        listen: Callable[[Event], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        rng: Random | None = None,
    ) -> None:
        self._job, self._api, self._listen = job, api, listen
        self._clock, self._rng = clock, rng or Random()
        self._desk = Desk(self._checked)
        self._arrived = False
        self._started = clock()
        self._leaving, self._resting = threading.Event(), threading.Event()
        self._checking = Checking(bytes_checked=0, bytes=0)
        self._checking_shown_at = float("-inf")
        self.digests: tuple[bytes, ...] = ()
        """Of all parts, from the event Found on; worth keeping for the next run."""

    def stop(self, signal_number: int) -> None:
        """End the run soon; what has arrived is kept, and ``run`` raises Stopped."""
        self._leaving.set()
        self._desk.put(Interrupted(signal_number))

    def rest(self) -> None:
        """Finish what is under way; ``run`` then returns with the outcome *resting*."""
        self._resting.set()
        self._leaving.set()
        self._desk.put(Rest())

    def woke(self) -> None:
        """The machine slept, or its network is another: begin again at once what is under way."""
        self._desk.put(Woke())

    def run(self) -> Downloaded:
        """Raises ManyhandsError, and nothing else that can be foreseen."""
        try:
            return self._run()
        finally:
            self._leaving.set()
            self._desk.end()

    def _run(self) -> Downloaded:
        job = self._job
        upload = self._desk.ask(lambda: self._api.upload(job.upload)).upload
        insist_on_complete(upload)
        self._upload, self._target = upload, place(job.target, upload.name)
        self._manifest = self._read_manifest(upload)
        self._listen(_found(upload, self._target))
        path = part_path(self._target, upload.id)
        if self._stands_there():
            drop_leftover(path, self._target)
            return self._ended("already_there", Tally(self._manifest.plan, set()))
        if self._resting.is_set():
            return self._ended("resting", Tally(self._manifest.plan, set()))
        insist_on_free(self._target, overwrite=job.overwrite)
        with PartFile(path, self._manifest, self._set_aside) as file:
            try:
                return self._bring(file)
            except (DiskFull, DiskFailed) as error:
                if file.had_parts or self._arrived:
                    raise error.keeping() from error
                raise

    def _read_manifest(self, upload: Upload) -> Manifest:
        def read() -> Manifest:
            return manifest_of(upload, self._job.digests, lambda n: self._api.page(upload.id, n))

        manifest = self._desk.ask(read)
        self.digests = manifest.digests
        return manifest

    def _stands_there(self) -> bool:
        """Whether the target is the wanted file already."""
        plan = self._manifest.plan
        with standing(self._target, self._manifest) as content:
            every = range(1, plan.count + 1)
            return content is not None and len(self._compare(content, every)) == plan.count

    def _bring(self, file: PartFile) -> Downloaded:
        """The file to its end, or to a rest."""
        plan = self._manifest.plan
        there = self._compare(file.content, file.content.candidates(), to_the_end=True)
        tally = Tally(plan, there)
        missing = set(range(1, plan.count + 1)) - there
        if self._resting.is_set() or not self._fetch(file, missing, tally):
            return self._ended("resting", tally)
        self._desk.ask(file.flush)
        file.publish(self._target, overwrite=self._job.overwrite)
        return self._ended("fetched", tally)

    def _fetch(self, file: PartFile, missing: set[int], tally: Tally) -> bool:
        job = self._job

        def heard(event: Event) -> None:
            self._arrived = self._arrived or isinstance(event, PartFetched)
            self._listen(event)

        if missing:
            left = self._upload.size - tally.bytes_done
            self._listen(ToFetch(path=str(self._target), bytes=left, parts=len(missing)))
        return Work(
            api=self._api,
            upload=self._upload,
            engine=Engine(missing, self._rng, job.rules),
            crew=Crew(file, self._manifest, job.limiter, self._desk.put, job.stall_s),
            desk=self._desk,
            tally=tally,
            listen=heard,
            trouble_s=job.rules.trouble_s,
            clock=self._clock,
        ).until_done()

    def _compare(
        self, content: Content, parts: Sequence[int], *, to_the_end: bool = False
    ) -> set[int]:
        """Those parts that match; without ``to_the_end`` the first that does not ends it."""
        total = sum(map(self._manifest.plan.length, parts))
        self._checking = Checking(bytes_checked=0, bytes=total)

        def look() -> set[int]:
            there: set[int] = set()
            for part in parts:
                same = not self._leaving.is_set() and content.holds(part)
                there |= {part} if same else set()
                self._desk.put(Checked(part))
                if self._leaving.is_set() or not (same or to_the_end):
                    break
            return there

        there = self._desk.ask(look)
        while self._leaving.is_set() and not self._resting.is_set():
            self._desk.get(TICK_S)  # raises Stopped
        return there

    def _checked(self, part: int) -> None:
        before, now = self._checking, self._clock()
        done = before.bytes_checked + self._manifest.plan.length(part)
        self._checking = Checking(bytes_checked=done, bytes=before.bytes)
        if done == before.bytes or now - self._checking_shown_at >= CHECKING_EVERY_S:
            self._checking_shown_at = now
            self._listen(self._checking)

    def _set_aside(self, path: Path, instead: Path) -> None:
        self._listen(SetAside(path=str(path), instead=str(instead)))

    def _ended(self, outcome: str, tally: Tally) -> Downloaded:
        return Downloaded(
            outcome=outcome,
            upload=self._upload.id,
            name=self._upload.name,
            path=str(self._target),
            size=self._upload.size,
            seconds=round(self._clock() - self._started, 2),
            own_bytes=tally.own_bytes,
            own_parts=tally.own_parts,
            parts=self._upload.parts,
            checksum=self._upload.checksum,
        )


def _found(upload: Upload, target: Path) -> Found:
    return Found(
        upload=upload.id,
        name=upload.name,
        size=upload.size,
        parts=upload.parts,
        part_size=upload.part_size,
        path=str(target),
    )
