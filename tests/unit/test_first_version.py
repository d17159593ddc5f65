"""The first version's messages, for ever: what was once said must go on being understood.

``tests/wire/v1`` is never changed. A later version adds fields, and never takes one away, nor
changes what one means.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalicelib import wire
from tests.unit.test_wire import REPLIES, REQUESTS

TODAY = Path(__file__).resolve().parents[1] / "wire"
FIRST = TODAY / "v1"
FOR_EVER = "900287c78cfb125d0a756a4012e1d9c43896f73bff100e5412a3fe5ca5722a55"


def lacking(now: Any, then: Any, place: str = "$") -> list[str]:
    """Where ``now`` has not what ``then`` had, or has it of another type."""
    if isinstance(then, dict) and isinstance(now, dict):
        gone = [f"{place}.{name}" for name in then if name not in now]
        kept = [lacking(now[name], then[name], f"{place}.{name}") for name in then if name in now]
        return gone + [fault for faults in kept for fault in faults]
    if isinstance(then, list) and isinstance(now, list):
        pairs = enumerate(zip(now, then, strict=False))
        return [f for i, (n, t) in pairs for f in lacking(n, t, f"{place}[{i}]")]
    number = {int, float}
    same = type(now) is type(then) or {type(now), type(then)} <= number
    return [] if same else [place]


def test_the_first_versions_messages_are_as_they_were() -> None:
    every = b"".join(path.name.encode() + path.read_bytes() for path in sorted(FIRST.iterdir()))
    assert hashlib.sha256(every).hexdigest() == FOR_EVER


@pytest.mark.parametrize("name", REQUESTS)
def test_each_request_of_the_first_version_is_still_read_as_it_was_meant(name: str) -> None:
    body = (FIRST / f"{name}.json").read_bytes()
    read = msgspec.to_builtins(wire.decode(body, REQUESTS[name], protocol=1))
    assert json.loads(body).items() <= read.items()


@pytest.mark.parametrize("name", REPLIES)
def test_each_reply_still_holds_all_that_the_first_versions_clients_read(name: str) -> None:
    then = json.loads((FIRST / f"{name}.json").read_text())
    now = json.loads((TODAY / f"{name}.json").read_text())
    assert lacking(now, then) == []


def test_what_goes_missing_would_be_found() -> None:
    then = {"a": 1, "b": [{"c": "x"}], "d": 1.0}
    assert lacking({"b": [{}], "d": 2}, then) == ["$.a", "$.b[0].c"]
    assert lacking({"a": "1", "b": [{"c": "x"}], "d": 2}, then) == ["$.a"]
