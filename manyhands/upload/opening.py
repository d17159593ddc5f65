"""From a path to an upload: look at the file, plan its parts, hash the first page, and then

    create the upload, or join it       if nothing is known of it
    go on with the one that is known    from an earlier run, if it can still be worked on
    join the one that was asked for     if the file is the same, as far as some parts tell

The rest of the file is hashed behind, while parts are sent.
"""

from collections.abc import Callable

from manyhands.errors import ContentDiffers, Refused
from manyhands.events import Event, Hashing, Opened, Renamed
from manyhands.files.hashing import Digests, Hasher
from manyhands.files.reader import PartReader, identify
from manyhands.net.api import Api
from manyhands.parts import PartPlan, cut, in_base64, plan_parts
from manyhands.upload.desk import Desk, Hashed
from manyhands.upload.groups import chosen
from manyhands.upload.job import Job
from manyhands.upload.memory import Memory
from manyhands.upload.sender import DigestDiffers
from manyhands.wire import CreateRequest, Upload
from manyhands.words import valid

HASHING_EVERY_S = 0.5
HASHING_TAIL = 8
"""Several threads hash, so the last to be done need not be the last part."""
GOES_ON = ("initialized", "active", "paused", "assembling", "complete")


class Opening:
    """Looks at the file and plans when it is made; for the deciding thread.

    Raises NoSuchFile, NotAFile, Unreadable, FileTooLarge, NoSuchGroup, ContentDiffers, Refused.
    """

    def __init__(
        self,
        job: Job,
        api: Api,
        desk: Desk,
        memory: Memory,
        listen: Callable[[Event], None],
        clock: Callable[[], float],
    ) -> None:
        self._job, self._api, self._desk, self._memory = job, api, desk, memory
        self._listen, self._clock = listen, clock
        self._shown_at = float("-inf")
        self._is_whole = False
        self.identity = identify(job.path)
        me = desk.ask(api.me)
        self._groups, self.limits = me.groups, me.limits
        self.plan = self._plan_of_helped() if job.helps else self._plan_of_own()
        self.known = memory.known(self.identity, self.plan)
        self.digests = Digests(self.plan, self.known.digests)
        self._hasher = self._make_hasher()

    def open(self) -> Upload:
        """Raises DigestDiffers if it is to help, and is another file."""
        self._hasher.start()
        self._desk.wait_until(lambda: self.digests.page(0) is not None)
        upload = self._known_upload() or self._create_or_join()
        self._memory.opened(upload)
        return upload

    def open_apart(self) -> Upload:
        """An upload of this file's own, because the one that was joined is another's."""
        self._desk.wait_until(lambda: bool(self.digests.checksum))
        upload = self._create_or_join(self.digests.checksum)
        self._memory.opened(upload)
        return upload

    def stop(self) -> None:
        self._hasher.stop()

    def hashed(self, part: int) -> None:
        """This part was hashed: from time to time, and at the end, that is told and remembered."""
        now, plan = self._clock(), self.plan
        if self._is_whole:
            return
        near = part >= plan.count - HASHING_TAIL
        self._is_whole = whole = near and self.digests.known == plan.count
        if whole or now - self._shown_at >= HASHING_EVERY_S:
            self._shown_at = now
            self._memory.hashed(self.digests.prefix())
            done = plan.size if whole else plan.offset(part) + plan.length(part)
            self._listen(Hashing(bytes_hashed=done, size=plan.size))

    def _make_hasher(self) -> Hasher:
        def hashed(part: int) -> None:
            self._desk.put(Hashed(part))

        return Hasher(self._job.path, self.identity, self.digests, hashed, self._desk.broke)

    def _plan_of_own(self) -> PartPlan:
        self._group = chosen(self._groups, valid(self._job.group))
        return plan_parts(self.identity.size, self.limits)

    def _plan_of_helped(self) -> PartPlan:
        """The upload's own. Raises ContentDiffers if the file has another size."""
        upload = self._desk.ask(lambda: self._api.upload(self._job.helps)).upload
        if upload.size != self.identity.size:
            raise ContentDiffers(
                f"That is not the same file: it has {self.identity.size:,} bytes, "
                f"the upload {upload.size:,}. Nothing was sent."
            )
        self._group = chosen(self._groups, upload.group)
        return cut(upload.size, upload.part_size, self.limits)

    def _known_upload(self) -> Upload | None:
        """The one to help with, or that an earlier run found, if it can still be worked on."""
        helps = self._job.helps
        upload = self._look(helps or self.known.upload)
        if upload is None or not (helps or self._goes_on(upload)):
            return None
        if helps:
            self._compare_samples(upload)
        self._listen(self._opened("joined", upload))
        return upload

    def _look(self, id: str) -> Upload | None:
        """Raises Refused if it was asked for by its id and is not there."""
        try:
            return self._desk.ask(lambda: self._api.upload(id)).upload if id else None
        except Refused:
            if self._job.helps:
                raise
            return None

    def _goes_on(self, upload: Upload) -> bool:
        fits = (upload.size, upload.part_size) == (self.plan.size, self.plan.part_size)
        return fits and upload.status in GOES_ON

    def _compare_samples(self, upload: Upload) -> None:
        """The first, a middle and the last known part. Raises DigestDiffers."""
        known = upload.parts_known
        with PartReader(self._job.path, self.identity) as reader:
            for part in sorted({1, (known + 1) // 2, known} - {0}):
                page, at = self.plan.page_of(part)
                theirs = self._page(upload.id, page)
                if in_base64(self.digests.of(part, reader)) != theirs[at]:
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
            size=self.plan.size,
            part_size=self.plan.part_size,
            digests=[in_base64(digest) for digest in self.digests.page(0) or ()],
            checksum=checksum,
        )
        reply = self._desk.ask(lambda: self._api.create(request))
        self._listen(self._opened(reply.outcome, reply.upload))
        return reply.upload

    def _opened(self, outcome: str, upload: Upload) -> Opened:
        return Opened(
            outcome=outcome,
            upload=upload.id,
            name=upload.name,
            group=self._group.name,
            size=upload.size,
            parts=upload.parts,
            part_size=upload.part_size,
            parts_done=upload.parts_done,
            label=valid(self._job.label),
        )
