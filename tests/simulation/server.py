"""The server: a few hosts with clocks of their own, the functions, the stream and the sweep.

The stream is what the deployed one is: a record for each change of status that its filter lets
through, delivered at least once, late or out of order, tried again after a failure five times,
then put aside. The sweep comes every five minutes; moments at which nothing is due are skipped,
because it does nothing then.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from greenlet import greenlet

from chalicelib.adapters.caches import CachedManifests
from chalicelib.domain.board import Rules
from chalicelib.domain.errors import ManyhandsError, Unavailable
from chalicelib.domain.lifetime import Lifetime, due_at
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import Upload
from chalicelib.service.assembling import assemble
from chalicelib.service.core import Core
from chalicelib.service.notifying import Post, notify
from chalicelib.service.sweeping import sweep
from tests.fakes.limits import FakeLimits
from tests.simulation.files import LIMITS
from tests.simulation.gates import CALM, Killed
from tests.simulation.ports import (
    HostClock,
    Mailer,
    Manifests,
    People,
    Storage,
    Topic,
    Uploads,
)
from tests.simulation.tape import table

RULES = Rules(assumed_rate=25, max_held=16)
LIFETIME = Lifetime(assemble_ms=0)
"""As deployed, but joining is given up after its attempts alone, so that stories come to it."""

TOLD = frozenset({Status.COMPLETE, Status.FAILED, Status.EXPIRED})
"""As the stream's filter in ``infra/resources.yaml`` has it."""

RETRIES = 5
SWEEP_MS = 300_000

DIED = "died"
"""The outcome of a call whose process ended."""

LATE, TWICE, DEAD = "record late", "record twice", "dead letter"
STREAM_FAULTS = (LATE, TWICE, DEAD)
STREAMS = (CALM, table("", a=(40, LATE), b=(30, TWICE), c=(10, DEAD)))
LATE_MS = (20, 100, 1_000, 10_000, 60_000, 400_000)


class Call(greenlet):
    """A call of the service, and after its end the next: to begin a greenlet costs thirty times
    what going on with one does. ``made``: multipart uploads that the call began.
    """

    idle: ClassVar[list["Call"]] = []
    made: list[str]
    name: str
    telling: tuple[str, int, str] | None

    def run(self, job: Any) -> None:
        while True:
            carry_out, *about = job
            carry_out(self, *about)
            del carry_out, about, job
            self.idle.append(self)
            job = self.parent.switch()


def _assemble(core: Core, post: Post, id: str) -> None:
    assemble(core, id)


FUNCTIONS: dict[str, Callable[[Core, Post, str], None]] = {"assemble": _assemble, "notify": notify}


class Server:
    def __init__(self, world: Any) -> None:
        self.world = world
        self.uploads, self.manifests = Uploads(world), Manifests(world)
        self.storage = Storage(world)
        self.post = Post(
            topic=Topic(world),
            mailer=Mailer(world),
            people=People(world),
            page_url="https://u.example",
            bucket="bucket",
        )
        self.clocks = [HostClock(world) for _ in range(3)]
        self.hosts = [self._fresh(clock) for clock in self.clocks]
        self.cut: set[str] = set()
        self.calls = 0
        self.sweep_at = 0

    def _fresh(self, clock: HostClock) -> Core:
        return Core(
            uploads=self.uploads,
            manifests=CachedManifests(self.manifests),
            store=self.storage,
            group_limits=FakeLimits(),
            clock=clock,
            rules=RULES,
            lifetime=LIFETIME,
            limits=LIMITS,
        )

    def start(self, name: str, do: Callable[..., Any], args: Any, back: Any, tag: Any) -> None:
        """Begin a call on one of the API's hosts; ``back(tag, outcome)`` at its end."""
        self.calls += 1
        self._begin(name, self.calls & 1, do, args, back, tag)

    def _begin(self, name: str, host: int, do: Any, args: Any, back: Any, tag: Any) -> None:
        call = Call.idle.pop() if Call.idle else Call(parent=self.world.main)
        call.made, call.name, call.telling = [], name, None
        call.switch((self._run, host, do, args, back, tag))

    def _run(self, call: Call, host: int, do: Any, args: Any, back: Any, tag: Any) -> None:
        try:
            outcome = do(self.hosts[host], *args)
        except ManyhandsError as error:
            outcome = error
            error.__traceback__ = None
        except Killed:
            outcome = DIED
            self.hosts[host] = self._fresh(self.clocks[host])
        if call.telling is not None:
            self.world.windows[call.telling] += 1
        if call.made and (outcome is DIED or isinstance(outcome, Unavailable)):
            self.cut.update(call.made)
        back(tag, outcome)

    def wrote(self, before: Upload | None, after: Upload) -> None:
        """What the stream's filters make of a write."""
        if before is None or before.board.status is after.board.status:
            return
        if after.status is Status.ASSEMBLING:
            self._record("assemble", after.id)
        elif after.status in TOLD and before.status not in TOLD:
            self._record("notify", after.id)

    def _record(self, function: str, id: str) -> None:
        world = self.world
        act = world.stream[world.byte()]
        if act:
            world.seen[act] += 1
        if act is DEAD:
            return
        due = world.now + (world.tape.one_of(LATE_MS) if act is LATE else 20)
        world.at(due, self._deliver, (function, id, 0))
        if act is TWICE:
            world.at(world.now + world.tape.one_of(LATE_MS), self._deliver, (function, id, 0))

    def _deliver(self, record: tuple[str, str, int]) -> None:
        function, id, _ = record
        self._begin(function, 2, FUNCTIONS[function], (self.post, id), self._delivered, record)

    def _delivered(self, record: tuple[str, str, int], outcome: object) -> None:
        function, id, tries = record
        if outcome is None:
            return
        if tries < RETRIES:
            self.world.at(
                self.world.now + (1_000 << tries), self._deliver, (function, id, tries + 1)
            )
        else:
            self.world.seen["retries used up"] += 1

    def sweep(self, back: Any = None) -> None:
        self._begin("sweep", 2, sweep, (self.post,), back or _nobody, None)

    def sweep_and_rearm(self, _: object) -> None:
        self.sweep()
        self.arm()

    def arm(self) -> None:
        """The next sweep: on the grid of five minutes, when something can be due by then."""
        world = self.world
        dues = [at for u in self.uploads.every() if (at := due_at(u, LIFETIME)) is not None]
        following = world.events[0][0] if world.events else None
        if following is None and not dues:
            return
        at = max(world.now + 1, min([*dues, following] if following is not None else dues))
        world.at(at + (world.sweep_offset - at) % SWEEP_MS, self.sweep_and_rearm, None)


def _nobody(tag: object, outcome: object) -> None:
    """Nobody waits for this answer."""
