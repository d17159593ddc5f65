"""Between the service's own words and the client's: what JSON does in earnest."""

from typing import Any

from chalicelib.domain.errors import ManyhandsError
from chalicelib.domain.uploads import Upload
from manyhands.errors import Refused, Unreachable
from manyhands.wire import ExchangeReply, Progress, Ticket
from tests.simulation.line import OUT_OF_REACH

NO_PROGRESS = Progress(0, 0, 0, 0, 0)


class Answer:
    """In place of ``Api``: gives back what came, so that the real table of errors reads it."""

    def __init__(self) -> None:
        self.outcome: Any = None

    def exchange(self, upload: str, request: object) -> ExchangeReply:
        return self._given()

    def put_page(self, upload: str, page: int, request: object) -> Any:
        return self._given()

    def upload(self, id: str) -> Any:
        return self._given()

    def _given(self) -> Any:
        outcome = self.outcome
        if outcome is OUT_OF_REACH:
            raise Unreachable(OUT_OF_REACH)
        if isinstance(outcome, ManyhandsError):
            raise Refused(
                outcome.code,
                outcome.message,
                status=outcome.status_hint,
                retryable=outcome.retryable,
                details=outcome.details,
            )
        return outcome


def reply_of(upload: Upload, reply: Any, tickets: Any) -> ExchangeReply:
    given = [
        Ticket(t.part, t.offset, t.length, t.signed.url, t.signed.headers, 900.0) for t in tickets
    ]
    return ExchangeReply(
        upload.board.status.value,
        given,
        list(reply.revoked),
        NO_PROGRESS,
        [],
        reply.next_exchange_ms / 1000,
    )
