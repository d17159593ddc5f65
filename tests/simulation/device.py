"""A device: the real engine, driven as ``manyhands.upload.work`` drives it, on a line that fails.

It creates or joins the upload, puts pages of the manifest if it is the owner's, sends parts and
looks how it ends.
"""

from typing import Any

from chalicelib.domain.exchange import Request as Exchanged
from chalicelib.domain.uploads import Upload
from chalicelib.service.boards import add_page, take
from chalicelib.service.uploads import looked_at
from chalicelib.web.requests import exchange_request
from manyhands.engine import happenings as hap
from manyhands.engine.engine import Engine, Who
from manyhands.engine.pace import Rules
from manyhands.errors import Refused
from manyhands.parts import PartPlan
from manyhands.upload.calls import Calls
from manyhands.upload.desk import PageFailed
from manyhands.upload.memory import SEQ_MARGIN
from manyhands.upload.pager import Pager
from manyhands.upload.sender import DigestDiffers
from tests import invariants
from tests.simulation.answers import reply_of
from tests.simulation.files import PART
from tests.simulation.gates import CALM
from tests.simulation.life import Life
from tests.simulation.line import Request
from tests.simulation.tape import Dice, table

PATIENT = Rules(first_look_s=1.0, look_s=600.0, soonest_s=6.0)
AS_DEPLOYED = Rules(look_s=600.0)
ENGINE_RULES = (PATIENT, AS_DEPLOYED, PATIENT, PATIENT)
"""Of a world's engines. In most worlds who has to wait asks more seldom than as deployed: what is
asked meanwhile is most of what happens in a long outage, and all alike."""

MAX_HELD = 16
TELLING = (hap.Answered, hap.Disowned, hap.ExchangeFailed)

CRASH, WAKE, REST = "client crash", "network changes", "paused here"
LIFE_FAULTS = (CRASH, WAKE, REST)
LIVES = (CALM, table("", a=(3, CRASH), b=(3, WAKE), c=(2, REST)), table("", a=(15, CRASH)), CALM)

HASHING_MS = (0, 300_000, 60_000)
"""Until the pages after the first are hashed."""


class Device(Life):
    """A client with its engine, from opening to the end."""

    def opened(self, upload: Upload) -> None:
        world = self.world
        if (upload.id, upload.generation) != (self.id, self.generation):
            self.id, self.generation = upload.id, upload.generation
        if upload.status.value == "complete":
            return self.compare(upload)
        seq = max(world.now, self.seq + SEQ_MARGIN)
        who = Who(self.client, self.name, seq, tuple(sorted(self.sent)), upload.generation)
        self.engine = Engine(who, PART, MAX_HELD, Dice(world.byte), world.rules)  # type: ignore[arg-type]
        forgotten = self.sent.difference(self.engine.unreported)
        world.holds(invariants.nothing_forgotten, self.client, forgotten, ())
        self.calls = Calls(self.answer, upload.id, upload.generation)  # type: ignore[arg-type]
        self.pager = None
        self.revoked: set[int] = set()
        self.armed = float("inf")
        yours = upload.owner.id == self.caller.person.id and not self.helps
        if upload.board.known < upload.plan.count and yours:
            plan = PartPlan(self.file.size, PART, self.file.starts)
            self.pager = Pager(plan, upload.board.known, yours=yours, proven=1)
            self.hashed_at = world.now + world.tape.one_of(HASHING_MS)
            world.at(self.hashed_at, self._nudge, self.life)
        if world.told is not None:
            world.tell(f"{self.name} opens {upload.key} as {self.client}, {upload.status}")
        return self.tick()

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
        return exchange_request(said, self.caller.person)

    def exchanged(self, outcome: Any) -> None:
        if type(outcome) is tuple:
            upload, reply, tickets = outcome
            if self.pager is not None:
                self.pager.learn(upload.board.known)
            self.happen(hap.Answered(reply_of(upload, reply, tickets)))
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
        args = (self.caller, self.id, page, digests, self.generation)
        Request(self, "page", add_page, args, lambda outcome: self._page_put(page, outcome))

    def _page_put(self, page: int, outcome: Any) -> None:
        pager = self.pager
        if type(outcome) is Upload:
            pager.went_well()
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
        if type(message) is hap.StatusSeen:
            self.happen(message)
        elif type(message) is PageFailed:
            pager.failed(self.world.now / 1000)
            self.world.at(self.world.now + 5_001, self._nudge, self.life)
        return self.tick()

    def _nudge(self, life: int) -> None:
        if life == self.life:
            self.tick()
