"""Sending parts: PUTs that are cut, stall, arrive twice, or long after they were given up."""

from typing import Any

from manyhands.engine import happenings as hap
from manyhands.wire import Ticket
from tests.simulation.files import Body
from tests.simulation.gates import CALM
from tests.simulation.ports import SHA256
from tests.simulation.tape import table

CUT, CUT_LATE, LANDS_LATE = "PUT cut", "PUT's answer lost", "PUT lands late"
PUT_TWICE, REFUSED, STALLS = "PUT doubled", "PUT refused", "line slow"
PUT_FAULTS = (CUT, CUT_LATE, LANDS_LATE, PUT_TWICE, REFUSED, STALLS)
LANDS_MS = (100, 2_000, 30_000, 100_000, 1_000_000)


def _puts(each: int) -> tuple[str, ...]:
    return table("", **{f"f{n}": (each, fault) for n, fault in enumerate(PUT_FAULTS)})


PUTS = (CALM, _puts(2), _puts(8), _puts(25), CALM)


class Put:
    __slots__ = ("body", "gone", "stopping", "ticket")

    def __init__(self, ticket: Ticket, body: Body) -> None:
        self.ticket, self.body, self.gone, self.stopping = ticket, body, False, False


class Sending:
    """The half of a device that faces the storage."""

    world: Any
    name: str
    file: Any
    engine: Any
    puts: dict[int, Put]
    sent: set[int]
    speed: int
    latency: int
    starts: int
    happen: Any
    tick: Any
    fate: Any
    differs: Any

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
            self.happen(hap.Moved(size))
            self.happen(hap.Sent(part))
            if part in self.engine.unreported:
                self.sent.add(part)
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
