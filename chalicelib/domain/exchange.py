"""The exchange: the one call in which a client reports, and takes tickets.

    (board, request, now, what was found of lost clients) → (board, reply)

A pure function, and the heart of the product. What it promises:

* ``holding`` is the truth. A claim that the client does not name is open again at once, so a lost
  answer, a crash and a restart need no call of their own.
* ``done`` may be said late and again; the first to say it is credited. It is refused only where
  the client never took the ticket.
* A held ticket that somebody else finished, or that was lost with a lapsed lease, comes back as
  ``revoked``, and is not handed out again in the same breath: what the client sent of it may have
  gone to an upload that was cancelled and begun anew.
* The same ``seq`` again is answered again from the board, without a change; an older one is
  refused, so a request that was delayed on its way cannot undo a later one.
* Only tickets with a known digest are handed out, the lowest open ones first.
* Paused and finished boards hand out nothing. A part in flight when the board was paused is
  welcome; an ended board revokes all.

So that every call is safe to repeat, it depends on nothing but its arguments.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from chalicelib.domain.board import Board, Client, Person, Rules, brought, settled, with_client
from chalicelib.domain.errors import StaleExchange, TicketNotTaken, TooManyHeld
from chalicelib.domain.lost import NOTHING, Found, credited
from chalicelib.domain.pace import WAIT_MS, next_exchange_ms
from chalicelib.domain.rescue import MAX_HOLDERS, rescues
from chalicelib.domain.seats import seat
from chalicelib.domain.share import may_hold
from chalicelib.domain.status import LIVE, WORKING, Event, Status
from chalicelib.domain.values import replace


@dataclass(frozen=True, slots=True)
class Request:
    """What a client says. ``rate`` in bytes a second, 0 while it knows none.

    ``generation``: of the upload that it joined; 0 if it does not say. What it sent to one is not
    in the next, and whose the upload is may have changed.
    """

    client: str
    person: Person
    label: str
    seq: int
    holding: tuple[int, ...]
    done: tuple[int, ...]
    want: int
    rate: int
    generation: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What it is told: parts to send, parts to drop, and when to report again at the latest."""

    tickets: tuple[int, ...]
    revoked: tuple[int, ...]
    next_exchange_ms: int


def exchange(
    board: Board, request: Request, now: int, rules: Rules, found: Found = NOTHING
) -> tuple[Board, Reply]:
    """One exchange. ``found``: what the storage has of lost clients, if it was asked.

    Raises PartOutOfRange, TooManyHeld, ClientTaken, StruckOut, BoardFull, StaleExchange,
    TicketNotTaken; then nothing is changed.
    """
    _check(board, request, rules)
    if board.status not in LIVE:
        return board, _farewell(request)
    board = credited(board, found, now)
    me = seat(board, request.client, request.person, request.label, now, rules)
    if request.seq < me.seq:
        raise StaleExchange(seq=request.seq, latest=me.seq)
    if request.seq == me.seq:
        board = settled(board)
        return board, _answer(board, me, request, now, rules)
    board, me = _report(board, me, request, now)
    me = _kept(board, me, request, now, rules)
    board = with_client(board, me)
    me = _taken(board, me, request, now, rules)
    board = settled(with_client(_begun(board, me), me))
    return board, _answer(board, me, request, now, rules)


def _check(board: Board, request: Request, rules: Rules) -> None:
    for part in (*request.holding, *request.done):
        board.plan.check(part)
    if len(set(request.holding)) > rules.max_held:
        raise TooManyHeld(held=len(set(request.holding)), limit=rules.max_held)


def _report(board: Board, me: Client, request: Request, now: int) -> tuple[Board, Client]:
    """Credit what the client says it has done."""
    new = tuple(p for p in dict.fromkeys(request.done) if not board.done(p))
    untaken = [p for p in new if p not in me.held]
    if untaken:
        raise TicketNotTaken(parts=untaken[:20])
    if not new:
        return board, me
    return brought(board, me, new, now)


def _kept(board: Board, me: Client, request: Request, now: int, rules: Rules) -> Client:
    """The client as of this exchange, holding what it names and may still have."""
    free = _free(board, me, now, rules)
    held = tuple(p for p in dict.fromkeys(request.holding) if p in free)
    return replace(
        me,
        held=held,
        fresh=0,
        seq=request.seq,
        seen_at=now,
        rate=request.rate or me.rate,
        busy_since=_busy_since(me, now, rules),
    )


def _busy_since(me: Client, now: int, rules: Rules) -> int:
    """Time in which it held nothing, or nothing that others could not take, is no time at work."""
    idle = not me.held or not me.alive(now, rules)
    return min(now, me.barren_since + now - me.seen_at) if idle else me.busy_since


def _taken(board: Board, me: Client, request: Request, now: int, rules: Rules) -> Client:
    """The client with its new tickets: open ones, or else rescues."""
    if board.status not in WORKING:
        return me
    room = min(request.want, may_hold(board, me, now, rules) - len(me.held))
    offers = (p for p in _offers(board, me, now, rules) if p not in request.holding)
    new = tuple(islice(offers, max(0, room)))
    return replace(me, held=me.held + new, fresh=len(new)) if new else me


def _offers(board: Board, me: Client, now: int, rules: Rules) -> Iterator[int]:
    return chain(board.open_parts(now, rules), rescues(board, me, now, rules))


def _begun(board: Board, me: Client) -> Board:
    first = board.status is Status.INITIALIZED and me.fresh
    return board.moved(Event.TAKE) if first else board


def _answer(board: Board, me: Client, request: Request, now: int, rules: Rules) -> Reply:
    free = _free(board, me, now, rules)
    fresh = me.held[len(me.held) - me.fresh :] if board.status in WORKING else ()
    tickets = tuple(p for p in fresh if p in free)
    return Reply(tickets, _revoked(request, free), next_exchange_ms(board, me, now, rules))


def _free(board: Board, me: Client, now: int, rules: Rules) -> frozenset[int]:
    """What the client took and may have still: not done, and not held by two others meanwhile."""
    mine = (p for p in me.held if not board.done(p))
    if me.alive(now, rules):
        return frozenset(mine)
    others = board.holders(now, rules)
    return frozenset(p for p in mine if others[p] < MAX_HOLDERS)


def _farewell(request: Request) -> Reply:
    """To a client whose upload takes no parts any more: drop everything. The board is as it was."""
    return Reply((), _revoked(request, frozenset()), WAIT_MS)


def _revoked(request: Request, free: frozenset[int]) -> tuple[int, ...]:
    kept = free.union(request.done)
    return tuple(p for p in dict.fromkeys(request.holding) if p not in kept)
