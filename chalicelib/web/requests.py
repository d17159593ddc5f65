"""What clients say, as the domain understands it."""

from chalicelib.domain.board import Person
from chalicelib.domain.exchange import Request
from chalicelib.domain.names import label
from chalicelib.wire import ExchangeRequest


def exchange_request(said: ExchangeRequest, person: Person) -> Request:
    return Request(
        client=said.client,
        person=person,
        label=label(said.label),
        seq=said.seq,
        holding=tuple(said.holding),
        done=tuple(said.done),
        want=said.want,
        rate=said.rate,
        generation=said.generation,
    )
