"""Rescue: a second holder for a ticket that would otherwise hold up the file.

When no open ticket is left, an idle client looks at what the others still hold. A holder works
through its tickets in order, so by its measured speed each has an expected end, and those at the
back of its queue, the last to come and the likeliest not begun, are worth most. A ticket is
rescued if the idle client would finish it clearly sooner: by a quarter of its own time and half a
second. The first to finish wins, and all bring the same bytes, because every URL is bound to them.

What should have come by now and has not is no nearer for that, since parts are sent side by side:
it is expected to take half a part's time more.

A holder that is silent beyond the end of its whole queue is taken for lost, however fast it was; so
is a single ticket that should have been reported by now. So is one that talks but brings nothing
for longer than its queue should take: it may be stuck, or mean ill, and its lease never lapses.
Only the time counts in which it held something, so nobody is lost after a pause, and dropping
tickets to take them again wins nobody time. A speed is what a client says: that it is slow excuses
it for a few leases, not for years. A ticket is handed out while fewer than two holders can be
relied on; who is taken for lost keeps what it holds, but keeps nobody out. Refused: at most two
holders whoever they are, because two clients of one mind locked a part for ever.

As long as the manifest is not whole the file waits for that, and for no ticket: what a slow client
held then was sent twice for nothing.

Source of the rule "longest expected end first": LATE (Zaharia et al., OSDI 2008).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chalicelib.domain.board import Board, Client, Rules
from chalicelib.domain.share import part_ms, silent

MAX_HOLDERS = 2
CLEARLY_MS = 500
REPORT_MS = 6_000
"""How long after its expected end a part may go unreported: clients report every few seconds."""

BARREN_MS = 30_000
"""How long beyond its whole queue a client may bring nothing: connections stall and recover."""

PATIENCE_LEASES = 4
"""How long a queue may excuse who brings nothing: two of 5 MiB at 30 kB/s take 350 s."""

LOST_MS = 10**12


@dataclass(frozen=True, slots=True)
class Straggler:
    part: int
    remaining_ms: int


def rescues(board: Board, me: Client, now: int, rules: Rules) -> Iterator[int]:
    """Tickets of others that ``me`` would finish clearly sooner, the most urgent first."""
    if board.known < board.plan.count:
        return
    mine = part_ms(board, me, rules)
    start = len(me.held) + 1
    waiting = [s for s in stragglers(board, now, rules) if s.part not in me.held]
    for place, straggler in enumerate(waiting, start):
        if place * mine * 5 // 4 + CLEARLY_MS >= straggler.remaining_ms:
            return
        yield straggler.part


def stragglers(board: Board, now: int, rules: Rules) -> list[Straggler]:
    """What no two holders can be relied on for, with its expected time to the end, latest first."""
    held = (
        Straggler(part, min(ends))
        for part, ends in expected_ends(board, now, rules).items()
        if relied_on(ends) < MAX_HOLDERS and not board.done(part)
    )
    return sorted(held, key=lambda s: (-s.remaining_ms, s.part))


def expected_ends(board: Board, now: int, rules: Rules) -> dict[int, list[int]]:
    """By part, in how many ms each of its living holders brings it; LOST_MS if it is lost."""
    ends: dict[int, list[int]] = {}
    for client in board.clients:
        if client.alive(now, rules):
            for part, remaining in _queue(board, client, now, rules):
                ends.setdefault(part, []).append(remaining)
    return ends


def relied_on(ends: Iterable[int]) -> int:
    """How many of a part's holders are not lost."""
    return sum(remaining < LOST_MS for remaining in ends)


def _queue(board: Board, client: Client, now: int, rules: Rules) -> Iterator[tuple[int, int]]:
    each = part_ms(board, client, rules)
    excused = min(len(client.held) * each, PATIENCE_LEASES * rules.lease_ms)
    barren = now - client.barren_since > excused + BARREN_MS
    lost = barren or silent(board, client, now, rules)
    for place, part in enumerate(client.held, 1):
        remaining = place * each - (now - client.seen_at)
        yield part, LOST_MS if lost or remaining < -REPORT_MS else max(remaining, each // 2)
