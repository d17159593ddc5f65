from dataclasses import replace

import pytest

from chalicelib.domain.pace import BRISK_MS, JOIN_MS, PAUSED_MS, TAIL_MS, WAIT_MS
from chalicelib.domain.rescue import rescues
from chalicelib.domain.status import Event
from tests.unit.boards import RULES, Table, board_of


def test_a_client_alone_may_hold_what_keeps_it_busy_for_eight_seconds() -> None:
    assert len(Table(board_of(100)).exchange("a", want=50, rate=200).tickets) == 16


def test_a_client_whose_speed_is_unknown_gets_a_few() -> None:
    table = Table(board_of(100), replace(RULES, assumed_rate=10))
    assert len(table.exchange("a", want=50).tickets) == RULES.first_hold


def test_two_clients_share_what_is_left_by_their_speeds_and_half_of_it_at_most() -> None:
    table = Table(board_of(20))
    table.exchange("slow", want=1, rate=100)
    assert len(table.exchange("fast", want=50, rate=300).tickets) == 7


def test_holdings_shrink_to_one_ticket_as_the_end_comes_near() -> None:
    table = Table(board_of(64))
    table.exchange("b", want=1, rate=100)
    sizes = []
    while tickets := table.exchange("a", want=50, rate=100).tickets:
        sizes.append(len(tickets))
        table.exchange("a", done=tickets, want=0)
    assert sizes[0] == 8
    assert sizes[-1] == 1
    assert sizes == sorted(sizes, reverse=True)


def test_a_client_that_missed_its_heartbeat_no_longer_counts_as_help() -> None:
    table = Table(board_of(20))
    table.exchange("gone", want=1, rate=10_000)
    assert len(table.exchange("a", want=50, rate=400).tickets) == 1
    table.now += RULES.heartbeat_ms * 2
    assert len(table.exchange("b", want=50, rate=400).tickets) > 1


def tail(rate: int, parts: int = 4) -> Table:
    """A board whose last parts are all held by one client of this rate."""
    table = Table(board_of(parts))
    table.exchange("holder", want=parts, rate=rate)
    return table


def test_a_slow_holders_last_ticket_is_rescued_first() -> None:
    table = tail(rate=10)
    assert table.exchange("fast", want=2, rate=1_000).tickets[0] == 4


def test_a_holder_that_will_be_done_as_soon_is_left_alone() -> None:
    table = tail(rate=1_000)
    assert table.exchange("other", want=2, rate=1_000).tickets == ()


def test_a_slow_client_rescues_nothing_from_a_fast_one() -> None:
    assert tail(rate=1_000).exchange("slow", want=2, rate=10).tickets == ()


def test_no_ticket_has_three_holders() -> None:
    table = tail(rate=1, parts=1)
    assert table.exchange("b", want=1, rate=10).tickets == (1,)
    assert table.exchange("c", want=1, rate=10_000).tickets == ()


def test_nothing_is_rescued_while_open_tickets_are_left() -> None:
    table = Table(board_of(6))
    table.exchange("slow", want=4, rate=1)
    assert table.exchange("fast", want=1, rate=10_000).tickets == (5,)


def test_a_holder_silent_beyond_its_whole_queue_is_taken_for_lost_however_fast_it_was() -> None:
    table = tail(rate=1_000)
    table.now += 4 * 100 + 3_001
    assert table.exchange("slow", want=4, rate=10).tickets[0] == 1


def test_a_ticket_that_should_have_been_reported_long_ago_is_rescued() -> None:
    table = tail(rate=25)
    table.now += 4_000 + 6_001
    assert table.exchange("slow", want=1, rate=10).tickets == (1,)


def test_a_holder_that_talks_and_brings_nothing_does_not_hold_up_the_file_for_ever() -> None:
    table = tail(rate=1_000, parts=2)
    for _ in range(16):
        table.now += 2_000
        table.exchange("holder", holding=(1, 2), done=(), want=0, rate=1_000)
    assert table.exchange("other", want=2, rate=100).tickets == (1,)


def test_saying_again_what_is_done_does_not_pass_for_bringing_something() -> None:
    table = tail(rate=1_000, parts=2)
    table.exchange("holder", holding=(2,), done=(1,), want=0)
    for _ in range(16):
        table.now += 2_000
        table.exchange("holder", holding=(2,), done=(1,), want=0)
    assert table.exchange("other", want=1, rate=100).tickets == (2,)


def test_a_rescuer_takes_no_more_than_it_would_finish_sooner() -> None:
    table = tail(rate=50, parts=4)
    table.exchange("peer", want=0, rate=60)
    peer = table.board.client("peer")
    assert peer is not None
    assert list(rescues(table.board, peer, table.now, RULES)) == [4, 3]


@pytest.mark.parametrize(
    ("rate", "pace"), [(1_000, BRISK_MS), (10, 10_000), (1, RULES.heartbeat_ms)]
)
def test_pace_in_the_middle_is_once_a_part_but_neither_hectic_nor_dead(
    rate: int, pace: int
) -> None:
    assert Table(board_of(50)).exchange("a", want=4, rate=rate).next_exchange_ms == pace


def test_pace_is_quick_at_the_end() -> None:
    table = Table(board_of(5))
    table.exchange("a", want=4)
    assert table.exchange("b", want=1).next_exchange_ms == TAIL_MS
    assert table.exchange("c", want=1, rate=1).next_exchange_ms == WAIT_MS


def test_who_brought_the_last_part_hears_soon_whether_it_is_stored() -> None:
    table = Table(board_of(1))
    table.exchange("a", want=1)
    assert table.exchange("a", done=(1,), want=0).next_exchange_ms == JOIN_MS


def test_pace_is_slow_on_a_paused_board() -> None:
    table = Table(board_of(5))
    table.board = table.board.moved(Event.PAUSE)
    assert table.exchange("a").next_exchange_ms == PAUSED_MS


def test_a_crowd_is_asked_to_wait_longer() -> None:
    table = Table(board_of(1), replace(RULES, max_clients=100))
    for n in range(64):
        reply = table.exchange(f"client-{n}", want=1, rate=1)
    assert reply.next_exchange_ms == 4 * WAIT_MS
