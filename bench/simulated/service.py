"""The service of one upload: the real rules of the board, no database, no storage, no HTTP.

What is left out cannot change what devices do: two exchanges never collide, since events come one
after the other, and a URL is never refused.
"""

from dataclasses import replace
from itertools import islice
from typing import Any

from bench.simulated.clock import Clock
from chalicelib.domain.board import Board, Person, Rules, blank
from chalicelib.domain.exchange import Reply, Request, exchange
from chalicelib.domain.lost import Found, left_behind
from chalicelib.domain.manifest import FIRST_PAGES, PAGE_PARTS, parts_before
from chalicelib.domain.parts import S3_LIMITS, plan_parts
from chalicelib.domain.status import Event, Status
from chalicelib.web.requests import exchange_request
from manyhands import wire

JOIN_S = 0.3
SOMEBODY = Person("somebody", "somebody")
BEGINNING_MS = 1_700_000_000_000
LIMITS = wire.Limits(
    min_part_size=S3_LIMITS.min_part,
    part_size_step=S3_LIMITS.step,
    max_parts=S3_LIMITS.max_parts,
    max_file_size=S3_LIMITS.max_file,
    first_pages=list(FIRST_PAGES),
    page_parts=PAGE_PARTS,
    max_held=Rules().max_held,
)


class Service:
    """``full_at``: when it knew that every part is in.

    ``stored``: the parts that the storage has, which the lines tell; ``listings``: how often it was
    asked. ``rescuing``, ``looking``: as it is; without, for comparison, only open tickets are
    handed out, and nobody asks the storage what lost clients left.
    """

    def __init__(
        self, clock: Clock, size: int, rules: Rules, *, rescuing: bool, looking: bool
    ) -> None:
        self._clock, self._rules = clock, rules
        self._rescuing, self._looking = rescuing, looking
        self.board: Board = blank(plan_parts(size), 0)
        self.calls = self.listings = 0
        self.stored: set[int] = set()
        self.full_at = float("inf")

    @property
    def status(self) -> str:
        return self.board.status.value

    def called(self) -> None:
        """A call that changes nothing."""
        self.calls += 1

    def create(self) -> int:
        """Or join. How many parts are known."""
        return self.put_page(0)

    def put_page(self, page: int) -> int:
        """How many parts are known now."""
        self.calls += 1
        known = min(self.board.plan.count, parts_before(page + 1))
        self.board = replace(self.board, known=max(known, self.board.known))
        return self.board.known

    def exchange(self, asked: wire.ExchangeRequest) -> wire.ExchangeReply:
        self.calls += 1
        now = BEGINNING_MS + round(self._clock.now * 1000)
        before = self.board.status
        reply = self._exchanged(self._request(asked, now), now)
        if self.board.status is Status.ASSEMBLING and before is not Status.ASSEMBLING:
            self.full_at = self._clock.now
            self._clock.after(JOIN_S, self._joined)
        number = next(c.number for c in self.board.clients if c.id == asked.client)
        return wire.ExchangeReply(
            status=self.status,
            tickets=[self._ticket(part) for part in reply.tickets],
            revoked=list(reply.revoked),
            progress=self._progress(),
            clients=[],
            next_exchange_s=reply.next_exchange_ms / 1000,
            number=number,
        )

    def _exchanged(self, request: Request, now: int) -> Reply:
        """As ``chalicelib.service.boards`` does it."""
        board, reply = exchange(self.board, request, now, self._rules)
        left = left_behind(self.board, reply.tickets, now, self._rules)
        if left and self._looking:
            self.listings += 1
            found = Found(left, frozenset(self.stored))
            board, reply = exchange(self.board, request, now, self._rules, found)
        self.board = board
        return reply

    def _request(self, asked: wire.ExchangeRequest, now: int) -> Request:
        want = asked.want if self._rescuing else min(asked.want, self._open(asked, now))
        said: Any = asked
        return replace(exchange_request(said, SOMEBODY), want=want)

    def _open(self, asked: wire.ExchangeRequest, now: int) -> int:
        return len(list(islice(self.board.open_parts(now, self._rules), asked.want)))

    def _joined(self) -> None:
        self.board = self.board.moved(Event.STORED)

    def _progress(self) -> wire.Progress:
        board = self.board
        return wire.Progress(
            board.plan.count, board.known, board.parts_done, board.plan.size, board.bytes_done
        )

    def _ticket(self, part: int) -> wire.Ticket:
        plan = self.board.plan
        return wire.Ticket(part, plan.offset(part), plan.length(part), "", {}, 900.0)
