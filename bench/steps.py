"""What an exchange spends the processor's time on, step by step.

Every exchange here is alike: a client gives back what it holds and takes eight tickets again, of a
board half done with three clients at work. Each step is timed alone, on the objects that the
function itself made, and the whole by an event of the gateway; what is left over is Chalice.
Processor time, not the clock's, and the least of some batches: the work is the same each time, and
others on the machine, who take its caches, can only add to it.
"""

import time
from collections.abc import Callable
from typing import Any

import msgspec

from bench.boards import HELD, half_done, request
from bench.function import PERSON, Function
from chalicelib import wiring
from chalicelib.domain.board import Person
from chalicelib.domain.exchange import Request, exchange
from chalicelib.ports import Caller
from chalicelib.service.boards import take
from chalicelib.web.requests import exchange_request
from chalicelib.web.views import exchange_reply
from chalicelib.wire import ExchangeRequest, decode, encode

STEPS = ("token", "parsing", "read", "pure function", "signing", "write", "answer")
BATCHES, BATCH_S = 9, 0.015


def steps(function: Function, parts: int, clients: int = 3) -> dict[str, float]:
    """Milliseconds of each step; ``whole`` is the exchange from event to answer."""
    core = function.core
    upload = half_done(core, parts, clients, f"film of {parts} parts")
    said = msgspec.structs.replace(request(upload, 1), holding=[], done=[])
    body = msgspec.json.encode(said)
    asked, now = _asked(said), core.clock.now()
    caller = Caller(asked.person, (f"user:{PERSON}",))
    written, reply, tickets = take(core, caller, upload.id, asked)
    standing = [written]

    def write() -> None:
        standing[0] = core.uploads.save(standing[0])

    def sign() -> None:
        for part in range(1, HELD + 1):
            core.store.sign_put(upload.key, upload.multipart_id, part, 5 << 20, "d" * 43 + "=")

    parted: dict[str, Callable[[], Any]] = {
        "token": lambda: wiring.tokens().verify(function.token),
        "parsing": lambda: decode(body, ExchangeRequest),
        "read": lambda: core.uploads.get(upload.id),
        "pure function": lambda: exchange(upload.board, asked, now, core.rules),
        "signing": sign,
        "write": write,
        "answer": lambda: encode(exchange_reply(written, said.client, reply, tickets, core)),
    }
    found = {name: cpu_ms(step) for name, step in parted.items()}
    return found | {"whole": cpu_ms(repeated(function, upload.id, said))}


def repeated(function: Function, id: str, said: ExchangeRequest) -> Callable[[], None]:
    """Each time with the next ``seq``."""

    def call() -> None:
        said.seq += 1
        answer = function.exchange(id, msgspec.json.encode(said))
        assert answer["statusCode"] == 200, answer

    return call


def cpu_ms(do: Callable[[], Any]) -> float:
    """Processor time of one call: the least of some batches."""
    do()
    many = 1
    while (spent := _spent(do, many)) < BATCH_S:
        many = max(2 * many, int(many * BATCH_S / max(spent, 1e-6)))
    return min(_spent(do, many) for _ in range(BATCHES)) / many * 1000


def _spent(do: Callable[[], Any], times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        do()
    return time.process_time() - began


def _asked(said: ExchangeRequest) -> Request:
    return exchange_request(said, Person(PERSON, "ana"))
