from collections.abc import Mapping
from dataclasses import replace

import pytest

from chalicelib.domain.board import Board, Client
from chalicelib.domain.exchange import exchange
from chalicelib.domain.lost import NOTHING, Found, Left, credited, left_behind
from chalicelib.domain.share import SILENCE_MS
from chalicelib.domain.status import Event, Status
from tests.unit.boards import ANA, BEN, NOW, RULES, Table, board_of, said

GONE = Client(1, "gone", ANA, "laptop", joined_at=1, seen_at=NOW, rate=100, delivered_at=NOW)
"""It sends a part in a second."""

QUEUE_MS = 3_000
LAPSED = NOW + RULES.lease_ms + 1
HELD = (2, 3, 5)


def board(*clients: Client, parts: int = 6) -> Board:
    """Part 1 is done; of the clients the first brought it."""
    mine = replace(clients[0], parts=1, bytes=100, held=clients[0].held or HELD)
    tickets = bytes([1]) + bytes(parts - 1)
    active = board_of(parts).moved(Event.TAKE)
    return replace(active, tickets=tickets, clients=(mine, *clients[1:]))


def other(held: tuple[int, ...], seen_at: int) -> Client:
    return Client(2, "other", BEN, "phone", joined_at=1, seen_at=seen_at, rate=100, held=held)


@pytest.mark.parametrize(
    ("who", "now", "wanted", "left"),
    [
        (GONE, LAPSED, {2}, {"gone": HELD}),
        (GONE, LAPSED, {4}, {}),
        (GONE, LAPSED, set(), {}),
        (GONE, NOW + QUEUE_MS + SILENCE_MS + 1, {5, 6}, {"gone": HELD}),
        (GONE, NOW + QUEUE_MS + SILENCE_MS, {5, 6}, {}),
        (replace(GONE, delivered_at=0), LAPSED, {2}, {}),
        (replace(GONE, looked_at=NOW), LAPSED, {2}, {}),
        (replace(GONE, looked_at=NOW - 1), LAPSED, {2}, {"gone": HELD}),
        (replace(GONE, held=(1, 2)), LAPSED, {2}, {"gone": (2,)}),
    ],
)
def test_a_client_is_looked_after_that_is_lost_has_brought_something_since_and_holds_what_is_wanted(
    who: Client, now: int, wanted: set[int], left: Left
) -> None:
    assert left_behind(board(who), wanted, now, RULES) == left


def test_what_another_holds_who_can_be_relied_on_is_not_asked_for() -> None:
    there = board(GONE, other(held=(2, 3), seen_at=LAPSED))
    assert left_behind(there, {3, 5}, LAPSED, RULES) == {"gone": (5,)}
    assert left_behind(there, {3}, LAPSED, RULES) == {}
    both = board(GONE, other(held=(2, 3), seen_at=NOW))
    assert left_behind(both, {3, 5}, LAPSED, RULES) == {"gone": HELD}


def test_a_slow_client_that_still_talks_is_rescued_from_and_not_looked_after() -> None:
    table = Table(board_of(2))
    table.exchange("slow", want=2, rate=1)
    table.exchange("slow", done=(1,), holding=(2,), want=0, rate=1)
    table.now += 60_000
    table.exchange("slow", holding=(2,), want=0, rate=1)
    before = table.board
    tickets = table.exchange("fast", want=1, rate=1_000).tickets
    assert tickets == (2,)
    assert left_behind(before, tickets, table.now, RULES) == {}


@pytest.mark.parametrize(
    ("there", "tickets", "parts"),
    [
        (set(), [1, 0, 0, 0, 0, 0], 1),
        ({2, 5}, [1, 1, 0, 0, 1, 0], 3),
        ({1, 2}, [1, 1, 0, 0, 0, 0], 2),
        ({4, 6}, [1, 0, 0, 0, 0, 0], 1),
    ],
)
def test_only_what_was_found_of_what_it_left_is_credited_and_it_is_looked_after_either_way(
    there: set[int], tickets: list[int], parts: int
) -> None:
    after = credited(board(GONE), Found({"gone": HELD}, frozenset(there)), LAPSED)
    assert list(after.tickets) == tickets
    (row,) = after.clients
    assert (row.parts, row.bytes, row.looked_at) == (parts, 100 * parts, LAPSED)
    assert (row.held, row.delivered_at, row.seen_at) == (HELD, NOW, NOW)
    assert left_behind(after, {2, 3, 5}, LAPSED, RULES) == {}


@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param({"held": ()}, id="it came back and gave them up"),
        pytest.param({"id": "anew"}, id="it came back under another id"),
    ],
)
def test_who_came_back_meanwhile_keeps_what_it_said(meanwhile: Mapping[str, object]) -> None:
    here = board(GONE)
    here = replace(here, clients=(replace(here.clients[0], **meanwhile),))  # type: ignore[arg-type]
    after = credited(here, Found({"gone": HELD}, frozenset(HELD)), LAPSED)
    assert after.tickets == here.tickets


def test_two_who_look_at_once_credit_it_once() -> None:
    found = Found({"gone": HELD, "other": (3,)}, frozenset({3, 5}))
    once = credited(board(GONE, other(held=(3,), seen_at=NOW)), found, LAPSED)
    again = credited(once, found, LAPSED)
    assert (once.tickets, again.clients) == (bytes([1, 0, 1, 0, 1, 0]), once.clients)


def test_what_is_found_is_not_handed_out_and_the_rest_is() -> None:
    found = Found({"gone": HELD}, frozenset({2, 5}))
    after, reply = exchange(board(GONE), said("new", want=9), LAPSED, RULES, found)
    assert reply.tickets == (3, 4, 6)
    assert after.parts_done == 3


@pytest.mark.parametrize("again", [False, True])
def test_an_upload_of_which_the_last_parts_are_found_is_assembled(again: bool) -> None:
    here, found = board(GONE, parts=3), Found({"gone": (2, 3)}, frozenset({2, 3}))
    if again:
        here, _ = exchange(here, said("new", want=0), LAPSED, RULES)
    after, reply = exchange(here, said("new", want=9), LAPSED, RULES, found)
    assert (after.status, reply.tickets) == (Status.ASSEMBLING, ())


def test_a_client_that_comes_back_may_report_what_was_found() -> None:
    found = Found({"gone": HELD}, frozenset({2}))
    here, _ = exchange(board(GONE), said("new", want=1), LAPSED, RULES, found)
    after, reply = exchange(here, said("gone", done=(2,), holding=(5,)), LAPSED, RULES)
    row = after.client("gone")
    assert row is not None
    assert (row.parts, after.tickets[1], reply.revoked) == (2, 1, ())
    after, reply = exchange(here, said("gone", holding=(2, 5)), LAPSED, RULES)
    assert reply.revoked == (2,)


def test_without_findings_the_board_is_the_same_value() -> None:
    here = board(GONE)
    assert credited(here, NOTHING, LAPSED) is here
