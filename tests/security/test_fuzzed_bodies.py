"""A hundred thousand bodies that no client of ours would send.

Nearly all go straight to the decoder and the use case behind it, on fakes, where thousands a second
pass; some hundreds take the whole way over HTTP. What is refused is refused in our shape, with a
described code, never as a defect, and changes nothing; what is taken is a right message.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from chalicelib.domain.errors import ManyhandsError
from chalicelib.domain.uploads import Upload
from chalicelib.service.boards import add_page, take
from chalicelib.service.creating import NewFile, create
from chalicelib.web.answers import refusal
from chalicelib.web.requests import exchange_request
from chalicelib.wire import CreateRequest, ErrorReply, ExchangeRequest, PageRequest, decode
from tests.calls import PART, Caller, File
from tests.security.fuzzing import fuzzed, golden
from tests.service.world import ANA, ANA_CALLS, Device, World, film

MASS = 34_000
"""Of each message; three of them."""

OVER_HTTP = 120
LONGEST_REFUSAL = 8_192


def fitting(name: str, seed: int) -> dict[str, Any]:
    """What makes a golden message right in the small world, where a part is 100 bytes.

    Now and then another client comes, or a made-up ``seq`` would make all later ones stale.
    """
    if name == "create_request":
        return {"size": 350, "part_size": 100}
    if name == "exchange_request":
        idle = {"holding": [], "done": []} if seed % 3 else {}
        return {"client": f"client-{seed // 20:08}", "seq": seed % 20 + 1} | idle
    return {}


Hand = Callable[[World, str, bytes], object]


def hand_create(world: World, id: str, body: bytes) -> object:
    wanted = decode(body, CreateRequest)
    return create(world.core, ANA_CALLS, NewFile(**msgspec.structs.asdict(wanted)))


def hand_page(world: World, id: str, body: bytes) -> object:
    return add_page(world.core, ANA_CALLS, id, 1, decode(body, PageRequest).digests)


def hand_exchange(world: World, id: str, body: bytes) -> object:
    request = exchange_request(decode(body, ExchangeRequest), ANA)
    return take(world.core, ANA_CALLS, id, request)


def state(world: World, id: str) -> tuple[Upload, int]:
    return world.upload(id), len(world.uploads._uploads)


@pytest.mark.parametrize(
    ("name", "hand"),
    [
        ("create_request", hand_create),
        ("page_request", hand_page),
        ("exchange_request", hand_exchange),
    ],
)
def test_whatever_the_body_the_answer_is_ours_and_a_refusal_changes_nothing(
    name: str, hand: Hand
) -> None:
    message, world = golden(name), World()
    id = Device(world, ANA_CALLS, film(10)).create()[1].id
    told: Counter[str] = Counter()
    for seed in range(MASS):
        world.clock.advance(1_000)
        before, body = state(world, id), fuzzed(message | fitting(name, seed), seed)
        try:
            hand(world, id, body)
        except ManyhandsError as error:
            assert state(world, id) == before, seed
            told[well_said(error, seed)] += 1
        except Exception as error:
            raise AssertionError(f"body {seed}: {body[:200]!r}") from error
        else:
            told["taken"] += 1
    assert {"bad_json", "invalid_request"} < set(told), told
    assert len(told) > 3, f"the bodies go no further than the decoder: {told}"


def well_said(error: ManyhandsError, seed: int) -> str:
    """The code of the refusal, which is one of our shape and bounded, whatever was sent."""
    answer = refusal(error)
    assert answer.status_code < 500, seed
    assert len(answer.body) < LONGEST_REFUSAL, seed
    return msgspec.json.decode(answer.body, type=ErrorReply).code


@pytest.mark.parametrize(
    ("name", "method", "path"),
    [
        ("create_request", "POST", "/uploads"),
        ("page_request", "PUT", "/uploads/{id}/manifest/0"),
        ("exchange_request", "POST", "/uploads/{id}/tickets"),
    ],
)
def test_over_http_it_is_the_same(dora: Caller, name: str, method: str, path: str) -> None:
    """``Caller`` compares each answer with its description."""
    made = dora.post("/uploads", File.of(3 * PART, name="fuzzed.mov").described()).body["upload"]
    message = golden(name)
    for seed in range(OVER_HTTP):
        before = dora.get(f"/uploads/{made['id']}").headers["ETag"]
        answer = dora.call(method, path.format(id=made["id"]), fuzzed(message, seed))
        assert answer.status < 500, seed
        if answer.status >= 400:
            assert dora.get(f"/uploads/{made['id']}").headers["ETag"] == before, seed
