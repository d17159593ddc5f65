"""A device: the real engine, driven as ``manyhands.upload.work`` drives it, on a line that fails.

It creates or joins the upload, puts pages of the manifest if it is the owner's, sends parts and
looks how it ends. It can be killed at any moment. What then remains is what the journal keeps, its
name, a number of its exchanges and the parts that it sent and did not report; or nothing, and it
comes back under a new name. PUTs that were under way may land long after.
"""

from typing import Any

from chalicelib.domain.errors import ManyhandsError
from chalicelib.domain.exchange import Request as Exchanged
from chalicelib.domain.uploads import Upload
from chalicelib.ports import Caller
from chalicelib.service.boards import add_page, take
from chalicelib.service.creating import create
from chalicelib.service.uploads import looked_at
from manyhands.engine import happenings as hap
from manyhands.engine.engine import Engine, Who
from manyhands.engine.pace import Rules
from manyhands.errors import Refused, Unreachable
from manyhands.parts import PartPlan
from manyhands.upload.calls import Calls
from manyhands.upload.desk import NextPage, PageFailed
from manyhands.upload.memory import SEQ_MARGIN
from manyhands.upload.pager import Pager
from manyhands.upload.sender import DigestDiffers
from manyhands.wire import ExchangeReply, Progress, Ticket
from tests import invariants
from tests.simulation.files import PART, Body, File, new_file
from tests.simulation.gates import CALM
from tests.simulation.line import OUT_OF_REACH, Request
from tests.simulation.ports import SHA256
from tests.simulation.tape import Dice, table

ENGINE_RULES = Rules(look_s=30.0)
"""As deployed, but it looks for the joined object more seldom: looks are most of what happens in a
long outage, and all alike."""
MAX_HELD = 16
TELLING = (hap.Answered, hap.Disowned, hap.ExchangeFailed)
NO_PROGRESS = Progress(0, 0, 0, 0, 0)

CUT, CUT_LATE, LANDS_LATE = "PUT cut", "PUT's answer lost", "PUT lands late"
PUT_TWICE, REFUSED, STALLS = "PUT doubled", "PUT refused", "line slow"
PUT_FAULTS = (CUT, CUT_LATE, LANDS_LATE, PUT_TWICE, REFUSED, STALLS)
CRASH, WAKE, REST = "client crash", "network changes", "paused here"
LIFE_FAULTS = (CRASH, WAKE, REST)
AWAY_MS = (1_000, 10_000, 100_000, 1_200_000, 2 * 86_400_000, 8 * 86_400_000)
HASHING_MS = (0, 300_000, 60_000)
"""Until the pages after the first are hashed."""

LANDS_MS = (100, 2_000, 30_000, 100_000, 1_000_000)


def _puts(each: int) -> tuple[str, ...]:
    return table("", **{f"f{n}": (each, fault) for n, fault in enumerate(PUT_FAULTS)})


PUTS = (CALM, _puts(2), _puts(8), _puts(25), CALM)
LIVES = (CALM, table("", a=(3, CRASH), b=(3, WAKE), c=(2, REST)), table("", a=(15, CRASH)), CALM)


class Put:
    __slots__ = ("body", "gone", "stopping", "ticket")

    def __init__(self, ticket: Ticket, body: Body) -> None:
        self.ticket, self.body, self.gone, self.stopping = ticket, body, False, False


class Answer:
    """In place of ``Api``: gives back what came, so that the real table of errors reads it."""

    def __init__(self) -> None:
        self.outcome: Any = None

    def exchange(self, upload: str, request: object) -> ExchangeReply:
        return self._given()

    def put_page(self, upload: str, page: int, request: object) -> Any:
        return self._given()

    def upload(self, id: str) -> Any:
        return self._given()

    def _given(self) -> Any:
        outcome = self.outcome
        if outcome is OUT_OF_REACH:
            raise Unreachable(OUT_OF_REACH)
        if isinstance(outcome, ManyhandsError):
            raise Refused(
                outcome.code,
                outcome.message,
                status=outcome.status_hint,
                retryable=outcome.retryable,
                details=outcome.details,
            )
        return outcome


class Device:
    """``helps``: it was given the upload's id instead of creating or joining by its file."""

    honest = True

    def __init__(self, world: Any, name: str, caller: Caller, file: File, helps: str = "") -> None:
        self.world, self.name, self.caller, self.file, self.helps = world, name, caller, file, helps
        self.speed, self.latency = 25, 50
        self.life, self.births = 0, 0
        self.up = self.happy = self.out = False
        self.client, self.seq = "", 0
        self.sent: set[int] = set()
        self.checksum = ""
        self.engine: Engine | None = None
        self.puts: dict[int, Put] = {}
        self.id = ""
        self.generation = 0
        self.answer = Answer()
        self.exchanges = self.starts = 0

    # ---- life ----------------------------------------------------------------------------------

    def begin(self, life: int) -> None:
        """Start the program, unless it runs or is not wanted any more."""
        if self.up or self.happy or self.out or life != self.life:
            return
        self.up = True
        if not self.client:
            self.births += 1
            self.client = f"{self.name}-{self.births}"
        self.open()

    def open(self) -> None:
        if self.helps:
            Request(self, "look", looked_at, (self.caller, self.helps), self.found)
        else:
            wanted = new_file(self.file, self.world.group, self.checksum)
            Request(self, "create", create, (self.caller, wanted), self.created)

    def end(self) -> None:
        """The process is gone, however."""
        self.life += 1
        self.up, self.engine = False, None
        for put in self.puts.values():
            put.gone = True
        self.puts.clear()

    def crash(self) -> None:
        world = self.world
        if self.engine:
            self.seq = self.engine.seq
        self.let_land()
        self.end()
        if world.byte() % 3 == 2:
            self.client, self.seq = "", 0
            self.sent.clear()
        self.later(world.away_ms())

    def let_land(self) -> None:
        """What is under way may still arrive, and nobody hears of it."""
        world = self.world
        for put in self.puts.values():
            if world.byte() & 1:
                world.at(world.now + world.tape.one_of(LANDS_MS), self.land, put)

    def later(self, ms: int) -> None:
        self.world.at(self.world.now + ms, self.begin, self.life)

    def leave(self, out: bool = False) -> None:
        """End by itself, for good if ``out``, with a goodbye as the program says it."""
        if self.engine:
            self.seq = self.engine.seq + 1
            request = self._asked(self.engine.farewell())
            self.let_land()
            world = self.world
            world.server.start("goodbye", take, (self.caller, self.id, request), _nobody, None)
        self.end()
        if out:
            self.out = True
            self.world.finished()

    # ---- opening -------------------------------------------------------------------------------

    def created(self, outcome: Any) -> None:
        if isinstance(outcome, tuple):
            self.opened(outcome[1])
        else:
            self.refused(outcome)

    def found(self, outcome: Any) -> None:
        if not isinstance(outcome, Upload):
            return self.refused(outcome)
        if outcome.plan.size != self.file.size or self._samples_differ(outcome):
            self.world.seen["file differs"] += 1
            return self.leave(out=True)
        return self.opened(outcome)

    def _samples_differ(self, upload: Upload) -> bool:
        """The first, a middle and the last known part; read directly, for brevity."""
        manifest = self.world.server.manifests.peek(upload.id, upload.generation)
        known = len(manifest) // 32
        samples = {1, (known + 1) // 2, known} - {0}
        mine = self.file.bodies
        return any(manifest[32 * (n - 1) : 32 * n] != mine[n - 1].digest for n in samples)

    def refused(self, outcome: Any) -> None:
        """The person runs the command again after a while, unless that is pointless."""
        code = outcome if outcome is OUT_OF_REACH else outcome.code
        self.world.note(f"{self.name}: {code}")
        gone = code == "no_such_upload" and (self.world.may_end or (self.helps and self.world.calm))
        self.leave(out=bool(gone))
        self.later(5_000)

    def opened(self, upload: Upload) -> None:
        world = self.world
        if (upload.id, upload.generation) != (self.id, self.generation):
            self.id, self.generation = upload.id, upload.generation
        if upload.status.value == "complete":
            return self.compare(upload)
        seq = max(world.now, self.seq + SEQ_MARGIN)
        who = Who(self.client, self.name, seq, tuple(sorted(self.sent)))
        self.engine = Engine(who, PART, MAX_HELD, Dice(world.byte), ENGINE_RULES)  # type: ignore[arg-type]
        forgotten = self.sent.difference(self.engine.unreported)
        world.holds(invariants.nothing_forgotten, self.client, forgotten, ())
        self.calls = Calls(self.answer, upload.id)  # type: ignore[arg-type]
        self.pager = None
        self.revoked: set[int] = set()
        self.armed = float("inf")
        yours = upload.owner.id == self.caller.person.id and not self.helps
        if upload.board.known < upload.plan.count and yours:
            plan = PartPlan(self.file.size, PART)
            self.pager = Pager(plan, upload.board.known, yours=yours)
            self.hashed_at = world.now + world.tape.one_of(HASHING_MS)
            world.at(self.hashed_at, self._nudge, self.life)
        if world.told is not None:
            world.tell(f"{self.name} opens {upload.key} as {self.client}, {upload.status}")
        return self.tick()

    def compare(self, upload: Upload) -> None:
        """It is complete: is it this file?"""
        if upload.checksum == self.file.checksum:
            self.leave_happy()
        else:
            self.differs()

    def leave_happy(self) -> None:
        self.world.note(f"{self.name}: stored")
        self.end()
        self.happy = True
        self.world.finished()

    def differs(self) -> None:
        """The upload is another file's: make one of its own, or leave if it was to help."""
        self.world.seen["file differs"] += 1
        self.leave(out=bool(self.helps or self.checksum))
        if not self.out:
            self.checksum = self.file.checksum
            self.client = ""
            self.sent.clear()
            self.later(100)

    # ---- the engine ----------------------------------------------------------------------------

    def happen(self, happening: hap.Happening) -> None:
        """What it no longer counts as unreported need not be remembered."""
        engine = self.engine
        assert engine is not None
        kind = type(happening)
        before = engine.unreported if self.sent and kind in TELLING else ()
        engine.handle(happening, self.world.now / 1000)
        if kind is hap.Answered:
            reply = happening.reply
            self.revoked = set(reply.revoked).difference(t.part for t in reply.tickets)
        if before:
            gone = set(before).difference(engine.unreported)
            self.sent -= gone
            if kind is hap.ExchangeFailed:
                self.world.holds(invariants.nothing_forgotten, self.client, gone, ())
            elif kind is hap.Answered and reply.status in ("active", "paused"):
                told = (*self.asked.done, *reply.revoked)
                self.world.holds(invariants.nothing_forgotten, self.client, gone, told)

    def tick(self) -> None:
        """Carry out what the engine decides, and note when it wants to be asked again."""
        world, engine = self.world, self.engine
        if engine is None:
            return
        life = self.life
        for decision in engine.decide(world.now / 1000):
            self.do(decision)
            if self.life != life:
                return
        if self.pager is not None:
            self._put_page()
        wake = engine.wake_at()
        if wake < self.armed:
            self.armed = wake
            world.at(max(world.now + 1, int(wake * 1000) + 1), self.wake, (life, wake))

    def wake(self, armed: tuple[int, float]) -> None:
        life, at = armed
        if life == self.life and at == self.armed:
            self.armed = float("inf")
            world, wake = self.world, self.engine.wake_at()
            if wake * 1000 <= world.now:
                return self.tick()
            if wake != float("inf"):
                self.armed = wake
                world.at(int(wake * 1000) + 1, self.wake, (life, wake))
        return None

    def do(self, decision: hap.Decision) -> None:
        kind = type(decision)
        if kind is hap.StartPut:
            self.start(decision.ticket)
        elif kind is hap.Exchange:
            self.exchanges += 1
            self.asked = decision.request
            self._check_holding(decision.request.holding)
            args = (self.caller, self.id, self._asked(decision.request))
            Request(self, "exchange", take, args, self.exchanged)
        elif kind is hap.Look:
            Request(self, "look", looked_at, (self.caller, self.id), self.looked)
        elif kind is hap.StopPut:
            if decision.part in self.puts:  # it may be ordered twice
                self.puts[decision.part].stopping = True
                self.world.at(self.world.now + 1, self.stopped, self.puts[decision.part])
        elif kind is hap.End:
            self.over(decision.status)
        elif kind is hap.GiveUp:
            self.world.seen["client gives up"] += 1
            self.leave()
            self.later(60_000)
        elif kind is hap.Rested:
            self.leave()
            self.later(30_000)

    def _check_holding(self, holding: list[int]) -> None:
        world = self.world
        if self.revoked:
            world.holds(invariants.nothing_kept, self.client, holding, self.revoked)
        if self.puts:
            sending = [part for part, put in self.puts.items() if not put.stopping]
            world.holds(invariants.nothing_unclaimed, self.client, sending, holding)

    def _asked(self, said: Any) -> Exchanged:
        return Exchanged(
            client=said.client,
            person=self.caller.person,
            label=said.label,
            seq=said.seq,
            holding=tuple(said.holding),
            done=tuple(said.done),
            want=said.want,
            rate=said.rate,
        )

    def exchanged(self, outcome: Any) -> None:
        if type(outcome) is tuple:
            upload, reply, tickets = outcome
            if self.pager is not None:
                self.pager.learn(upload.board.known)
            self.happen(hap.Answered(_reply(upload, reply, tickets)))
        else:
            try:
                self.answer.outcome = outcome
                self.happen(self.calls.exchange(None))  # type: ignore[arg-type]
            except Refused as error:
                return self.refused(error)
        self.tick()
        return self.fate()

    def looked(self, outcome: Any) -> None:
        if type(outcome) is Upload:
            self.happen(hap.StatusSeen(outcome.status.value))
        else:
            try:
                self.answer.outcome = outcome
                self.happen(self.calls.look())  # type: ignore[arg-type]
            except Refused as error:
                return self.refused(error)
        return self.tick()

    def fate(self) -> None:
        """Now and then something happens to the device itself."""
        world = self.world
        act = world.lives[world.byte()]
        if not act or self.engine is None:
            return
        world.seen[act] += 1
        world.note(f"{self.name}: {act}")
        if act is CRASH:
            self.crash()
        else:
            self.happen(hap.Woke() if act is WAKE else hap.Rest())
            self.tick()

    def over(self, status: str) -> None:
        self.end()
        if status == "complete":
            upload = self.world.server.uploads.peek(self.id)
            if upload and upload.status.value == "complete":
                return self.compare(upload)
            status = upload.status.value if upload else "deleted"
        self.world.note(f"{self.name}: the upload was {status}")
        if status in ("cancelled", "deleted") and not self.world.again:
            return self.leave(out=True)
        return self.later(10_000)

    # ---- pages ---------------------------------------------------------------------------------

    def _put_page(self) -> None:
        world = self.world
        page = self.pager.due(world.now / 1000)
        if page is None or world.now < self.hashed_at:
            return
        self.pager.began()
        digests = self.file.pages[page]
        args = (self.caller, self.id, page, digests)
        Request(self, "page", add_page, args, lambda outcome: self._page_put(page, outcome))

    def _page_put(self, page: int, outcome: Any) -> None:
        pager = self.pager
        if type(outcome) is Upload:
            pager.went_well(page)
            pager.learn(outcome.board.known)
            self.happen(hap.MoreKnown())
            return self.tick()
        try:
            self.answer.outcome = outcome
            message = self.calls.put_page(page, [])
        except DigestDiffers:
            return self.differs()
        except Refused as error:
            return self.refused(error)
        if type(message) is NextPage:
            pager.jump(message.page)
        elif type(message) is PageFailed:
            pager.failed(self.world.now / 1000)
            self.world.at(self.world.now + 5_001, self._nudge, self.life)
        return self.tick()

    def _nudge(self, life: int) -> None:
        if life == self.life:
            self.tick()

    # ---- sending -------------------------------------------------------------------------------

    def start(self, ticket: Ticket) -> None:
        body = self.file.bodies[ticket.part - 1]
        if ticket.headers[SHA256] != body.text:
            return self.differs()
        return self.begin_put(ticket, body)

    def begin_put(self, ticket: Ticket, body: Body) -> None:
        world = self.world
        if not self.puts:
            self.happen(hap.Moved(0))
        put = self.puts[ticket.part] = Put(ticket, body)
        self.starts += 1
        ms = self.latency + ticket.length * 1000 * len(self.puts) // self.speed
        act = world.puts[world.byte()]
        if act:
            world.seen[act] += 1
            if world.told is not None:
                world.tell(f"{self.name}: part {ticket.part}, {act}")
            if act is STALLS:
                ms = ms * 10 + 5_000
        world.at(world.now + ms, self.put_over, (put, act))

    def land(self, put: Put) -> str:
        ticket = put.ticket
        code = self.world.server.storage.put(ticket.url, put.body)
        if self.world.told is not None:
            self.world.tell(f"part {ticket.part} of {self.name} lands: {code or 'stored'}")
        return code

    def put_over(self, about: tuple[Put, str]) -> None:
        put, act = about
        if put.gone:
            return None
        part = put.ticket.part
        del self.puts[part]
        put.gone = True
        world = self.world
        why: hap.Failure | None = None
        if act in (CUT, LANDS_LATE, REFUSED):
            why = hap.Failure.REFUSED if act is REFUSED else hap.Failure.LINE
        else:
            code = self.land(put)
            if code == "BadDigest":
                return self.differs()
            if code:
                why = hap.Failure.EXPIRED if code == "AccessDenied" else hap.Failure.REFUSED
            elif act is CUT_LATE:
                why = hap.Failure.LINE
        if act is LANDS_LATE or act is PUT_TWICE:
            world.at(world.now + world.tape.one_of(LANDS_MS), self.land, put)
        self.heard(part, why, put.ticket.length)
        return self.fate()

    def heard(self, part: int, why: hap.Failure | None, size: int) -> None:
        if why is None:
            self.sent.add(part)
            self.happen(hap.Moved(size))
            self.happen(hap.Sent(part))
        else:
            self.happen(hap.PutFailed(part, why))
        self.tick()

    def stopped(self, put: Put) -> None:
        """Broken off on order; it may have been there already."""
        if put.gone:
            return
        put.gone = True
        part = put.ticket.part
        del self.puts[part]
        if self.engine is None:
            return
        there = self.world.byte() & 1 and not self.land(put)
        self.heard(part, None if there else hap.Failure.STOPPED, 0)


def _reply(upload: Upload, reply: Any, tickets: Any) -> ExchangeReply:
    given = [
        Ticket(t.part, t.offset, t.length, t.signed.url, t.signed.headers, 900.0) for t in tickets
    ]
    return ExchangeReply(
        upload.board.status.value,
        given,
        list(reply.revoked),
        NO_PROGRESS,
        [],
        reply.next_exchange_ms / 1000,
    )


def _nobody(tag: object, outcome: object) -> None:
    """Nobody waits for the answer to a goodbye."""
