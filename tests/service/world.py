"""The use cases on fakes: a small world in which a part is 100 bytes."""

import hashlib
from base64 import b64encode

from chalicelib.domain.board import Person, Rules
from chalicelib.domain.exchange import Request
from chalicelib.domain.manifest import page_length, parts_before
from chalicelib.domain.parts import PartLimits, plan_parts
from chalicelib.domain.uploads import Upload
from chalicelib.ports import Caller
from chalicelib.service.assembling import assemble
from chalicelib.service.boards import Ticket, add_page, take
from chalicelib.service.core import Core
from chalicelib.service.creating import NewFile, create
from chalicelib.service.notifying import Post
from tests.announcements import CheckedTopic
from tests.fakes.clock import FakeClock
from tests.fakes.limits import FakeLimits
from tests.fakes.mailer import FakeMailer
from tests.fakes.manifests import FakeManifests
from tests.fakes.meter import FakeMeter
from tests.fakes.part_store import FakePartStore
from tests.fakes.people import FakePeople
from tests.fakes.uploads import FakeUploads

ANA, BEN, EVE = Person("sub-ana", "ana"), Person("sub-ben", "ben"), Person("sub-eve", "eve")
LIMITS = PartLimits(min_part=100, max_part=10_000, max_parts=1_000, step=100, max_file=10_000_000)


def member(person: Person, *groups: str) -> Caller:
    return Caller(person, (f"user:{person.id}", *groups))


ANA_CALLS, BEN_CALLS = member(ANA, "film"), member(BEN, "film", "lab")
EVE_CALLS = member(EVE, "lab")


class World:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.uploads, self.manifests = FakeUploads(), FakeManifests()
        self.store = FakePartStore(self.clock, min_part=100)
        self.limits = FakeLimits()
        self.topic, self.mailer, self.meter = CheckedTopic(), FakeMailer(), FakeMeter()
        self.core = Core(
            uploads=self.uploads,
            manifests=self.manifests,
            store=self.store,
            group_limits=self.limits,
            clock=self.clock,
            rules=Rules(assumed_rate=1_000),
            limits=LIMITS,
            open_uploads=3,
            meter=self.meter,
        )
        people = FakePeople({ANA.id: "ana@example.org", BEN.id: "ben@example.org"})
        self.post = Post(
            topic=self.topic,
            mailer=self.mailer,
            people=people,
            page_url="https://up.example.org",
            bucket="bucket",
        )

    def upload(self, id: str) -> Upload:
        found = self.uploads.get(id)
        assert found is not None
        return found


class Device:
    """A client that holds a file and does what it should."""

    def __init__(self, world: World, caller: Caller, body: bytes, name: str = "film.mov") -> None:
        self.world, self.caller, self.body, self.name = world, caller, body, name
        self.plan = plan_parts(len(body), LIMITS)
        self.client, self.seq = f"client-{id(self)}", 0

    def part(self, number: int) -> bytes:
        start = self.plan.offset(number)
        return self.body[start : start + self.plan.length(number)]

    def digests(self, page: int) -> list[str]:
        before, count = parts_before(page), page_length(page, self.plan.count)
        return [_digest(self.part(before + n)) for n in range(1, count + 1)]

    def create(self, group: str = "film", checksum: str = "") -> tuple[bool, Upload]:
        file = NewFile(
            group, self.name, len(self.body), self.plan.part_size, self.digests(0), checksum
        )
        return create(self.world.core, self.caller, file)

    def add_page(self, id: str, page: int) -> Upload:
        return add_page(self.world.core, self.caller, id, page, self.digests(page))

    def exchange(
        self,
        id: str,
        want: int = 0,
        done: tuple[int, ...] = (),
        holding: tuple[int, ...] = (),
        rate: int = 0,
        generation: int = 0,
    ) -> list[Ticket]:
        self.seq += 1
        request = Request(
            self.client,
            self.caller.person,
            "device",
            self.seq,
            holding,
            done,
            want,
            rate,
            generation,
        )
        _, _, tickets = take(self.world.core, self.caller, id, request)
        return tickets

    def send(self, tickets: list[Ticket]) -> tuple[int, ...]:
        for ticket in tickets:
            self.world.store.put(ticket.signed, self.part(ticket.part))
        return tuple(t.part for t in tickets)

    def send_all(self, id: str) -> None:
        """Work until nothing is handed out any more."""
        done: tuple[int, ...] = ()
        while tickets := self.exchange(id, want=8, done=done):
            done = self.send(tickets)
            self.world.clock.advance(100)


def _digest(body: bytes) -> str:
    return b64encode(hashlib.sha256(body).digest()).decode()


def film(parts: int, seed: int = 0) -> bytes:
    """A file of this many parts, the last one shorter; another ``seed``, another file."""
    return (
        b"".join(
            hashlib.sha256(f"{seed}.{n}".encode()).digest() * 3 + b"1234" for n in range(parts - 1)
        )
        + b"the end"
    )


def full(world: World, parts: int = 3) -> Upload:
    """An upload whose every part is in."""
    device = Device(world, ANA_CALLS, film(parts))
    _, upload = device.create()
    device.send_all(upload.id)
    return world.upload(upload.id)


def stored(world: World) -> Upload:
    upload = full(world)
    assemble(world.core, upload.id)
    return world.upload(upload.id)


class Flaky:
    """A port whose next calls of one verb fail; ``after``: only when they have worked."""

    def __init__(
        self, port: object, verb: str, *faults: BaseException, after: bool = False
    ) -> None:
        self._real = getattr(port, verb)
        self._faults, self._after = list(faults), after
        setattr(port, verb, self)

    def __call__(self, *arguments: object) -> object:
        if not self._faults:
            return self._real(*arguments)
        if self._after:
            self._real(*arguments)
        raise self._faults.pop(0)


class Died(BaseException):
    """What a function dies of: none of its handlers sees it."""
