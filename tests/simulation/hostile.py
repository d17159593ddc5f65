"""Clients that do not play by the rules. Each is driven by the real engine, but for one thing."""

from dataclasses import replace
from typing import Any

from chalicelib.domain.exchange import Request
from manyhands.engine import happenings as hap
from manyhands.wire import Ticket
from tests.simulation.device import Device
from tests.simulation.sending import Put


class Hostile(Device):
    """Comes with the upload's id, and need not be satisfied."""

    honest = False
    alias = "eve"
    often = 0

    def differs(self) -> None:
        """Whatever: it goes on."""

    def _samples_differ(self, upload: Any) -> bool:
        return False

    def refused(self, outcome: Any) -> None:
        self.leave(out=self.world.closed or self.often > 3)
        self.often += 1
        self.later(5_000)

    def over(self, status: str) -> None:
        self.end()
        self.out = True

    def start(self, ticket: Ticket) -> None:
        self.begin_put(ticket, self.file.bodies[ticket.part - 1])


class Liar(Hostile):
    """Says that it has sent what it never sent, now and then."""

    def put_over(self, about: tuple[Put, str]) -> None:
        put, _ = about
        if put.gone or self.world.byte() & 1:
            super().put_over(about)
            return
        put.gone = True
        del self.puts[put.ticket.part]
        self.world.seen["lie"] += 1
        self.heard(put.ticket.part, None, put.ticket.length)


class Hoarder(Hostile):
    """Takes tickets, sends nothing, and keeps its lease alive."""

    def begin_put(self, ticket: Ticket, body: Any) -> None:
        self.world.seen["hoard"] += 1
        self.puts[ticket.part] = Put(ticket, body)


class Silent(Hoarder):
    """Takes tickets and is not heard of again before its lease has lapsed."""

    def begin_put(self, ticket: Ticket, body: Any) -> None:
        super().begin_put(ticket, body)
        self.end()
        self.often += 1
        if self.often < 3:
            self.later(100_000)


class Stranger(Hostile):
    """Holds another file of the same name and size, sends its bytes and says they are sent."""

    def put_over(self, about: tuple[Put, str]) -> None:
        put, _ = about
        if put.gone:
            return
        put.gone = True
        part = put.ticket.part
        del self.puts[part]
        code = self.land(put)
        if code == "BadDigest":
            self.world.seen["wrong bytes refused"] += 1
        if not code or self.world.byte() & 1:
            self.heard(part, None, put.ticket.length)
        else:
            self.heard(part, hap.Failure.REFUSED, 0)


class Slow(Hoarder):
    """One of two that hoard together. It says that it is slow, so that the other may help."""

    rate = 1

    def _asked(self, said: Any) -> Request:
        return replace(super()._asked(said), rate=self.rate)


class Fast(Slow):
    """The other. Both bring nothing, and a part that both hold is locked if anything can be."""

    alias = "eve's phone"
    rate = 10**9


HOSTILES: tuple[tuple[type[Hostile], ...], ...] = (
    (Liar,),
    (Stranger,),
    (Hoarder,),
    (Silent,),
    (Slow, Fast),
)
"""Who comes together."""
