"""Many clients at one board, at random: what must hold after every exchange, and at the end.

Clients lose answers, repeat and delay requests, forget tickets, fall silent beyond their lease and
come back; the board is paused and resumed, pages become known late, the storage finds parts
lacking. A seed that fails is in the test's name.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import cast

import pytest

from chalicelib.domain.board import Board, Rules, reopened, settled
from chalicelib.domain.errors import (
    BoardFull,
    ManyhandsError,
    StaleExchange,
    StruckOut,
    TicketNotTaken,
)
from chalicelib.domain.exchange import Reply, Request, exchange
from chalicelib.domain.rescue import MAX_HOLDERS
from chalicelib.domain.status import Event, Status
from tests.unit.boards import ANA, BEN, NOW, board_of

RULES = Rules(assumed_rate=100, max_clients=6)
STEPS = 120
REFUSALS = (StaleExchange, StruckOut, BoardFull)


@dataclass
class Walker:
    """A client with a bad line. ``held``: what it believes to hold."""

    id: str
    rate: int
    seq: int = 0
    held: list[int] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    unanswered: Request | None = None
    late: list[Request] = field(default_factory=list)


class Walk:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.parts = self.random.randint(1, 30)
        self.board = board_of(self.parts, known=self.random.randint(1, self.parts))
        self.now = NOW
        self.reopened: set[int] = set()
        self.revoked: set[int] = set()
        rates = [self.random.choice([0, 10, 100, 1_000]) for _ in range(4)]
        self.walkers = [Walker(f"w{n}", rate) for n, rate in enumerate(rates)]

    def step(self) -> None:
        self.now += self.random.choice([0, 10, 500, 5_000, RULES.lease_ms + 1])
        acts: list[Callable[[], None]] = [self.work] * 8 + [self.page, self.pause, self.lack]
        self.random.choice(acts)()

    def work(self) -> None:
        """Exchange; now and then the answer is lost, then the same is asked again or anew."""
        walker = self.random.choice(self.walkers)
        request = walker.unanswered if self.random.random() < 0.5 else None
        if request is None:
            self._send_some(walker)
            request = self._request(walker)
        reply = self._call(request)
        walker.late.append(request)
        if self.random.random() < 0.1:
            self._call(self.random.choice(walker.late))
        walker.unanswered = request if self.random.random() < 0.15 else None
        if reply is not None and walker.unanswered is None:
            self._hear(walker, reply)

    def _send_some(self, walker: Walker) -> None:
        for part in list(walker.held):
            if self.random.random() < 0.5:
                walker.held.remove(part)
                if self.random.random() < 0.9:
                    walker.sent.append(part)

    def _request(self, walker: Walker) -> Request:
        walker.seq += self.random.choice([1, 1, 2])
        return Request(
            client=walker.id,
            person=ANA if walker.id in {"w0", "w1"} else BEN,
            label=walker.id,
            seq=walker.seq,
            holding=tuple(walker.held),
            done=tuple(walker.sent),
            want=self.random.randint(0, 6),
            rate=walker.rate,
        )

    def _hear(self, walker: Walker, reply: Reply) -> None:
        walker.sent.clear()
        kept = [p for p in walker.held if p not in reply.revoked]
        walker.held = list(dict.fromkeys([*kept, *reply.tickets]))

    def _call(self, request: Request) -> Reply | None:
        before = self.board
        try:
            self.board, reply = exchange(before, request, self.now, RULES)
        except REFUSALS:
            return None
        except TicketNotTaken as refused:
            self._forget(request, refused)
            return None
        self._check_reply(before, request, reply)
        self.revoked.update(reply.revoked)
        return reply

    def _forget(self, request: Request, refused: TicketNotTaken) -> None:
        """Only after a lost answer: it was revoked there, or done and then found lacking."""
        parts = set(cast(list[int], refused.details["parts"]))
        assert parts <= self.reopened | self.revoked
        walker = next(w for w in self.walkers if w.id == request.client)
        walker.sent = [p for p in walker.sent if p not in parts]
        walker.unanswered = None

    def _check_reply(self, before: Board, request: Request, reply: Reply) -> None:
        assert len(reply.tickets) <= max(request.want, 0) or before is self.board
        assert all(part <= self.board.known for part in reply.tickets)
        assert not any(self.board.done(part) for part in reply.tickets)
        assert not reply.tickets or self.board.status is Status.ACTIVE
        done_before = {p for p in range(1, self.parts + 1) if before.done(p)}
        assert all(self.board.done(part) for part in done_before)

    def check(self) -> None:
        holders = self.board.holders(self.now, RULES)
        assert max(holders.values(), default=0) <= MAX_HOLDERS
        assert sum(c.parts for c in self.board.clients) == self.board.parts_done
        assert sum(c.bytes for c in self.board.clients) == self.board.bytes_done
        for client in self.board.clients:
            assert self.board.tickets.count(client.number) == client.parts

    def page(self) -> None:
        known = min(self.parts, self.board.known + self.random.randint(0, 5))
        if self.board.status is not Status.ASSEMBLING:
            self.board = replace(self.board, known=known)

    def pause(self) -> None:
        if self.board.status is Status.ACTIVE:
            self.board = self.board.moved(Event.PAUSE)
        elif self.board.status is Status.PAUSED:
            self.board = settled(self.board.moved(Event.RESUME))

    def lack(self) -> None:
        if self.board.status is Status.ASSEMBLING:
            some = self.random.sample(range(1, self.parts + 1), k=1)
            self.board = reopened(self.board, frozenset(some))
            self.reopened.update(some)

    def finish(self) -> None:
        """Faults stop; somebody honest comes and works."""
        self.now += RULES.lease_ms + 1
        self.board = replace(self.board, known=self.parts)
        if self.board.status is Status.PAUSED:
            self.pause()
        done: tuple[int, ...] = ()
        for seq in range(1, 10 * self.parts + 10):
            if self.board.status is Status.ASSEMBLING:
                return
            request = Request("honest", HONEST, "honest", seq, (), done, 4, 500)
            self.board, reply = exchange(self.board, request, self.now, RULES)
            done = reply.tickets
            self.now += 1_000
        raise AssertionError("an honest client could not finish")


HONEST = replace(ANA, id="sub-honest")


@pytest.mark.parametrize("seed", range(300))
def test_whatever_clients_do_the_board_stays_right_and_can_be_finished(seed: int) -> None:
    walk = Walk(seed)
    for _ in range(STEPS):
        try:
            walk.step()
        except ManyhandsError as error:
            raise AssertionError(f"{error.code}: {error.details}") from error
        walk.check()
    walk.finish()
    walk.check()
