"""Two upload engines behind one interface: the command line's in this process, the page's in node.

What happens and what is decided are plain values, as the page's engine has them; the driver of the
command line's engine translates. Where the two products differ on purpose, ``Traits`` says so, so
that one machine can play with both.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any, Protocol

import msgspec

from manyhands.engine import happenings as hap
from manyhands.engine.engine import Engine, Who
from manyhands.engine.pace import Rules
from manyhands.errors import Refused
from manyhands.upload.calls import _exchange_refused
from manyhands.wire import ExchangeReply
from tests.machines.node import Node

Value = dict[str, Any]
PART_SIZE = 1_000_000
MAX_HELD = 8
CONNECTIONS, TRIES, REFUSALS = 3, 3, 6
PATIENCE_S = 900.0


@dataclass(frozen=True)
class Traits:
    """``looks``: it waits for the storage to join the parts, and looks whether it has.

    ``holds``: it may be told that it is offline or signed out; ``pause_is_rest``: a pause for
    everybody ends the run; ``loses_patience``: it gives up when nothing goes for long.
    """

    looks: bool
    holds: bool
    pause_is_rest: bool
    loses_patience: bool


@dataclass
class Said:
    """``wake_at`` is infinite if only news can wake it."""

    decisions: list[Value]
    wake_at: float
    unreported: list[int]
    seq: int


class Driver(Protocol):
    traits: Traits

    def begin(self, seed: int, seq: int) -> None:
        """A new engine whose last exchange was ``seq``."""
        ...

    def tell(self, happenings: list[Value], now: float) -> Said: ...

    def farewell(self) -> Value: ...


class CommandLine:
    traits = Traits(looks=True, holds=False, pause_is_rest=False, loses_patience=True)

    def begin(self, seed: int, seq: int) -> None:
        rules = Rules(
            connections=CONNECTIONS, tries=TRIES, refusals=REFUSALS, patience_s=PATIENCE_S
        )
        who = Who("client-1", "a test", seq=seq)
        self._engine = Engine(who, PART_SIZE, MAX_HELD, Random(seed), rules)

    def tell(self, happenings: list[Value], now: float) -> Said:
        for happening in happenings:
            self._engine.handle(_happening(happening), now)
        decisions = [_value(decision) for decision in self._engine.decide(now)]
        engine = self._engine
        return Said(decisions, engine.wake_at(), list(engine.unreported), engine.seq)

    def farewell(self) -> Value:
        return msgspec.to_builtins(self._engine.farewell())


def _happening(value: Value) -> hap.Happening:
    match value:
        case {"kind": "answered", "reply": reply}:
            return hap.Answered(msgspec.convert(reply, ExchangeReply))
        case {"kind": "failed"}:
            return hap.ExchangeFailed("no answer", value["atLeastS"])
        case {"kind": "disowned", "parts": parts}:
            return hap.Disowned(tuple(parts))
        case {"kind": "sent", "part": part}:
            return hap.Sent(part)
        case {"kind": "put_failed", "part": part, "why": why}:
            return hap.PutFailed(part, hap.Failure[why.upper()])
        case {"kind": "moved", "bytes": count}:
            return hap.Moved(count)
        case {"kind": "status_seen", "status": status}:
            return hap.StatusSeen(status)
    return {"rest": hap.Rest(), "woke": hap.Woke(), "more_known": hap.MoreKnown()}[value["kind"]]


def _value(decision: hap.Decision) -> Value:
    match decision:
        case hap.StartPut(ticket):
            return {"kind": "start_put", "ticket": msgspec.to_builtins(ticket)}
        case hap.Exchange(request):
            return {"kind": "exchange", "request": msgspec.to_builtins(request)}
        case hap.GiveUp(error):
            return {"kind": "give_up", "code": type(error).__name__}
    return {"kind": NAMES[type(decision)], **asdict(decision)}


NAMES: Mapping[type[hap.Decision], str] = {
    hap.StopPut: "stop_put",
    hap.Look: "look",
    hap.Turned: "turned",
    hap.Retry: "retry",
    hap.End: "end",
    hap.Rested: "rested",
}


@dataclass
class Page:
    """The process is started for the first engine, and serves all that follow."""

    node: Node
    traits: Traits = field(
        default=Traits(looks=False, holds=True, pause_is_rest=True, loses_patience=False)
    )

    def begin(self, seed: int, seq: int) -> None:
        options = {"who": {"client": "client-1", "label": "a test"}, "seq": seq}
        rules = {"connections": CONNECTIONS, "tries": TRIES, "refusals": REFUSALS}
        sizes = {"partSize": PART_SIZE, "maxHeld": MAX_HELD}
        self.node.call("begin", options=options | sizes, rules=rules, seed=seed)

    def tell(self, happenings: list[Value], now: float) -> Said:
        said = self.node.call("tell", happenings=happenings, now=now)
        wake_at = math.inf if said["wake_at"] is None else said["wake_at"]
        return Said(said["decisions"], wake_at, said["unreported"], said["seq"])

    def farewell(self) -> Value:
        return dict(self.node.call("farewell"))


def refused(code: str, parts: list[int]) -> Value | None:
    """What the command line's engine is told of a refusal; None if the run ends with it."""
    retryable = code in RETRYABLE
    error = Refused(code, code, status=0, retryable=retryable, details={"parts": parts})
    try:
        message = _exchange_refused(error)
    except Refused:
        return None
    if isinstance(message, hap.Disowned):
        return {"kind": "disowned", "parts": list(message.parts)}
    assert isinstance(message, hap.ExchangeFailed)
    return {"kind": "failed", "atLeastS": message.at_least_s}


RETRYABLE = {
    *("board_full", "board_busy", "storage_unavailable", "identity_unavailable", "internal"),
}
