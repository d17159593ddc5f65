"""Many clients on one board, in virtual time: conflicts, retries, and where it ends.

*As they are told*: each client is a whole engine on a line of its own, and comes when the board
says; so many seconds of a large file. *Without a pause*: each asks again as soon as it has its
answer, which no client of ours does; so the end is found. The board's write is the narrow place:
of those who read one version a single one may write, so no more exchanges pass in a second than
there are writes one after the other. How long a read and a write take is assumed (``voyage.Ways``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.boards import HELD, OWNER, half_done
from bench.function import PERSON
from bench.voyage import Voyage
from chalicelib.domain.exchange import Request
from chalicelib.domain.uploads import Upload
from chalicelib.ports import Caller
from chalicelib.service.boards import take

RATE, SECONDS, PARTS = 2_000_000, 30, 2_000
FLAT_OUT_S = 4
HEAD = (
    "| clients | as told: exchanges/s | retries each | refused | without a pause: exchanges/s "
    "| retries each | refused | median ms | 99 % ms |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


@dataclass(frozen=True, slots=True)
class Crowd:
    """``retries``: writes for each exchange that came too late; ``busy``: the share refused."""

    clients: int
    a_second: float
    retries: float
    busy: float
    waits_ms: Sequence[float] = (0.0,)

    @property
    def late_ms(self) -> float:
        return sorted(self.waits_ms)[int(len(self.waits_ms) * 0.99)]


def as_told(clients: int) -> Crowd:
    voyage = Voyage([RATE] * clients, RATE * clients * SECONDS)
    bill = voyage.sail()
    exchanges = bill["API exchange"]
    return Crowd(
        clients,
        exchanges / voyage.seconds,
        bill["refused"] / exchanges,
        bill["board_busy"] / exchanges,
    )


def without_a_pause(clients: int) -> Crowd:
    voyage = Voyage([], PARTS)
    upload = half_done(voyage.core, PARTS, clients)
    voyage.bill.clear()
    until = voyage.clock.now() + FLAT_OUT_S * 1000
    hasty = [_Hasty(voyage, upload, number, until) for number in range(clients)]
    voyage.clock.run()
    done = [ms for each in hasty for ms in each.waited]
    asked = voyage.bill["API exchange"]
    return Crowd(
        clients,
        len(done) / FLAT_OUT_S,
        voyage.bill["refused"] / asked,
        voyage.bill["board_busy"] / asked,
        done,
    )


class _Hasty:
    """A client that asks again at once. ``waited``: ms for each answer."""

    def __init__(self, voyage: Voyage, upload: Upload, number: int, until: int) -> None:
        self._voyage, self._id, self._until = voyage, upload.id, until
        self._me, self._seq = upload.board.clients[number], voyage.clock.now()
        self.waited: list[float] = []
        voyage.clock.after(number, self._ask)

    def _ask(self) -> None:
        self._seq, began = self._seq + 1, self._voyage.clock.now()
        asked = Request(self._me.id, OWNER, self._me.label, self._seq, (), (), HELD, RATE)
        caller = Caller(OWNER, (f"user:{PERSON}",))

        def answered(answer: object) -> None:
            now = self._voyage.clock.now()
            if isinstance(answer, tuple):
                self.waited.append(now - began)
            if now < self._until:
                self._ask()

        core, id = self._voyage.core, self._id
        self._voyage.call("exchange", lambda: take(core, caller, id, asked), answered)


def row(told: Crowd, hasty: Crowd) -> str:
    return (
        f"| {told.clients} | {told.a_second:.1f} | {told.retries:.2f} | {told.busy:.1%} "
        f"| {hasty.a_second:.0f} | {hasty.retries:.1f} | {hasty.busy:.1%} "
        f"| {median(hasty.waits_ms):.0f} | {hasty.late_ms:.0f} |"
    )
