"""An engine with a clock, answered by hand."""

from random import Random

from manyhands.engine import happenings as hap
from manyhands.engine.engine import Engine, Who
from manyhands.engine.pace import Rules
from manyhands.wire import ExchangeReply, ExchangeRequest, Progress, Ticket

MB = 1_000_000

PROGRESS = Progress(100, 100, 0, 100 * MB, 0)


class Bench:
    """An engine with a clock, answered by hand."""

    def __init__(self, **rules: object) -> None:
        settings = {"connections": 2, "soonest_s": 0.0} | rules
        self.engine = Engine(Who("client-1", "test"), MB, 16, Random(1), Rules(**settings))  # type: ignore[arg-type]
        self.now = 0.0
        self.decided: list[hap.Decision] = []

    def on(self, *happenings: hap.Happening) -> list[hap.Decision]:
        for happening in happenings:
            self.engine.handle(happening, self.now)
        self.decided = self.engine.decide(self.now)
        return self.decided

    def after(self, seconds: float, *happenings: hap.Happening) -> list[hap.Decision]:
        self.now += seconds
        return self.on(*happenings)

    def answer(self, *parts: int, **changes: object) -> list[hap.Decision]:
        return self.on(hap.Answered(reply(*parts, **changes)))

    @property
    def asked(self) -> ExchangeRequest:
        """The one exchange just decided."""
        (request,) = [d.request for d in self.decided if isinstance(d, hap.Exchange)]
        return request

    @property
    def silent(self) -> bool:
        return not any(isinstance(d, hap.Exchange) for d in self.decided)

    @property
    def started(self) -> list[int]:
        return [d.ticket.part for d in self.decided if isinstance(d, hap.StartPut)]


def reply(
    *parts: int,
    status: str = "active",
    revoked: tuple[int, ...] = (),
    next_exchange_s: float = 20.0,
    expires_s: float = 900.0,
) -> ExchangeReply:
    tickets = [Ticket(p, 0, MB, "http://s3/", {}, expires_s) for p in parts]
    return ExchangeReply(status, tickets, list(revoked), PROGRESS, [], next_exchange_s)
