"""When a client should report again, at the latest.

The answer paces every caller, so the load on one board is the server's to decide. In the middle
of a file a client that needs tickets comes by itself; apart from that it reports about once a
part, so that a pause or a revoked ticket reaches it after the part in flight, but on a fast line
not more often than every eight seconds, and on a slow one as its heartbeat demands. What it has
sent and not reported nobody knows of if it dies, until somebody looks after it (``lost``); so one
that has others, and is fast for what is left, reports more often: unknown is an eighth of the rest
of the file at most, down to two seconds' worth. On a large file, and for a slow client, that asks
for nothing; and who is alone comes back and knows what it has sent.

Towards the end, when every ticket is held, all report about once a part, because a rescue is only
as quick as the news of it; that phase lasts seconds. Whoever waits, for pages of the manifest, for
others to finish, for a pause to end, for the assembly, asks seldom, and the more clients there are
the more seldom. The figures are tuned by ``bench.simulated_lines``.
"""

from chalicelib.domain.board import Board, Client, Rules
from chalicelib.domain.share import helpers, part_ms, rate_of
from chalicelib.domain.status import WORKING, Status

BRISK_MS = 8_000
LEAST_MS = 2_000
RISK = 8
"""One in so many bytes that are left may be at risk."""

TAIL_MS = 2_000
WAIT_MS = 2_000
JOIN_MS = 500
"""Joining a small file takes no longer."""

PAUSED_MS = 5_000
CROWD = 16
"""Clients up to which waiting times stand as they are; beyond, they grow in proportion."""


def next_exchange_ms(board: Board, me: Client, now: int, rules: Rules) -> int:
    """Milliseconds until the next exchange is due."""
    crowd = sum(c.at_work(now, rules) for c in board.clients)
    return min(rules.heartbeat_ms, _alone(board, me, now, rules) * max(CROWD, crowd) // CROWD)


def _alone(board: Board, me: Client, now: int, rules: Rules) -> int:
    if board.status is Status.ASSEMBLING:
        return JOIN_MS
    if board.status is Status.PAUSED:
        return PAUSED_MS
    if board.status not in WORKING or not me.held:
        return WAIT_MS
    each = part_ms(board, me, rules)
    nothing_open = next(board.open_parts(now, rules), None) is None
    if nothing_open and board.known == board.plan.count:
        return max(TAIL_MS, each)
    if each >= BRISK_MS or not helpers(board, me, now, rules):
        return max(BRISK_MS, each)
    return max(LEAST_MS, each, min(BRISK_MS, _at_risk_ms(board, me, rules)))


def _at_risk_ms(board: Board, me: Client, rules: Rules) -> int:
    """In what time it sends as much as may be at risk."""
    left = board.plan.size - board.bytes_done
    return left * 1000 // (RISK * rate_of(me, rules))
