"""How many tickets a client may hold: enough to stay busy, never more than its share.

Claim late. A client that holds far ahead on a slow line holds up the file at the end; one that
holds nothing ahead asks for every part. So a client may hold what keeps it busy for ``hold_ms``,
and no more than three quarters of its share of the time that the whole file still needs. So
holdings shrink by themselves as the end comes near, whatever the speeds (factoring, weighted by
speed: Hummel, Schmidt, Uma and Wein, 1996), down to what bridges the next exchange: one ticket on a
slow line, more on one that sends a part within a round trip or two. A client that works alone has
nobody to wait for and may hold as much as it asks for. Who is silent beyond its whole queue is no
help, however fast it was. The figures are tuned by ``bench.simulated_lines``.
"""

from chalicelib.domain.board import Board, Client, Rules

SHARE_PERCENT = 75
BRIDGE_MS = 2_000
SILENCE_MS = 2_000


def may_hold(board: Board, me: Client, now: int, rules: Rules) -> int:
    """The most tickets that ``me`` may hold after this exchange; at least 1."""
    others = helpers(board, me, now, rules)
    busy = max(rules.first_hold, 1 + _parts_in(rules.hold_ms, me, board, rules))
    if not others:
        return min(rules.max_held, busy)
    left_ms = time_left_ms(board, [me, *others], rules)
    share = _parts_in(left_ms * SHARE_PERCENT // 100, me, board, rules)
    least = 1 + _parts_in(BRIDGE_MS, me, board, rules)
    return min(rules.max_held, busy, max(least, share))


def helpers(board: Board, me: Client, now: int, rules: Rules) -> list[Client]:
    """The others whose speed counts."""
    there = (c for c in board.clients if c.number != me.number and c.at_work(now, rules))
    return [c for c in there if not silent(board, c, now, rules)]


def silent(board: Board, client: Client, now: int, rules: Rules) -> bool:
    """Beyond the end of its whole queue."""
    queue = len(client.held) * part_ms(board, client, rules)
    return now - client.seen_at > queue + SILENCE_MS


def rate_of(client: Client, rules: Rules) -> int:
    """Bytes a second: as measured, or assumed while nothing is."""
    return client.rate or rules.assumed_rate


def part_ms(board: Board, client: Client, rules: Rules) -> int:
    """How long this client takes for one whole part."""
    return board.plan.part_size * 1000 // rate_of(client, rules)


def time_left_ms(board: Board, workers: list[Client], rules: Rules) -> int:
    """How long these clients together take for all that is not done."""
    left = board.plan.size - board.bytes_done
    return left * 1000 // sum(rate_of(c, rules) for c in workers)


def _parts_in(ms: int, client: Client, board: Board, rules: Rules) -> int:
    return rate_of(client, rules) * ms // 1000 // board.plan.part_size
