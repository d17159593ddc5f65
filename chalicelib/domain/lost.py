"""What lost clients left: asked of the storage once, before it is handed out again.

A client that dies had sent parts that it never reported, two or three seconds' worth. So before
parts of a lost client (its lease lapsed, or silent beyond its whole queue) are handed out, the
storage is asked which of them it has, and those are credited to who sent them: nobody sends them
again. Nothing else is asked for: not what another client that can be relied on holds as well,
since the storage does not say who sent it, and nothing of those who still talk, however slow.

A listing must be earned. A client is looked after only if it brought a part since the last time, so
there are never more listings on a board than parts, whoever falls silent how often; and whoever
begins and dies before its first report has not sent much. ``looked_at`` is written with the
exchange that hands out the rest, so nobody looks a second time, found or not.

Refused: looking as soon as a client is silent, because what is on its way still lands, and most
who sleep come back; dropping its claims with that, because ``done`` is welcome late.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from chalicelib.domain.board import Board, Client, Rules, brought, with_client
from chalicelib.domain.share import silent
from chalicelib.domain.values import replace

Left = Mapping[str, tuple[int, ...]]
"""By client id, the parts that it holds and that nobody is known to have done."""


@dataclass(frozen=True, slots=True)
class Found:
    """``there``: the parts that the storage was seen to hold, in length and SHA-256."""

    left: Left = field(default_factory=dict)
    there: frozenset[int] = frozenset()


NOTHING = Found()


def lost(board: Board, client: Client, now: int, rules: Rules) -> bool:
    return not client.alive(now, rules) or silent(board, client, now, rules)


def left_behind(board: Board, wanted: Collection[int], now: int, rules: Rules) -> Left:
    """What to ask the storage for before ``wanted`` is handed out; empty almost always."""
    if not wanted:
        return {}
    left = dict(_left(board, now, rules))
    return {id: parts for id, parts in left.items() if not set(parts).isdisjoint(wanted)}


def _left(board: Board, now: int, rules: Rules) -> Iterator[tuple[str, tuple[int, ...]]]:
    gone = [c for c in board.clients if lost(board, c, now, rules)]
    relied_on = {p for c in board.clients if c not in gone for p in c.held}
    for client in gone:
        if client.delivered_at > client.looked_at:
            yield (
                client.id,
                tuple(p for p in client.held if p not in relied_on and not board.done(p)),
            )


def credited(board: Board, found: Found, now: int) -> Board:
    """The board with what was found; who came back meanwhile keeps what it has said since."""
    for id, parts in found.left.items():
        client = board.client(id)
        if client is not None:
            mine = found.there.intersection(parts, client.held)
            board = _looked_after(board, client, mine, now)
    return board


def _looked_after(board: Board, client: Client, there: Collection[int], now: int) -> Board:
    """It brought them soon after it was last heard of."""
    new = tuple(part for part in sorted(there) if not board.done(part))
    if new:
        at = max(client.delivered_at, client.seen_at)
        board, client = brought(board, client, new, at)
    return with_client(board, replace(client, looked_at=now))
