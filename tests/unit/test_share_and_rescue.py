from dataclasses import replace

import pytest

from chalicelib.domain.board import blank
from chalicelib.domain.pace import (
    BRISK_MS,
    JOIN_MS,
    LEAST_MS,
    PAUSED_MS,
    RISK,
    TAIL_MS,
    WAIT_MS,
)
from chalicelib.domain.parts import MIB, PartPlan
from chalicelib.domain.rescue import LOST_MS, Straggler, rescues, stragglers
from chalicelib.domain.share import SILENCE_MS
from chalicelib.domain.status import Event
from tests.unit.boards import BEN, RULES, Table, board_of


def test_a_client_alone_may_hold_what_keeps_it_busy_for_twelve_seconds() -> None:
    assert len(Table(board_of(100)).exchange("a", want=50, rate=195).tickets) == 24


def test_a_client_whose_speed_is_unknown_gets_a_few() -> None:
    table = Table(board_of(100), replace(RULES, assumed_rate=10))
    assert len(table.exchange("a", want=50).tickets) == RULES.first_hold


def test_two_clients_share_what_is_left_by_their_speeds_and_three_quarters_of_it_at_most() -> None:
    table = Table(board_of(20))
    table.exchange("slow", want=1, rate=100)
    assert len(table.exchange("fast", want=50, rate=300).tickets) == 11


def test_a_slow_clients_holdings_shrink_to_one_ticket_as_the_end_comes_near() -> None:
    table = Table(board_of(64))
    sizes = []
    for _ in range(60):
        table.exchange("b", want=1, rate=150)
        tickets = table.exchange("a", want=50, rate=40).tickets
        table.exchange("b", done=table.board.clients[0].held, want=0)
        table.exchange("a", done=tickets, want=0)
        sizes.append(len(tickets))
    taken = [size for size in sizes if size]
    assert taken[0] == 5
    assert taken[-1] == 1
    assert taken == sorted(taken, reverse=True)


def test_a_fast_client_holds_what_bridges_the_next_exchange_however_near_the_end_is() -> None:
    table = Table(board_of(5))
    table.exchange("slow", want=1, rate=10_000)
    assert len(table.exchange("fast", want=50, rate=100).tickets) == 3


@pytest.mark.parametrize("silent_ms", [RULES.heartbeat_ms * 2, SILENCE_MS + 11])
def test_who_missed_a_heartbeat_or_is_silent_beyond_its_queue_no_longer_counts_as_help(
    silent_ms: int,
) -> None:
    table = Table(board_of(100))
    table.exchange("gone", want=1, rate=10_000)
    assert len(table.exchange("a", want=50, rate=400).tickets) == 9
    table.now += silent_ms
    table.exchange("a", want=0)
    assert len(table.exchange("b", want=99, rate=400).tickets) == 37


def test_nothing_is_rescued_before_the_manifest_is_whole() -> None:
    table = Table(board_of(4, known=2))
    table.exchange("slow", want=2, rate=1)
    assert table.exchange("fast", want=2, rate=10_000).tickets == ()
    table.board = replace(table.board, known=4)
    assert table.exchange("fast", want=4, rate=10_000).tickets == (3, 4, 2, 1)


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


def test_nobody_gets_a_ticket_that_two_can_be_relied_on_for() -> None:
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


def test_what_a_fast_rescuer_holds_needs_no_third_though_its_first_holder_is_lost() -> None:
    table = tail(rate=1_000, parts=1)
    table.now += 100 + 3_001
    assert table.exchange("fast", want=1, rate=1_000).tickets == (1,)
    assert table.exchange("slow", want=1, rate=10).tickets == ()


def test_a_ticket_that_should_have_been_reported_long_ago_is_rescued() -> None:
    table = tail(rate=25)
    table.now += 4_000 + 6_001
    assert table.exchange("slow", want=1, rate=10).tickets == (1,)


def test_what_is_overdue_is_rescued_by_who_is_much_faster_and_by_nobody_else() -> None:
    table = tail(rate=25, parts=2)
    table.now += 4_100
    assert table.exchange("peer", want=2, rate=60).tickets == (2,)
    table.exchange("peer", want=0)
    assert table.exchange("fast", want=2, rate=1_000).tickets == (2, 1)


def test_a_holder_that_talks_and_brings_nothing_does_not_hold_up_the_file_for_ever() -> None:
    table = tail(rate=1_000, parts=2)
    for _ in range(16):
        table.now += 2_000
        table.exchange("holder", holding=(1, 2), done=(), want=0, rate=1_000)
    assert table.exchange("other", want=1, rate=100).tickets == (1,)


def test_saying_again_what_is_done_does_not_pass_for_bringing_something() -> None:
    table = tail(rate=1_000, parts=2)
    table.exchange("holder", holding=(2,), done=(1,), want=0)
    for _ in range(16):
        table.now += 2_000
        table.exchange("holder", holding=(2,), done=(1,), want=0)
    assert table.exchange("other", want=1, rate=100).tickets == (2,)


def heartbeats(table: Table, ms: int, *holders: tuple[str, int]) -> None:
    """They keep in touch for so long, hold part 1 and bring nothing, at the speed that they say."""
    for _ in range(ms // 2_000):
        table.now += 2_000
        for holder, rate in holders:
            table.exchange(holder, holding=(1,), want=0, rate=rate)


@pytest.mark.parametrize("slow", [1, 10**9])
def test_two_that_work_together_and_bring_nothing_lock_no_part(slow: int) -> None:
    table = tail(rate=1, parts=1)
    assert table.exchange("second", want=1, rate=10**9).tickets == (1,)
    heartbeats(table, 32_000, ("holder", slow), ("second", 10**9))
    assert table.exchange("honest", want=1, rate=100).tickets == (1,)
    assert table.exchange("honest", done=(1,), want=0).next_exchange_ms == JOIN_MS


def test_who_says_that_it_is_slow_is_excused_for_a_few_leases_and_not_for_years() -> None:
    table = tail(rate=1, parts=1)
    table.exchange("second", want=1, rate=10**9)
    both = ("holder", 1), ("second", 1)
    table.rules = replace(RULES, lease_ms=20_000)
    heartbeats(table, 80_000, *both)
    assert table.exchange("honest", want=1, rate=100).tickets == ()
    heartbeats(table, 32_000, *both)
    assert table.exchange("honest", want=1, rate=100).tickets == (1,)


def test_a_very_slow_client_that_is_rescued_keeps_what_it_holds_and_may_bring_it() -> None:
    table = Table(blank(PartPlan(2 * 5 * MIB, 5 * MIB), 2))
    table.exchange("slow", want=2, rate=30_000)
    for _ in range(370 // 10):
        table.now += 10_000
        assert table.exchange("slow", holding=(1, 2), want=0, rate=30_000).revoked == ()
    assert table.exchange("fast", want=1, rate=5_000_000).tickets == (2,)
    assert table.exchange("slow", holding=(2,), done=(1,), want=0).revoked == ()
    slow = table.board.client("slow")
    assert slow is not None
    assert (slow.parts, slow.held) == (1, (2,))


def test_a_slow_client_rescues_nothing_from_a_fast_one_that_begins_again_after_a_pause() -> None:
    table = tail(rate=1_000, parts=9)
    table.exchange("holder", done=tuple(range(1, 9)), want=0)
    table.now += 10_000
    table.exchange("holder", want=0)
    table.now += 60_000
    table.exchange("holder", want=9)
    table.now += 100
    assert table.exchange("slow", want=1, rate=10).tickets == ()


def test_time_without_tickets_is_left_out_and_time_with_them_adds_up() -> None:
    table = tail(rate=1_000, parts=1)
    for _ in range(9):
        heartbeats(table, 4_000, ("holder", 1_000))
        table.exchange("holder", want=0)
        table.now += 50_000
        table.exchange("holder", want=1)
    assert table.exchange("slow", want=1, rate=10).tickets == (1,)


@pytest.mark.parametrize("at_once", [True, False])
def test_to_drop_a_ticket_and_take_it_again_wins_no_time(at_once: bool) -> None:
    table = tail(rate=1_000, parts=2)
    for turn in range(16):
        table.now += 2_000
        if not at_once:
            table.exchange("holder", want=0)
        mine = (1 + turn % 2,) if at_once else ()
        table.exchange("holder", holding=mine, want=2)
    assert table.exchange("slow", want=1, rate=10).tickets == (1,)


def test_who_takes_over_from_themselves_under_a_new_id_wins_no_time() -> None:
    table = tail(rate=10**9, parts=1)
    for turn in range(16):
        table.now += 2_000
        table.exchange("holder" if turn == 0 else f"holder-{turn - 1}", want=0)
        table.exchange(f"holder-{turn}", want=1, rate=10**9)
    assert table.exchange("honest", want=1, rate=10, person=BEN).tickets == (1,)


def test_a_new_client_of_a_person_with_a_stuck_one_is_relied_on_once_it_brought_a_part() -> None:
    table = tail(rate=10**9, parts=3)
    heartbeats(table, 40_000, ("holder", 10**9))
    table.exchange("second", want=1, rate=1_000)
    assert [s.part for s in stragglers(table.board, table.now, RULES) if lost(s)] == [1, 2]
    table.exchange("second", done=(2,), want=1)
    assert [s.part for s in stragglers(table.board, table.now, RULES) if lost(s)] == [1]


def lost(straggler: Straggler) -> bool:
    return straggler.remaining_ms >= LOST_MS


def test_who_slept_beyond_its_lease_is_not_lost_when_it_is_back() -> None:
    table = tail(rate=1_000, parts=1)
    table.now += RULES.lease_ms + 1
    table.exchange("holder", holding=(1,), want=0)
    assert table.exchange("slow", want=1, rate=10).tickets == ()


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


def test_who_is_fast_for_what_is_left_reports_often_if_others_would_have_to_send_it_again() -> None:
    table = Table(board_of(600))
    table.exchange("other", want=1, rate=10)
    assert table.exchange("fast", want=1, rate=1_000).next_exchange_ms == 60_000 // RISK
    assert table.exchange("faster", want=1, rate=9_000).next_exchange_ms == LEAST_MS
    assert table.exchange("slow", want=1, rate=50).next_exchange_ms == BRISK_MS


def test_pace_is_quick_at_the_end() -> None:
    table = Table(board_of(5))
    table.exchange("a", want=4)
    assert table.exchange("b", want=1).next_exchange_ms == TAIL_MS
    assert table.exchange("b", holding=(5,), want=0, rate=20).next_exchange_ms == 5_000
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
