"""What the board should be, in the fewest words: who did which part, who may hold what.

A reference model, not a second implementation. It does not decide how many tickets a client gets
nor whom a rescue helps; it knows what every answer must be true of, and checks that. Seats are
keyed by client id; a part that is done remembers the person, who outlives every id.
"""

from dataclasses import dataclass, field

from chalicelib.domain.board import Board, Client, Person, Rules
from chalicelib.domain.exchange import Reply, Request
from chalicelib.domain.lost import Found
from chalicelib.domain.rescue import (
    BARREN_MS,
    MAX_HOLDERS,
    PATIENCE_LEASES,
    REPORT_MS,
)
from chalicelib.domain.share import SILENCE_MS
from chalicelib.domain.status import LIVE, WORKING, Status

PART = 100
"""Bytes of every part but the last."""


@dataclass
class Seat:
    """One client. ``number`` is what the board gave it; ``barren``: how long, up to ``seen``, it
    has held something that was its own, and brought nothing."""

    person: str
    label: str
    number: int
    seen: int
    seq: int = 0
    rate: int = 0
    barren: int = 0
    held: list[int] = field(default_factory=list)
    fresh: tuple[int, ...] = ()

    def inherit(self, former: "Seat") -> None:
        """A device that comes back under another id is the same device."""
        if (self.person, self.label) == (former.person, former.label):
            self.barren = former.barren


@dataclass
class Model:
    rules: Rules
    parts: int
    known: int
    status: Status = Status.INITIALIZED
    done: dict[int, tuple[str, int]] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    strikes: dict[str, int] = field(default_factory=dict)
    looks: int = 0
    brought: int = 0

    def refusal(self, request: Request, now: int) -> str:
        """The code with which this must be refused, "" if it must not be."""
        named = {*request.holding, *request.done}
        seat = self.seats.get(request.client)
        if any(not 1 <= part <= self.parts for part in named):
            return "part_out_of_range"
        if len(set(request.holding)) > self.rules.max_held:
            return "too_many_held"
        if self.status not in LIVE:
            return ""
        if self.strikes.get(request.person.id, 0) >= self.rules.max_strikes:
            return "struck_out"
        if seat is None:
            return self._refusal_of_a_stranger(request, now)
        if seat.person != request.person.id:
            return "client_taken"
        if request.seq < seat.seq:
            return "stale_exchange"
        untaken = set(request.done) - self.done.keys() - set(seat.held)
        return "ticket_not_taken" if request.seq > seat.seq and untaken else ""

    def _refusal_of_a_stranger(self, request: Request, now: int) -> str:
        if len(self.seats) >= self.rules.max_clients and not self._heirlooms(request, now):
            return "board_full"
        return "ticket_not_taken" if set(request.done) - self.done.keys() else ""

    def _heirlooms(self, request: Request, now: int) -> set[int]:
        """Numbers of silent clients that this one may bear."""
        brought = {number for _, number in self.done.values()}
        return {
            seat.number
            for seat in self.seats.values()
            if not self.lives(seat, now)
            and (
                (seat.person, seat.label) == (request.person.id, request.label)
                or (seat.number not in brought and not self._struck(seat.number))
            )
        }

    def _struck(self, number: int) -> bool:
        return bool(self.struck_numbers.get(number))

    struck_numbers: dict[int, int] = field(default_factory=dict)

    def repeated(self, request: Request) -> bool:
        seat = self.seats.get(request.client)
        return bool(seat and seat.seq == request.seq and self.status in LIVE)

    def lives(self, seat: Seat, now: int) -> bool:
        return now - seat.seen <= self.rules.lease_ms

    def holders(self, part: int, now: int) -> set[str]:
        return {c for c, seat in self.seats.items() if part in seat.held and self.lives(seat, now)}

    def relied_on(self, part: int, now: int) -> int:
        """How many hold it and are not lost."""
        holders = (self.seats[c] for c in self.holders(part, now))
        return sum(not self._lost(seat, seat.held.index(part) + 1, now) for seat in holders)

    def _forlorn(self, named: set[int], now: int) -> bool:
        """Is something held, though not named here, of which all holders are lost?"""
        held = {part for seat in self.seats.values() for part in seat.held}
        left = held - named - self.done.keys()
        return any(self.holders(p, now) and not self.relied_on(p, now) for p in left)

    def _lost(self, seat: Seat, place: int, now: int) -> bool:
        silent, each = now - seat.seen, PART * 1000 // (seat.rate or self.rules.assumed_rate)
        whole = len(seat.held) * each
        patience = min(whole, PATIENCE_LEASES * self.rules.lease_ms) + BARREN_MS
        overdue = silent > place * each + REPORT_MS
        return silent > whole + SILENCE_MS or overdue or seat.barren + silent > patience

    def open(self, now: int, but: str) -> list[int]:
        """What nobody did and no other living client holds."""
        parts = (p for p in range(1, self.known + 1) if p not in self.done)
        return [p for p in parts if not self.holders(p, now) - {but}]

    def answered(self, request: Request, reply: Reply, client: Client | None, now: int) -> None:
        """Take in an accepted exchange, after checking that its answer is right."""
        if self.status not in LIVE:
            assert reply.tickets == ()
            assert set(reply.revoked) == set(request.holding) - set(request.done)
            return
        assert client is not None
        seat = self._sit(request, client, now)
        if seat.held and self.lives(seat, now):
            seat.barren += now - seat.seen
        for part in dict.fromkeys(request.done):
            if part not in self.done:
                self.done[part] = (request.person.id, seat.number)
                self.brought += 1
                seat.barren = 0
        kept = self._kept(seat, request, now)
        gone = {*request.holding} - {*kept, *request.done}
        assert set(reply.revoked) == gone, "revoked is what it may not hold"
        seat.held, seat.seq, seat.seen = kept, request.seq, now
        seat.rate = request.rate or seat.rate
        self._check_tickets(request, reply, now)
        seat.held, seat.fresh = [*kept, *reply.tickets], reply.tickets
        self._move(reply)

    def _sit(self, request: Request, client: Client, now: int) -> Seat:
        seat = self.seats.get(request.client)
        if seat is None:
            former = next((c for c, s in self.seats.items() if s.number == client.number), None)
            assert former is None or client.number in self._heirlooms(request, now)
            seat = Seat(request.person.id, request.label, client.number, now)
            seat.barren = self._barren(seat.person, now)
            if former is not None:
                seat.inherit(self.seats.pop(former))
            self.seats[request.client] = seat
        assert seat.number == client.number, "a client keeps its number"
        seat.label = request.label
        return seat

    def _barren(self, person: str, now: int) -> int:
        """A person's new client is no better than those who live."""
        others = (s for s in self.seats.values() if s.person == person and self.lives(s, now))
        return max((s.barren for s in others), default=0)

    def _kept(self, seat: Seat, request: Request, now: int) -> list[int]:
        """A lapsed claim counts again unless two others took it meanwhile."""
        lapsed = not self.lives(seat, now)
        return [
            part
            for part in dict.fromkeys(request.holding)
            if part in seat.held
            and part not in self.done
            and not (lapsed and len(self.holders(part, now)) >= MAX_HOLDERS)
        ]

    def _check_tickets(self, request: Request, reply: Reply, now: int) -> None:
        seat, tickets = self.seats[request.client], reply.tickets
        assert len(set(tickets)) == len(tickets) <= request.want
        assert not set(tickets) & {*seat.held, *self.done}
        assert not tickets or self.status in WORKING
        assert not tickets or len(seat.held) + len(tickets) <= self.rules.max_held
        assert not {*tickets} & {*request.holding}, "revoked and given again in one breath"
        free = [p for p in self.open(now, request.client) if p not in request.holding]
        plain = [p for p in tickets if p in free]
        assert plain == free[: len(plain)], "the lowest open ones first"
        rescued = [p for p in tickets if p not in free]
        assert not rescued or plain == free, "rescue only when nothing is open"
        whole = self.known == self.parts
        for part in rescued:
            assert whole, "until then the file waits for its manifest"
            assert part <= self.known, "only parts with a known digest"
            assert self.relied_on(part, now) < MAX_HOLDERS, "two others are enough"
        hungry = request.want and not seat.held and free and self.status in WORKING
        assert tickets or not hungry, "who holds nothing gets what is open"
        idle = whole and request.want and not seat.held and self.status in WORKING
        assert tickets or not idle or not self._forlorn({*request.holding}, now), (
            "nor does anything lock a part"
        )

    def looked(self) -> None:
        """The storage was asked what lost clients left."""
        self.looks += 1
        assert self.looks <= self.brought, "no more listings than parts"

    def found(self, found: Found) -> None:
        """The storage has these parts of clients that are lost."""
        for id, parts in found.left.items():
            seat = self.seats[id]
            for part in found.there.intersection(parts, seat.held) - self.done.keys():
                self.done[part] = (seat.person, seat.number)
                seat.barren = 0

    def _move(self, reply: Reply) -> None:
        if self.status is Status.INITIALIZED and reply.tickets:
            self.status = Status.ACTIVE
        self.settle()

    def settle(self) -> None:
        if self.status is Status.ACTIVE and len(self.done) == self.parts:
            self.status = Status.ASSEMBLING

    def lacks(self, parts: frozenset[int]) -> None:
        """The storage's own list lacks these: open again, and their bringers struck."""
        for person, number in {self.done.pop(part) for part in parts}:
            self.strikes[person] = self.strikes.get(person, 0) + 1
            self.struck_numbers[number] = self.struck_numbers.get(number, 0) + 1
        self.status = Status.ACTIVE

    def check(self, board: Board, people: tuple[Person, ...], now: int) -> None:
        """The board says what happened: no more, no less."""
        plan = board.plan
        assert (board.status, board.known) == (self.status, self.known)
        assert {p for p in range(1, self.parts + 1) if board.done(p)} == self.done.keys()
        assert board.parts_done == len(self.done)
        assert board.bytes_done == sum(map(plan.length, self.done))
        assert {c.id: c.number for c in board.clients} == {
            c: s.number for c, s in self.seats.items()
        }
        self._check_rows(board)
        for person in people:
            assert board.strikes(person) == self.strikes.get(person.id, 0)

    def _check_rows(self, board: Board) -> None:
        assert len({c.number for c in board.clients}) == len(board.clients)
        for client in board.clients:
            who = (client.person.id, client.number)
            brought = [part for part, by in self.done.items() if by == who]
            assert [p for p, n in enumerate(board.tickets, 1) if n == client.number] == sorted(
                brought
            )
            assert client.parts == len(brought)
            assert client.bytes == sum(map(board.plan.length, brought))
            assert client.held == tuple(self.seats[client.id].held)
            assert client.seen_at == self.seats[client.id].seen
