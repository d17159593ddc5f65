"""One client of a voyage: the command line's engine, with a line in place of connections."""

from typing import TYPE_CHECKING, Any

from bench.flow import Line
from chalicelib.domain.manifest import page_count, parts_before
from chalicelib.ports import Caller
from chalicelib.service.boards import add_page, take
from chalicelib.service.creating import NewFile, create
from chalicelib.service.uploads import looked_at
from chalicelib.web.requests import exchange_request
from manyhands.engine import happenings as hap
from manyhands.engine.engine import Engine, Who
from manyhands.parts import PartPlan
from manyhands.upload.pager import Pager
from manyhands.wire import ExchangeReply, Progress, Ticket

if TYPE_CHECKING:
    from bench.voyage import Voyage

MAX_HELD = 64
TICK_MS, TICKS_A_PART = 250, 8
HASHED = 1_500_000_000
"""Bytes a second that one processor hashes: pages of the manifest come as fast as that."""


class Device:
    """``number`` from 0; the first creates the upload and brings its manifest."""

    def __init__(self, voyage: "Voyage", caller: Caller, number: int, rate: int) -> None:
        self._voyage, self._clock, self._number = voyage, voyage.clock, number
        self._name = f"{voyage.clock.rng.getrandbits(128):022x}"[:22]
        self._line = Line(voyage.clock, rate, self._stored)
        self._caller, self._armed, self._ended = caller, float("inf"), False
        part_ms = voyage.plan.part_size * 1000 / rate
        self._tick_ms = min(2_000.0, max(TICK_MS, part_ms / TICKS_A_PART))
        self._engine: Engine
        self._pager: Pager
        self._hashed_at = 0.0

    def board(self) -> None:
        """Ask who one is, then create or join."""
        self._voyage.call("me", lambda: None, lambda _: self._create())

    def _create(self) -> None:
        voyage, plan = self._voyage, self._voyage.plan
        first = [voyage.digest(part) for part in self._plan().page(0)]
        file = NewFile("user:ana", "film.mov", plan.size, plan.part_size, first)
        voyage.call("create", lambda: create(voyage.core, self._caller, file), self._created)

    def _created(self, answer: Any) -> None:
        _, upload = answer
        self._id = upload.id
        who = Who(self._name, f"Firefox on Pixel {self._number}", self._clock.now())
        self._engine = Engine(who, self._voyage.plan.part_size, MAX_HELD, self._clock.rng)
        self._pager = Pager(self._plan(), upload.board.known, yours=self._number == 0, proven=1)
        self._tick()

    def _plan(self) -> PartPlan:
        """The voyage's, as a client knows it: with the pages of the manifest."""
        plan = self._voyage.plan
        starts = [parts_before(page) for page in range(page_count(plan.count))]
        return PartPlan(plan.size, plan.part_size, starts)

    # ---- time ----------------------------------------------------------------------------------

    def _tick(self) -> None:
        if not self._ended:
            self._happen(hap.Moved(self._line.moved()))
            self._clock.after(self._tick_ms, self._tick)

    def _happen(self, happening: hap.Happening) -> None:
        now = self._clock.now() / 1000
        self._engine.handle(happening, now)
        for decision in self._engine.decide(now):
            self._do(decision)
        if not self._ended:
            self._put_page()
            self._arm()

    def _arm(self) -> None:
        """The engine is asked again when it wants to be, if nothing happens before."""
        wake = self._engine.wake_at() * 1000
        if wake < self._armed:
            self._armed = wake
            self._clock.at(wake + 1, lambda: self._wake(wake))

    def _wake(self, armed: float) -> None:
        if armed == self._armed and not self._ended:
            self._armed = float("inf")
            self._happen(hap.Moved(self._line.moved()))

    # ---- decisions -----------------------------------------------------------------------------

    def _do(self, decision: hap.Decision) -> None:
        match decision:
            case hap.StartPut(ticket):
                self._line.start(ticket.part, ticket.length)
            case hap.StopPut(part):
                if self._line.stop(part):
                    self._clock.after(1, lambda: self._stopped(part))
            case hap.Exchange(request):
                self._exchange(request)
            case hap.Look():
                self._look()
            case hap.End():
                self._ended = True
            case hap.GiveUp(error):
                raise error

    def _exchange(self, said: Any) -> None:
        asked = exchange_request(said, self._caller.person)
        core, caller, id = self._voyage.core, self._caller, self._id
        self._voyage.call("exchange", lambda: take(core, caller, id, asked), self._exchanged)

    def _exchanged(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            return self._happen(hap.ExchangeFailed(str(answer)))
        upload, reply, tickets = answer
        self._voyage.bill["tickets"] += len(tickets)
        self._pager.learn(upload.board.known)
        given = [Ticket(t.part, t.offset, t.length, "", {}, 900.0) for t in tickets]
        self._happen(
            hap.Answered(
                ExchangeReply(
                    status=upload.status.value,
                    tickets=given,
                    revoked=list(reply.revoked),
                    progress=Progress(0, 0, 0, 0, 0),
                    clients=[],
                    next_exchange_s=reply.next_exchange_ms / 1000,
                )
            )
        )
        return None

    def _look(self) -> None:
        core, caller, id = self._voyage.core, self._caller, self._id

        def seen(upload: Any) -> None:
            self._happen(hap.StatusSeen(upload.status.value))

        self._voyage.call("look", lambda: looked_at(core, caller, id), seen)

    def _stored(self, part: int) -> None:
        plan = self._voyage.plan
        self._voyage.storage.put(part, plan.length(part), self._voyage.digests[part - 1])
        self._happen(hap.Moved(self._line.moved()))
        self._happen(hap.Sent(part))

    def _stopped(self, part: int) -> None:
        self._happen(hap.PutFailed(part, hap.Failure.STOPPED))

    # ---- pages ---------------------------------------------------------------------------------

    def _put_page(self) -> None:
        """Each as soon as it is hashed; the first was hashed before the upload was created."""
        voyage, now = self._voyage, self._clock.now()
        page = self._pager.due(now / 1000)
        if page is None:
            return
        self._pager.began()
        parts = self._plan().page(page)
        digests = [voyage.digest(part) for part in parts]
        if page:
            hashing_ms = len(parts) * voyage.plan.part_size * 1000 / HASHED
            self._hashed_at = max(now, self._hashed_at) + hashing_ms
        self._clock.at(self._hashed_at, lambda: self._page(page, digests))

    def _page(self, page: int, digests: list[str]) -> None:
        if self._ended:
            return
        core, caller, id = self._voyage.core, self._caller, self._id

        def put(answer: Any) -> None:
            if isinstance(answer, Exception):
                self._pager.failed(self._clock.now() / 1000)
                return
            self._pager.went_well()
            self._pager.learn(answer.board.known)
            self._happen(hap.MoreKnown())

        self._voyage.call("page", lambda: add_page(core, caller, id, page, digests), put)
