"""Small boards for tests: a part is 100 bytes, a minute is a minute."""

from dataclasses import replace

from chalicelib.domain.board import Board, Person, Rules, blank
from chalicelib.domain.exchange import Reply, Request, exchange
from chalicelib.domain.parts import PartPlan

ANA = Person("sub-ana", "ana")
BEN = Person("sub-ben", "ben")
RULES = Rules(assumed_rate=100)
NOW = 1_000_000


def board_of(parts: int, known: int | None = None) -> Board:
    return blank(PartPlan(parts * 100, 100), parts if known is None else known)


def said(client: str = "a", **fields: object) -> Request:
    base = Request(
        client=client, person=ANA, label=client, seq=1, holding=(), done=(), want=1, rate=0
    )
    return replace(base, **fields)  # type: ignore[arg-type]


class Table:
    """A board that clients talk to; it counts each client's ``seq`` for them."""

    def __init__(self, board: Board, rules: Rules = RULES, now: int = NOW) -> None:
        self.board, self.rules, self.now = board, rules, now
        self.seqs: dict[str, int] = {}

    def exchange(self, client: str, **fields: object) -> Reply:
        self.seqs[client] = self.seqs.get(client, 0) + 1
        request = said(client, **({"seq": self.seqs[client]} | fields))
        self.board, reply = exchange(self.board, request, self.now, self.rules)
        return reply
