"""How many tickets a client may hold: enough to stay busy, never more than its share.

Claim late. A client that holds far ahead on a slow line holds up the file at the end; one that
holds nothing ahead asks for every part. So a client may hold what keeps it busy for ``hold_ms``,
and no more than half of its share of the time that the whole file still needs. The half makes
holdings shrink by themselves as the end comes near, down to one ticket, whatever the speeds
(factoring, weighted by speed: Hummel, Schmidt, Uma and Wein, 1996). A client that works alone has
nobody to wait for and may hold as much as it asks for.
"""

from chalicelib.domain.board import Board, Client, Rules


def may_hold(board: Board, me: Client, now: int, rules: Rules) -> int:
    """The most tickets that ``me`` may hold after this exchange; at least 1."""
    others = [c for c in board.clients if c.number != me.number and c.at_work(now, rules)]
    busy = max(rules.first_hold, _parts_in(rules.hold_ms, me, board, rules))
    if not others:
        return min(rules.max_held, busy)
    share = _parts_in(time_left_ms(board, [me, *others], rules) // 2, me, board, rules)
    return max(1, min(rules.max_held, busy, share))


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
