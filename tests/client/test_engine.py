"""The engine, step by step: what it decides after what happened."""

from random import Random

import pytest

from manyhands.engine import happenings as hap
from manyhands.engine.engine import Engine, Who
from manyhands.engine.pace import Rules
from tests.client.engine_bench import MB, Bench, reply


def test_the_first_thing_is_to_ask_for_as_many_tickets_as_there_are_connections() -> None:
    bench = Bench()
    bench.on()
    assert (bench.asked.seq, bench.asked.want, bench.asked.holding) == (1, 2, [])


def test_tickets_start_on_free_connections_in_their_order() -> None:
    bench = Bench()
    bench.on()
    bench.answer(7, 3, 9)
    assert bench.started == [7, 3]
    bench.on(hap.Sent(7))
    assert bench.started == [9]


def test_what_is_sent_is_reported_until_an_exchange_was_answered() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, 2)
    bench.on(hap.Sent(1))
    assert (bench.asked.done, bench.asked.holding) == ([1], [2])
    bench.on(hap.Sent(2), hap.ExchangeFailed("lost"))
    bench.after(60)
    assert (bench.asked.done, bench.asked.seq) == ([1, 2], 3)
    bench.answer(3, 4)
    bench.on(hap.Sent(3))
    assert bench.asked.done == [3]


def test_one_exchange_is_under_way_at_a_time() -> None:
    bench = Bench()
    bench.on()
    bench.after(100)
    assert bench.silent
    assert bench.engine.wake_at() == float("inf")


def test_tickets_are_wanted_for_twelve_seconds_of_work() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, 2)
    bench.on(hap.Moved(0))
    bench.after(0.5, hap.Moved(MB // 2), hap.Sent(1))
    assert bench.engine.rate == MB
    assert bench.asked.want == 12 - 1


def test_no_more_is_asked_for_while_enough_is_not_begun() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, 2)
    bench.on(hap.Moved(0))
    bench.after(0.5, hap.Moved(MB // 2), hap.Sent(1))
    bench.answer(3, 4, 5, 6, 7, 8, 9)
    bench.on(hap.Sent(2))
    assert bench.silent


def test_what_is_sent_is_reported_within_seconds_even_if_nothing_is_wanted() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, 2)
    bench.on(hap.Moved(0))
    bench.after(0.5, hap.Moved(MB // 2), hap.Sent(1))
    bench.answer(3, 4, 5, 6, 7, 8, 9)
    bench.after(1, hap.Sent(2))
    assert bench.silent
    assert bench.engine.wake_at() == 8.5
    bench.after(7)
    assert bench.asked.done == [2]


def test_when_the_board_has_none_it_is_asked_again_only_after_news_or_in_time() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, next_exchange_s=2)
    bench.after(1)
    assert bench.silent
    assert bench.engine.wake_at() == 2
    bench.on(hap.Sent(1))
    assert bench.asked.done == [1]
    bench.answer(next_exchange_s=2)
    assert bench.silent
    bench.after(2)
    assert bench.asked.want == 2


def test_a_slow_line_uses_two_connections_however_many_are_allowed() -> None:
    bench = Bench(connections=6)
    bench.on()
    bench.answer(1, 2, 3, 4)
    assert bench.started == [1, 2]
    bench.on(hap.Moved(0))
    bench.after(2, hap.Moved(MB))
    assert bench.engine.rate == MB // 2
    assert bench.started == [3]


def test_who_got_less_than_it_wanted_asks_again_when_half_of_it_is_sent() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, 2)
    bench.on(hap.Moved(0))
    bench.after(0.5, hap.Moved(MB // 2), hap.Sent(1))
    bench.answer(3, 4, 5)
    bench.after(0.1, hap.Sent(2))
    assert bench.silent
    bench.after(0.1, hap.Sent(3))
    assert bench.asked.done == [2, 3]


def test_tickets_are_asked_for_many_at_once() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, 2)
    bench.on(hap.Moved(0))
    bench.after(1, hap.Moved(MB // 4), hap.Sent(1))
    assert bench.asked.want == 2
    bench.answer(3, 4)
    bench.after(0.1, hap.Sent(2))
    assert bench.silent
    bench.after(0.1, hap.Sent(3))
    assert bench.asked.want == 2


def test_a_heartbeat_comes_at_least_every_twenty_seconds() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, 2, next_exchange_s=500)
    assert bench.engine.wake_at() == 20


def test_a_revoked_ticket_is_stopped_and_named_no_more() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, 2, next_exchange_s=2)
    bench.after(2)
    bench.answer(revoked=(1,))
    assert hap.StopPut(1) in bench.decided
    bench.after(20, hap.PutFailed(1, hap.Failure.STOPPED))
    assert bench.asked.holding == [2]


def test_a_part_that_is_revoked_and_given_again_waits_until_its_connection_is_free() -> None:
    bench = Bench(connections=2)
    bench.on()
    bench.answer(1, next_exchange_s=2)
    bench.after(2)
    bench.answer(1, revoked=(1,))
    assert bench.started == []
    bench.on(hap.PutFailed(1, hap.Failure.STOPPED))
    assert bench.started == [1]


def test_a_stop_that_came_too_late_counts_for_no_ticket_that_came_since() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, next_exchange_s=2)
    bench.after(2)
    bench.answer(1, revoked=(1,))
    bench.on(hap.Sent(1))
    assert bench.started == [1], "it may have gone to the upload before it was begun anew"
    assert bench.engine.unreported == []
    bench.on(hap.Sent(1))
    assert bench.engine.unreported == [1]


@pytest.mark.parametrize("why", list(hap.Failure))
def test_a_failure_of_a_part_that_was_revoked_meanwhile_changes_nothing(why: hap.Failure) -> None:
    bench = Bench(refusals=1)
    bench.on()
    bench.answer(1, 2, 3, next_exchange_s=2)
    bench.after(2)
    bench.answer(revoked=(1,))
    bench.on(hap.PutFailed(1, why))
    assert bench.started == [3]
    assert bench.engine.wake_at() < 30


def test_a_goodbye_reports_and_gives_everything_back() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, 2, 3)
    bench.on(hap.Sent(1))
    goodbye = bench.engine.farewell()
    assert (goodbye.done, goodbye.holding, goodbye.want) == ([1], [], 0)
    assert goodbye.seq == 2


def test_at_rest_what_is_under_way_is_finished_reported_and_nothing_begun() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, 2, 3)
    assert bench.started == [1, 2]
    bench.on(hap.Rest())
    assert bench.started == []
    bench.on(hap.Sent(1))
    assert bench.started == []
    bench.on(hap.Sent(2))
    assert (bench.asked.done, bench.asked.holding, bench.asked.want) == ([1, 2], [], 0)
    assert bench.answer(4) == [hap.Rested()]
    assert bench.on() == []


def test_at_rest_without_the_board_one_does_not_wait_for_it() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1)
    bench.on(hap.Sent(1), hap.Rest())
    assert bench.on(hap.ExchangeFailed("no network"))[-1] == hap.Rested()


def test_what_an_earlier_process_sent_is_reported_first() -> None:
    engine = Engine(Who("client-1", "test", seq=40, sent=(5, 3)), MB, 16, Random(1), Rules())
    (asked,) = [d.request for d in engine.decide(0.0) if isinstance(d, hap.Exchange)]
    assert (asked.seq, asked.done, asked.holding) == (41, [3, 5], [])
    engine.handle(hap.Answered(reply()), 0.1)
    assert engine.unreported == []


def test_after_a_sleep_everything_is_tried_again_at_once() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, 2)
    bench.on(hap.PutFailed(1, hap.Failure.LINE), hap.ExchangeFailed("no network"))
    woken = bench.after(0.0, hap.Woke())
    assert hap.StopPut(2) in woken
    assert bench.started == [1], "the failed part waits no longer"
    bench.on(hap.PutFailed(2, hap.Failure.STOPPED))
    assert bench.started == [2], "and the other begins anew on a new connection"


def test_who_got_less_than_it_wanted_asks_as_soon_as_the_board_knows_more() -> None:
    bench = Bench()
    bench.on()
    bench.answer(next_exchange_s=2.0)
    assert bench.silent
    bench.on(hap.MoreKnown())
    assert bench.asked.want == 2
    bench.answer(1, 2)
    assert bench.silent


def test_news_of_digests_that_come_while_one_asks_are_not_lost() -> None:
    bench = Bench()
    bench.on()
    bench.on(hap.MoreKnown())
    assert bench.silent, "one exchange at a time"
    bench.answer(next_exchange_s=2.0)
    assert bench.asked.want == 2


def test_it_looks_soon_and_then_seldom_whether_the_parts_are_joined() -> None:
    bench = Bench(look_s=2.0, first_look_s=0.8)
    bench.on()
    bench.answer(status="assembling")
    waits = []
    for _ in range(7):
        waits.append(round(bench.engine.wake_at() - bench.now, 3))
        bench.now = bench.engine.wake_at()
        assert bench.on() == [hap.Look()]
        bench.on(hap.StatusSeen("assembling"))
    assert waits == [0.8, 1.2, 1.8, 2.0, 2.0, 2.0, 2.0]
