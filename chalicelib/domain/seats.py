"""Who sits at the board: finding, admitting and numbering clients.

A client id belongs to the person who first used it. A ticket remembers its client by a number of
one byte, so a number is given to another client only if no ticket bears it, or if the device came
back: same person, same label, the old self silent beyond its lease. Then the shares of both lives
stand in one row, which is also what a person expects to read.

A new client begins with the time for which a living one of its person has held tickets and brought
none, until it brings its first; or whoever hoards would take over from themselves for ever.
"""

from chalicelib.domain.board import Board, Client, Person, Rules
from chalicelib.domain.errors import BoardFull, ClientTaken, StruckOut
from chalicelib.domain.values import replace


def seat(
    board: Board, client_id: str, person: Person, label: str, now: int, rules: Rules
) -> Client:
    """The caller's seat, as it was before this exchange, or a new one.

    Raises ClientTaken, StruckOut, BoardFull.
    """
    if board.strikes(person) >= rules.max_strikes:
        raise StruckOut
    known = board.client(client_id)
    if known is None:
        return _new_seat(board, client_id, person, label, now, rules)
    if known.person.id != person.id:
        raise ClientTaken
    return known if known.label == label else replace(known, label=label)


def _new_seat(
    board: Board, client_id: str, person: Person, label: str, now: int, rules: Rules
) -> Client:
    gone = [c for c in board.clients if not c.alive(now, rules)]
    for former in gone:
        if former.person.id == person.id and former.label == label:
            return replace(former, id=client_id, seq=0, rate=0, held=(), fresh=0)
    number = _free_number(board, gone, rules)
    since = now - _barren_ms(board, person, now, rules)
    return Client(number, client_id, person, label, joined_at=now, seen_at=now, busy_since=since)


def _barren_ms(board: Board, person: Person, now: int, rules: Rules) -> int:
    """How long a client of this person has held tickets in vain: a new id begins no new time."""
    mine = (c for c in board.clients if c.person.id == person.id and c.alive(now, rules))
    return max((c.seen_at - c.barren_since for c in mine), default=0)


def _free_number(board: Board, gone: list[Client], rules: Rules) -> int:
    used = {c.number for c in board.clients}
    for number in range(1, min(rules.max_clients, 255) + 1):
        if number not in used:
            return number
    brought = set(board.tickets)
    for former in gone:
        if former.number not in brought and not former.strikes:
            return former.number
    raise BoardFull(clients=len(used))
