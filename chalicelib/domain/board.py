"""The board: all tickets of an upload, the clients at work on it, and the upload's status.

One value, changed as a whole. A ticket is one byte: 0 is *not done*, anything else is the number
of the client that did it, so who brought which part is never lost and a finished board of 10,000
parts is a few KB. A claim is the part's number in its client's ``held``, and has no life of its
own: the lease belongs to the client and is renewed by each of its exchanges. When it lapses, all
that the client held is open again, without a write.

Times are whole milliseconds by the server's clock; rates are bytes a second, 0 for unknown.
Refused: an item for each ticket (ten times the writes, and a counter that drifts), claims with
deadlines of their own (a client that lives holds all its claims or names them no longer).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from chalicelib.domain.parts import PartPlan
from chalicelib.domain.status import Event, Status, after
from chalicelib.domain.values import replace


@dataclass(frozen=True, slots=True)
class Rules:
    """What an operator may tune. Times in ms.

    ``lease_ms``: how long a silent client keeps its claims; ``heartbeat_ms``: how seldom a client
    that holds tickets may report; ``hold_ms``: how much work a client may hold; ``first_hold``:
    how many tickets a client gets before its speed is known; ``assumed_rate``: that speed.
    """

    lease_ms: int = 90_000
    heartbeat_ms: int = 20_000
    hold_ms: int = 12_000
    first_hold: int = 4
    assumed_rate: int = 1_000_000
    max_clients: int = 200
    max_held: int = 64
    max_strikes: int = 3


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is: ``id`` is the pool's subject, ``name`` the sign-in name, for showing."""

    id: str
    name: str


@dataclass(frozen=True)
class Client:
    """One browser tab or one command-line process, and what it holds.

    ``held`` is in the order of the client's intention; its last ``fresh`` members were handed out
    by the exchange ``seq``. ``delivered_at`` is when it last reported a part, 0 for never;
    ``busy_since`` is ``barren_since`` as far as idle time moved it, 0 for not at all;
    ``looked_at``: when the storage was last asked what it left there, 0 for never.
    """

    number: int
    id: str
    person: Person
    label: str
    joined_at: int
    seen_at: int
    seq: int = 0
    rate: int = 0
    held: tuple[int, ...] = ()
    fresh: int = 0
    parts: int = 0
    bytes: int = 0
    strikes: int = 0
    delivered_at: int = 0
    busy_since: int = 0
    looked_at: int = 0

    def alive(self, now: int, rules: Rules) -> bool:
        return now - self.seen_at <= rules.lease_ms

    def at_work(self, now: int, rules: Rules) -> bool:
        """Heard of so lately that its speed counts: a missed heartbeat is a doubt, not a death."""
        return now - self.seen_at <= rules.heartbeat_ms * 3 // 2

    @property
    def barren_since(self) -> int:
        """It has held tickets and brought nothing for as long as from here to now.

        So this moment moves on with every part that it brings, and while it holds nothing.
        """
        return max(self.delivered_at, self.busy_since or self.joined_at)


@dataclass(frozen=True)
class Board:
    """``known``: parts whose digest the manifest holds so far; always the first ones."""

    plan: PartPlan
    known: int
    tickets: bytes
    clients: tuple[Client, ...] = ()
    status: Status = Status.INITIALIZED

    def done(self, part: int) -> bool:
        return self.tickets[part - 1] != 0

    @property
    def parts_done(self) -> int:
        return len(self.tickets) - self.tickets.count(0)

    @property
    def bytes_done(self) -> int:
        last = self.plan.count
        shortfall = self.plan.part_size - self.plan.length(last) if self.done(last) else 0
        return self.parts_done * self.plan.part_size - shortfall

    @property
    def all_done(self) -> bool:
        """Then the manifest is whole as well: only parts with a known digest are handed out."""
        return 0 not in self.tickets

    def client(self, client_id: str) -> Client | None:
        return next((c for c in self.clients if c.id == client_id), None)

    def open_parts(self, now: int, rules: Rules) -> Iterator[int]:
        """Parts that nobody did and no living client holds, known ones only, lowest first."""
        held = self.holders(now, rules)
        index = self.tickets.find(0, 0, self.known)
        while index >= 0:
            if index + 1 not in held:
                yield index + 1
            index = self.tickets.find(0, index + 1, self.known)

    def holders(self, now: int, rules: Rules) -> Counter[int]:
        """How many living clients hold each part."""
        return Counter([p for c in self.clients if c.alive(now, rules) for p in c.held])

    def strikes(self, person: Person) -> int:
        """All strikes of a person: a new client id sheds none."""
        return sum(c.strikes for c in self.clients if c.person.id == person.id)

    def moved(self, event: Event) -> "Board":
        return replace(self, status=after(self.status, event))


def blank(plan: PartPlan, known: int) -> Board:
    return Board(plan=plan, known=known, tickets=bytes(plan.count))


def with_client(board: Board, client: Client) -> Board:
    """The board with this client in the place of its number."""
    others = [c for c in board.clients if c.number != client.number]
    return replace(board, clients=tuple(sorted((*others, client), key=attrgetter("number"))))


def brought(board: Board, client: Client, parts: tuple[int, ...], at: int) -> tuple[Board, Client]:
    """The board with these tickets done by the client, and the client with the credit for them."""
    tickets = bytearray(board.tickets)
    for part in parts:
        tickets[part - 1] = client.number
    size = sum(map(board.plan.length, parts))
    parts_in, bytes_in = client.parts + len(parts), client.bytes + size
    credited = replace(client, parts=parts_in, bytes=bytes_in, delivered_at=at)
    return replace(board, tickets=bytes(tickets)), credited


def settled(board: Board) -> Board:
    """The board, assembling if it was active and nothing is left to send."""
    ready = board.status is Status.ACTIVE and board.all_done
    return board.moved(Event.ALL_DONE) if ready else board


def reopened(board: Board, lacking: frozenset[int]) -> Board:
    """The board after the storage was found to lack parts: they are open, their bringers struck."""
    tickets = bytes(0 if p in lacking else t for p, t in enumerate(board.tickets, 1))
    bringers = {part: board.tickets[part - 1] for part in lacking}
    struck = tuple(_struck(c, bringers, board.plan) for c in board.clients)
    return replace(board, tickets=tickets, clients=struck).moved(Event.REOPEN)


def _struck(client: Client, bringers: dict[int, int], plan: PartPlan) -> Client:
    false = [part for part, number in bringers.items() if number == client.number]
    if not false:
        return client
    return replace(
        client,
        strikes=client.strikes + 1,
        parts=client.parts - len(false),
        bytes=client.bytes - sum(plan.length(p) for p in false),
    )
