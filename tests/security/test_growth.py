"""Whatever callers do, nothing grows without an end.

DynamoDB takes items of 400 KB; an upload whose item is larger could not be written any more, by
anybody. So the largest legal board is filled by the real exchange, with the most clients that an
operator may allow, each with a label, a name and holdings as long and as hard to compress as they
can be, and its item is measured as DynamoDB does.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from random import Random
from typing import Any

import msgspec
import pytest

from chalicelib.adapters.items import item_of
from chalicelib.config import _NUMBERS
from chalicelib.domain.board import Board, Person, Rules, blank, reopened
from chalicelib.domain.errors import BoardFull, ManyhandsError, StruckOut, TooManyUploads
from chalicelib.domain.exchange import Request, exchange
from chalicelib.domain.lifetime import Lifetime
from chalicelib.domain.names import MAX_LABEL, file_name, label
from chalicelib.domain.parts import MIB, PartPlan, plan_parts
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import FileIdentity, Upload, new_upload
from chalicelib.service.uploads import cancel
from chalicelib.web.views import upload_reply
from tests.calls import PART, Caller, Device, File
from tests.service.world import ANA_CALLS, World, film
from tests.service.world import Device as FakeDevice

LONGEST_ITEM = 400 * 1024
LONGEST_ANSWER = 6 * MIB
"""Of a Lambda."""

USER_NAME = 128
"""Characters: Cognito's longest user name, and its longest group."""

SECOND = 1_000
DEFAULT = Rules()
UTMOST = Rules(
    max_clients=_NUMBERS["CLIENTS_PER_BOARD"][2], max_held=_NUMBERS["TICKETS_PER_CLIENT"][2]
)
"""The most that an operator can set."""


def odd(random: Random, length: int) -> str:
    """Letters of four bytes each that no compression makes smaller."""
    return "".join(chr(random.randrange(0x20000, 0x2A6D0)) for _ in range(length))


def crowded(rules: Rules) -> Board:
    """10,000 parts, every seat taken; each client did two of them and died holding its most.

    In an order of its own, so that no row looks like another.
    """
    random, now, fast = Random(1), 0, 2**53 - 1
    plan = plan_parts(10_000 * 5 * MIB)
    board = replace(blank(plan, plan.count), status=Status.ACTIVE)
    for _ in range(rules.max_clients):
        person = Person(secrets.token_hex(18), odd(random, USER_NAME))
        client, name = secrets.token_urlsafe(48), label(odd(random, 1_000))

        def said(seq: int, *lists: tuple[int, ...], who: Any = (client, person, name)) -> Request:
            return Request(*who, 2**52 + seq, *lists, plan.count, fast)

        board, taken = exchange(board, said(1, (), ()), now, rules)
        board, more = exchange(board, said(2, taken.tickets[2:], taken.tickets[:2]), now, rules)
        held = [*taken.tickets[2:], *more.tickets]
        random.shuffle(held)
        board, _ = exchange(board, said(3, tuple(held), ()), now, rules)
        now += 10 * rules.lease_ms
    return board


def size_of(item: dict[str, Any]) -> int:
    """As DynamoDB counts: names and values, in bytes."""
    return sum(len(name.encode()) + _length(*value.items()) for name, value in item.items())


def _length(value: tuple[str, Any]) -> int:
    kind, held = value
    return len(held.encode()) if kind in {"S", "N"} else len(held) if kind == "B" else 1


def upload_with(board: Board) -> Upload:
    random = Random(2)
    file = FileIdentity(odd(random, USER_NAME), odd(random, 63), board.plan, bytes(32 * 128))
    made = new_upload(file, 10**6, Person("o" * 36, odd(random, USER_NAME)), "m" * 200, 2**41)
    return replace(made, board=board, checksum="c" * 50, reason="r" * 300, version=10**9)


@pytest.mark.parametrize("rules", [DEFAULT, UTMOST], ids=["as delivered", "as far as can be set"])
def test_the_fullest_board_of_the_largest_file_is_far_from_dynamodbs_limit(rules: Rules) -> None:
    board = crowded(rules)
    assert len(board.clients) == rules.max_clients
    assert max(len(c.label) for c in board.clients) == MAX_LABEL
    upload = upload_with(board)
    size = size_of(item_of(upload, Lifetime()))
    assert size < LONGEST_ITEM * 3 // 4
    answer = msgspec.json.encode(upload_reply(upload, ANA_CALLS, 2**41, rules))
    assert len(answer) < LONGEST_ANSWER // 2


def test_a_seat_that_is_not_to_be_had_is_refused_with_its_own_code() -> None:
    board = crowded(DEFAULT)
    late = Request("late-client", Person("late", "late"), "late", 1, (), (), 1, 0)
    with pytest.raises(BoardFull) as refused:
        exchange(board, late, 2**41, DEFAULT)
    assert (refused.value.code, refused.value.details) == ("board_full", {"clients": 200})


def test_clients_that_brought_nothing_use_up_no_seats() -> None:
    """Who makes up a new client id for each call only takes their own rows."""
    board, now = blank(PartPlan(1_000, 100), 10), 0
    for n in range(1_000):
        request = Request(f"client-{n:06}", Person("p", "p"), f"label {n}", 1, (), (), 1, 0)
        board, _ = exchange(board, request, now, DEFAULT)
        now += SECOND
    assert len(board.clients) <= DEFAULT.max_clients


def test_strikes_and_what_was_said_falsely_stay_with_the_person_and_do_not_grow() -> None:
    board, now, liar = blank(PartPlan(1_000, 100), 10), 0, Person("liar", "liar")
    for n in count():
        said = Request(f"client-{n:06}", liar, f"label {n}", 1, (), (), 10, 2**40)
        try:
            board, taken = exchange(board, said, now, DEFAULT)
        except StruckOut:
            break
        again = replace(said, seq=2, done=taken.tickets, want=0)
        board, _ = exchange(board, again, now, DEFAULT)
        board = reopened(replace(board, status=Status.ASSEMBLING), frozenset(taken.tickets))
        now += 10 * DEFAULT.lease_ms
    assert (n, board.parts_done, sum(c.strikes for c in board.clients)) == (3, 0, 3)


def test_beginning_again_and_again_leaves_only_the_last_generation() -> None:
    world = World()
    device = FakeDevice(world, ANA_CALLS, film(300))
    for _ in range(50):
        _, upload = device.create()
        for page in (1, 2):
            device.add_page(upload.id, page)
        device.exchange(upload.id, want=4)
        cancel(world.core, ANA_CALLS, upload.id)
    _, upload = device.create()
    assert upload.generation == 51
    assert {key[1] for key in world.manifests._pages} == {51}
    assert [u.key for u in world.store._unfinished.values()] == [upload.key]
    assert size_of(item_of(upload, Lifetime())) < 1_024


def test_a_person_has_only_so_many_unfinished_uploads() -> None:
    world = World()
    for seed in range(3):
        FakeDevice(world, ANA_CALLS, film(2, seed)).create()
    with pytest.raises(TooManyUploads) as refused:
        FakeDevice(world, ANA_CALLS, film(2, seed=9)).create()
    assert refused.value.code == "too_many_uploads"


LABELS = [
    "x" * 1_024,
    "\u202e" * 1_024,
    "\x1b[31m\x07\x00",
    "e" + "\u0301" * 1_000,
    "👩‍🚀" * 300,
    "\ud7ff\ue000\U0010ffff",
    "\n\r\u2028\u2029\u0085",
    "\ufdfa" * 1_024,
    "<img src=x onerror=alert(1)>",
    " " * 1_024,
]


@pytest.mark.parametrize("text", LABELS, ids=lambda text: ascii(text[:6]))
def test_a_label_is_mended_and_stays_short(text: str) -> None:
    mended = label(text)
    assert 1 <= len(mended) <= MAX_LABEL
    assert not any(ord(c) < 32 or c in "\u202e\u2028\u2029\u0085\x7f" for c in mended)
    assert label(mended) == mended


def test_names_of_files_stay_short_whatever_they_become_when_composed() -> None:
    for text in LABELS:
        try:
            assert len(file_name(text).encode()) <= 255
        except ManyhandsError as error:
            assert len(str(error.details["suggestion"]).encode()) <= 255


def test_more_than_a_page_more_pages_and_longer_lists_have_codes_of_their_own(
    dora: Caller,
) -> None:
    digest = "A" * 43 + "="
    upload = dora.post("/uploads", File.of(2 * PART).described()).body["upload"]["id"]
    device, page = Device(dora, upload), f"/uploads/{upload}/manifest"
    told: dict[str, Callable[[], Any]] = {
        "invalid_request": lambda: dora.put(f"{page}/0", {"digests": [digest] * 129}),
        "page_out_of_order": lambda: dora.put(f"{page}/1", {"digests": [digest]}),
        "part_out_of_range": lambda: device.exchange(holding=list(range(1, 10_001))),
        "body_too_large": lambda: dora.put(f"{page}/0", {"digests": [digest] * 6_000}),
    }
    assert {code: call().code for code, call in told.items()} == {code: code for code in told}
