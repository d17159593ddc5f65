"""One file on its way in virtual time: the real service, the real engine, adapters on a table.

    Voyage(lines, size).sail()  ──> bill: calls of the API, of AWS, and units; seconds; retries

Each client is the command line's engine on a line of its own, driven as ``manyhands.upload.work``
drives it: it creates or joins, adds pages of the manifest, exchanges, sends, looks for the end.
The stream's functions run when the board says so. Only bytes and the ways to and fro are missing.
How long those take is assumed (``Ways``), and no client ever fails; what failing costs is not here.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.device import Device
from bench.stand_ins import People, Storage
from bench.table import Client, Table
from bench.virtual import VirtualClock
from chalicelib.adapters.caches import CachedManifests
from chalicelib.adapters.dynamodb import DynamoManifests, DynamoUploads
from chalicelib.adapters.limits import DynamoLimits
from chalicelib.domain.board import Person, Rules
from chalicelib.domain.errors import ManyhandsError
from chalicelib.domain.lifetime import Lifetime
from chalicelib.domain.parts import PartPlan, plan_parts
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import Upload
from chalicelib.ports import Caller
from chalicelib.service.assembling import assemble
from chalicelib.service.core import Core
from chalicelib.service.notifying import Post, notify

ANA = Caller(Person("0f3c2a9e-5b1d-4f6e-9c7a-1d2e3f4a5b6c", "ana"), ("user:ana",))
STREAM_MS = 500
JOINING_MS = 700
"""Between one client's coming and the next's."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Assumed, in ms: client to function and back each; a read and a write of DynamoDB.

    ``jitter``: by what share each may be shorter or longer.
    """

    gateway: float = 40
    read: float = 3
    write: float = 6
    jitter: float = 0.5


class Distant(Client):
    """The table, as far away as DynamoDB: half of the way before it is done, half after."""

    def __init__(self, table: Table, clock: VirtualClock, ways: Ways) -> None:
        super().__init__(table)
        self._clock, self._ways = clock, ways

    def get_item(self, **asked: object) -> dict[str, object]:
        return self._far(self._ways.read, lambda: super(Distant, self).get_item(**asked))

    def put_item(self, **asked: object) -> dict[str, object]:
        return self._far(self._ways.write, lambda: super(Distant, self).put_item(**asked))

    def _far(self, ms: float, call: Callable[[], dict[str, object]]) -> dict[str, object]:
        spread = self._ways.jitter * ms / 2
        self._clock.wait(ms / 2 + self._clock.rng.uniform(-spread, spread))
        try:
            return call()
        finally:
            self._clock.wait(ms / 2 + self._clock.rng.uniform(-spread, spread))


class Voyage:
    """``lines``: the speed of each client's, in bytes a second."""

    def __init__(self, lines: Sequence[int], size: int, ways: Ways = Ways()) -> None:
        self.clock, self.ways, self.table = VirtualClock(), ways, Table()
        self.bill = self.table.bill
        self.storage = Storage(self.clock, self.bill)
        self.core = self._core()
        self.plan: PartPlan = plan_parts(size, self.core.limits)
        self.digests = [hashlib.sha256(b"%d" % n).digest() for n in range(self.plan.count)]
        self._lines, self._status = lines, Status.INITIALIZED
        self._began = self.clock.now()
        self._devices: list[Device] = []

    def sail(self) -> Counter[str]:
        """Until all clients know that the file is stored; the bill."""
        for number, rate in enumerate(self._lines):
            self._devices.append(Device(self, ANA, number, rate))
            self.clock.after(number * JOINING_MS, self._devices[-1].board)
        self.clock.run()
        assert self._status is Status.COMPLETE, self._status
        return self.bill

    @property
    def seconds(self) -> float:
        return (self.clock.now() - self._began) / 1000

    def call(self, name: str, do: Callable[[], object], then: Callable[[object], object]) -> None:
        """A call of a client; ``then`` gets the answer, or the error."""
        self.bill[f"API {name}"] += 1
        half = self.ways.gateway / 2

        def run() -> None:
            try:
                answer: object = do()
            except ManyhandsError as error:
                answer = error
                self.bill[error.code] += 1
            self.clock.after(half, lambda: then(answer))

        self.clock.after(half, lambda: self.clock.begin(run))

    def seen(self, upload: Upload) -> None:
        """The stream: each change of status runs its function once."""
        if upload.status is self._status:
            return
        before, self._status = self._status, upload.status
        if upload.status is Status.ASSEMBLING and before is Status.ACTIVE:
            self._later(lambda: assemble(self.core, upload.id))
        elif upload.status is Status.COMPLETE:
            people = People(self.bill)
            post = Post(
                topic=people, mailer=people, people=people, page_url="https://x", bucket="b"
            )
            self._later(lambda: notify(self.core, post, upload.id))

    def digest(self, part: int) -> str:
        return base64.b64encode(self.digests[part - 1]).decode()

    def _later(self, do: Callable[[], object]) -> None:
        self.bill["events"] += 1
        self.clock.after(STREAM_MS, lambda: self.clock.begin(do))

    def _core(self) -> Core:
        client = Distant(self.table, self.clock, self.ways)
        uploads = _Watched(client, "table", Lifetime())  # type: ignore[arg-type]
        uploads.seen = self.seen
        return Core(
            uploads=uploads,
            manifests=CachedManifests(DynamoManifests(client, "table")),  # type: ignore[arg-type]
            store=self.storage,
            group_limits=DynamoLimits(client, "table"),  # type: ignore[arg-type]
            clock=self.clock,
            rules=Rules(),
        )


class _Watched(DynamoUploads):
    seen: Callable[[Upload], None]

    def save(self, upload: Upload) -> Upload:
        saved = super().save(upload)
        self.seen(saved)
        return saved
