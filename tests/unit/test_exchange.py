from dataclasses import replace

import pytest

from chalicelib.domain.board import Board, Rules, reopened
from chalicelib.domain.errors import (
    BoardFull,
    ClientTaken,
    PartOutOfRange,
    StaleExchange,
    StruckOut,
    TicketNotTaken,
    TooManyHeld,
)
from chalicelib.domain.exchange import exchange
from chalicelib.domain.status import Event, Status
from tests.unit.boards import BEN, NOW, RULES, Table, board_of, said


def test_the_lowest_open_parts_are_handed_out_first_and_make_the_upload_active() -> None:
    table = Table(board_of(10))
    assert table.exchange("a", want=3).tickets == (1, 2, 3)
    assert table.board.status is Status.ACTIVE
    assert table.exchange("b", want=1).tickets == (4,)


def test_an_exchange_that_takes_nothing_leaves_the_upload_initialized() -> None:
    table = Table(board_of(3))
    assert table.exchange("a", want=0).tickets == ()
    assert table.board.status is Status.INITIALIZED


def test_a_claim_that_is_no_longer_named_is_open_again_at_once() -> None:
    table = Table(board_of(10))
    table.exchange("a", want=3)
    table.exchange("a", holding=(2,), want=0)
    assert table.exchange("b", want=2).tickets == (1, 3)


def test_done_parts_are_credited_to_the_client_that_brought_them() -> None:
    table = Table(board_of(3))
    table.exchange("a", want=2)
    table.exchange("a", done=(1, 2), want=0)
    me = table.board.client("a")
    assert me is not None
    assert (me.parts, me.bytes, me.held, me.delivered_at) == (2, 200, (), NOW)
    assert table.board.tickets == bytes([1, 1, 0])
    assert (table.board.parts_done, table.board.bytes_done) == (2, 200)


def test_done_may_be_said_again_and_counts_once() -> None:
    table = Table(board_of(3))
    table.exchange("a", want=2)
    table.exchange("a", done=(1, 1), holding=(2,), want=0)
    table.exchange("a", done=(1, 2), want=0)
    me = table.board.client("a")
    assert me is not None
    assert (me.parts, me.bytes) == (2, 200)


def test_done_is_welcome_after_the_lease_has_lapsed() -> None:
    table = Table(board_of(3))
    table.exchange("a", want=1)
    table.now += RULES.lease_ms + 1
    assert table.exchange("b", want=1).tickets == (1,)
    table.exchange("a", done=(1,), want=0)
    assert table.board.tickets[0] == 1
    assert table.exchange("b", holding=(1,), want=0).revoked == (1,)


def test_the_first_to_finish_a_rescued_part_is_credited_and_the_other_told() -> None:
    table = Table(board_of(1))
    table.exchange("slow", want=1, rate=1)
    assert table.exchange("fast", want=1, rate=10_000).tickets == (1,)
    table.exchange("fast", done=(1,), want=0)
    assert table.exchange("slow", holding=(1,), want=0).revoked == (1,)
    table.exchange("slow", done=(1,), want=0)
    assert [c.parts for c in table.board.clients] == [0, 1]


def test_parts_that_were_never_taken_cannot_be_done_and_nothing_changes() -> None:
    table = Table(board_of(3))
    table.exchange("a", want=1)
    before = table.board
    with pytest.raises(TicketNotTaken) as refused:
        table.exchange("a", done=(1, 3), want=0)
    assert refused.value.details == {"parts": [3]}
    assert table.board is before


@pytest.mark.parametrize("field", ["holding", "done"])
@pytest.mark.parametrize("part", [0, 4])
def test_parts_that_the_file_does_not_have_are_refused(field: str, part: int) -> None:
    with pytest.raises(PartOutOfRange):
        Table(board_of(3)).exchange("a", **{field: (part,)})


def test_naming_a_ticket_that_one_never_took_does_not_claim_it() -> None:
    table = Table(board_of(3))
    assert table.exchange("a", holding=(3,), want=0).revoked == (3,)
    assert list(table.board.open_parts(NOW, RULES)) == [1, 2, 3]


def test_holding_more_than_allowed_is_refused() -> None:
    table = Table(board_of(10), replace(RULES, max_held=2))
    with pytest.raises(TooManyHeld):
        table.exchange("a", holding=(1, 2, 3))


def test_no_client_is_given_more_than_allowed() -> None:
    table = Table(board_of(100), replace(RULES, max_held=5))
    assert len(table.exchange("a", want=100, rate=10**9).tickets) == 5


def test_only_parts_with_a_known_digest_are_handed_out() -> None:
    table = Table(board_of(10, known=2))
    assert table.exchange("a", want=4).tickets == (1, 2)
    table.board = replace(table.board, known=10)
    assert table.exchange("a", holding=(1, 2), want=2).tickets == (3, 4)


def test_the_last_done_part_makes_the_upload_assembling_in_the_same_step() -> None:
    table = Table(board_of(2))
    table.exchange("a", want=2)
    table.exchange("a", done=(1, 2), want=0)
    assert table.board.status is Status.ASSEMBLING


def test_a_board_whose_manifest_is_not_whole_is_not_finished() -> None:
    table = Table(board_of(2, known=1))
    table.exchange("a", want=1)
    table.exchange("a", done=(1,), want=0)
    assert table.board.status is Status.ACTIVE


def test_a_paused_board_hands_out_nothing_and_welcomes_what_is_in_flight() -> None:
    table = Table(board_of(2))
    table.exchange("a", want=2)
    table.board = table.board.moved(Event.PAUSE)
    reply = table.exchange("a", holding=(1, 2), want=4)
    assert (reply.tickets, reply.revoked) == ((), ())
    table.exchange("a", done=(1, 2), want=0)
    assert table.board.status is Status.PAUSED
    assert table.board.parts_done == 2


@pytest.mark.parametrize("event", [Event.CANCEL, Event.EXPIRE])
def test_an_ended_board_revokes_everything_and_does_not_change(event: Event) -> None:
    table = Table(board_of(3))
    table.exchange("a", want=2)
    table.board = before = table.board.moved(event)
    reply = table.exchange("a", holding=(1,), done=(2,), want=2)
    assert (reply.tickets, reply.revoked) == ((), (1,))
    assert table.board is before


def test_the_same_exchange_again_is_answered_again_and_changes_nothing() -> None:
    table = Table(board_of(10))
    first = table.exchange("a", want=2)
    before = table.board
    assert table.exchange("a", seq=1, want=2) == first
    assert table.board is before


def test_a_delayed_exchange_cannot_undo_a_later_one() -> None:
    table = Table(board_of(10))
    table.exchange("a", want=2)
    table.exchange("a", holding=(1, 2), want=0)
    before = table.board
    with pytest.raises(StaleExchange):
        table.exchange("a", seq=1, want=2)
    assert table.board is before


def test_a_lost_answer_costs_nothing_the_tickets_come_again() -> None:
    table = Table(board_of(10))
    table.exchange("a", want=2)
    assert table.exchange("a", want=2).tickets == (1, 2)


def test_a_lapsed_lease_is_taken_by_another_client_without_a_word() -> None:
    table = Table(board_of(2))
    table.exchange("a", want=2)
    assert list(table.board.open_parts(NOW + RULES.lease_ms, RULES)) == []
    assert list(table.board.open_parts(NOW + RULES.lease_ms + 1, RULES)) == [1, 2]
    table.now += RULES.lease_ms + 1
    assert table.exchange("b", want=2).tickets == (1, 2)


def test_who_comes_back_late_keeps_what_no_two_others_hold() -> None:
    table = Table(board_of(1))
    table.exchange("a", want=1)
    table.now += RULES.lease_ms + 1
    table.exchange("b", want=1)
    assert table.exchange("a", holding=(1,), want=0).revoked == ()
    table.now += RULES.lease_ms // 2
    table.exchange("b", holding=(1,), want=0)
    table.now += RULES.lease_ms // 2 + 1
    assert table.exchange("c", want=1, rate=10_000).tickets == (1,)
    assert table.exchange("a", holding=(1,), want=0).revoked == (1,)


def test_a_client_id_belongs_to_the_person_who_first_used_it() -> None:
    table = Table(board_of(2))
    table.exchange("a", want=1)
    with pytest.raises(ClientTaken):
        table.exchange("a", person=BEN)


def test_a_device_that_came_back_goes_on_in_its_own_place() -> None:
    table = Table(board_of(3))
    table.exchange("a", label="laptop", want=1)
    table.exchange("a", label="laptop", done=(1,), want=0)
    table.now += RULES.lease_ms + 1
    table.exchange("a2", label="laptop", want=1)
    (me,) = table.board.clients
    assert (me.number, me.id, me.parts) == (1, "a2", 1)


def test_two_living_clients_with_one_label_are_two() -> None:
    table = Table(board_of(3))
    table.exchange("a", label="laptop", want=1)
    table.exchange("a2", label="laptop", want=1)
    assert [c.number for c in table.board.clients] == [1, 2]


def test_a_full_board_admits_nobody_until_one_that_brought_nothing_is_gone() -> None:
    table = Table(board_of(5), replace(RULES, max_clients=2))
    table.exchange("a", want=1)
    table.exchange("a", done=(1,), want=0)
    table.exchange("b", want=1)
    with pytest.raises(BoardFull):
        table.exchange("c")
    table.now += RULES.lease_ms + 1
    table.exchange("c", want=0)
    assert {c.id: c.number for c in table.board.clients} == {"a": 1, "c": 2}


def finished(board: Board) -> Table:
    table = Table(board)
    table.exchange("a", want=9)
    table.exchange("a", done=tuple(range(1, board.plan.count + 1)), want=0)
    return table


def test_a_false_done_is_open_again_and_a_strike() -> None:
    table = finished(board_of(3))
    table.board = reopened(table.board, frozenset({2}))
    (me,) = table.board.clients
    assert table.board.status is Status.ACTIVE
    assert (me.strikes, me.parts, me.bytes) == (1, 2, 200)
    assert table.exchange("b", want=3).tickets == (2,)


def test_strikes_belong_to_the_person_so_a_new_client_id_sheds_none() -> None:
    table = finished(board_of(3))
    for _ in range(RULES.max_strikes):
        table.board = reopened(table.board, frozenset({1}))
        if table.board.strikes(table.board.clients[0].person) < RULES.max_strikes:
            table.exchange("a", want=1)
            table.exchange("a", done=(1,), want=0)
    with pytest.raises(StruckOut):
        table.exchange("new")
    assert table.exchange("honest", person=BEN, want=1).tickets == (1,)


def test_a_client_is_at_least_as_fast_as_its_last_report() -> None:
    table = Table(board_of(3))
    table.exchange("a", rate=500)
    table.exchange("a", rate=0)
    assert table.board.clients[0].rate == 500


def test_an_empty_file_is_one_ticket() -> None:
    table = Table(replace(board_of(1), plan=replace(board_of(1).plan, size=0)))
    assert table.exchange("a", want=1).tickets == (1,)
    table.exchange("a", done=(1,), want=0)
    assert table.board.status is Status.ASSEMBLING
    assert table.board.bytes_done == 0


def test_the_board_itself_is_never_changed_in_place() -> None:
    board = board_of(3)
    exchange(board, said(want=2), NOW, Rules())
    assert board == board_of(3)


def test_what_a_client_held_before_the_upload_was_begun_anew_is_revoked_before_it_is_given() -> (
    None
):
    anew = Table(board_of(3))
    first = anew.exchange("a", seq=7, holding=(1, 2), want=2)
    assert first.revoked == (1, 2)
    assert not set(first.tickets) & {1, 2}
    assert anew.exchange("a", seq=8, holding=first.tickets, want=2).tickets == (1, 2)
