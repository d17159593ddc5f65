"""The engine in trouble: pauses, failures, ends, and what it gives back."""

import pytest

from manyhands.engine import happenings as hap
from manyhands.errors import OutOfReach, StorageRefused
from tests.client.engine_bench import Bench


def test_a_pause_gives_back_what_is_not_begun_and_lets_the_rest_finish() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, 2, 3, next_exchange_s=2)
    bench.after(2)
    bench.answer(status="paused", next_exchange_s=10)
    assert bench.decided == [hap.Turned("active", "paused")]
    bench.on(hap.Sent(1))
    assert bench.started == []
    bench.on(hap.Sent(2))
    assert (bench.asked.done, bench.asked.holding) == ([1, 2], [])
    bench.answer(4, 5, status="active")
    assert bench.started == [4, 5]


def test_a_part_that_fails_during_a_pause_is_given_back() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, next_exchange_s=2)
    bench.after(2)
    bench.answer(status="paused")
    bench.after(20, hap.PutFailed(1, hap.Failure.LINE))
    assert bench.asked.holding == []


def test_a_failed_part_waits_and_is_tried_again() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, 2)
    (retry,) = bench.on(hap.PutFailed(1, hap.Failure.LINE, "reset"))
    assert isinstance(retry, hap.Retry)
    assert 0 <= retry.wait_s <= 0.5
    bench.after(retry.wait_s)
    assert bench.started == [1]


def test_a_part_that_keeps_failing_is_given_back() -> None:
    bench = Bench(tries=3, connections=1)
    bench.on()
    bench.answer(1)
    for _ in range(2):
        bench.on(hap.PutFailed(1, hap.Failure.LINE))
        bench.after(2)
        assert bench.started == [1]
    bench.on(hap.PutFailed(1, hap.Failure.LINE))
    assert bench.asked.holding == []


def test_an_expired_url_costs_no_try_and_takes_all_as_old_with_it() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, 2, 3, 4)
    bench.on(hap.PutFailed(1, hap.Failure.EXPIRED))
    assert bench.asked.holding == [2]
    bench.answer(1)
    assert bench.started == [1]


def test_a_ticket_too_old_to_start_is_named_no_more() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, 2, 3, expires_s=10)
    bench.after(15, hap.Sent(1))
    assert bench.started == []
    assert bench.asked.holding == [2]


def test_all_in_stops_everything_and_looks_until_it_is_stored() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, next_exchange_s=2)
    bench.after(2)
    bench.answer(status="assembling")
    assert bench.decided == [hap.Turned("active", "assembling"), hap.StopPut(1)]
    assert bench.after(20, hap.PutFailed(1, hap.Failure.STOPPED)) == [hap.Look()]
    assert bench.after(20) == []
    bench.on(hap.StatusSeen("assembling"))
    assert bench.after(2) == [hap.Look()]
    bench.on(hap.StatusSeen("complete"))
    assert bench.decided == [hap.Turned("assembling", "complete"), hap.End("complete")]
    assert bench.after(1000) == []


def test_after_a_sleep_the_look_that_is_under_way_is_waited_for() -> None:
    bench = Bench()
    bench.on()
    bench.answer(status="assembling")
    assert bench.after(20) == [hap.Look()]
    assert bench.on(hap.Woke()) == []
    bench.on(hap.ExchangeFailed("the connection was a dead one"))
    assert bench.on(hap.Woke()) == [hap.Look()]


def test_parts_that_the_storage_turned_out_to_lack_are_taken_up_again() -> None:
    bench = Bench()
    bench.on()
    bench.answer(status="assembling")
    bench.after(20)
    bench.on(hap.StatusSeen("active"))
    assert bench.asked.want == 2


@pytest.mark.parametrize("status", ["cancelled", "expired", "failed", "deleted", "complete"])
def test_an_ended_upload_stops_all_puts(status: str) -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, 2, next_exchange_s=2)
    bench.after(2)
    bench.answer(status=status)
    assert [d for d in bench.decided if isinstance(d, hap.StopPut)] == [
        hap.StopPut(1),
        hap.StopPut(2),
    ]
    assert bench.decided[-1] == hap.End(status)


def test_a_status_of_a_newer_server_is_waited_through() -> None:
    bench = Bench()
    bench.on()
    bench.answer(status="quarantined", next_exchange_s=3)
    bench.after(3)
    assert not bench.silent


def test_a_failed_exchange_waits_at_least_as_long_as_the_server_said() -> None:
    bench = Bench()
    bench.on()
    (retry,) = bench.on(hap.ExchangeFailed("busy", at_least_s=7))
    assert isinstance(retry, hap.Retry)
    assert retry.wait_s == 7
    bench.after(6.9)
    assert bench.silent
    bench.after(0.1)
    assert bench.asked.seq == 2


def test_parts_that_are_not_ours_to_report_are_forgotten() -> None:
    bench = Bench()
    bench.on()
    bench.answer(1, 2)
    bench.on(hap.Sent(1))
    bench.on(hap.Disowned((1,)))
    assert bench.asked.done == []


def test_no_success_for_a_quarter_of_an_hour_ends_the_run() -> None:
    bench = Bench()
    bench.on()
    bench.on(hap.ExchangeFailed("no network"))
    bench.after(30)
    bench.after(871, hap.ExchangeFailed("no network"))
    (end,) = [d for d in bench.decided if isinstance(d, hap.GiveUp)]
    assert isinstance(end.error, OutOfReach)


def test_a_storage_that_only_refuses_ends_the_run_with_what_it_said() -> None:
    bench = Bench(refusals=3, connections=1, tries=9)
    bench.on()
    bench.answer(1)
    for _ in range(3):
        bench.after(20, hap.PutFailed(1, hap.Failure.REFUSED, "400 NoSuchUpload"))
        bench.after(20)
    bench.on()
    assert bench.engine.wake_at() == float("inf")


def test_the_reason_of_the_storage_is_told() -> None:
    bench = Bench(refusals=1)
    bench.on()
    bench.answer(1)
    bench.on(hap.PutFailed(1, hap.Failure.REFUSED, "400 NoSuchUpload"))
    (end,) = [d for d in bench.decided if isinstance(d, hap.GiveUp)]
    assert isinstance(end.error, StorageRefused)
    assert "400 NoSuchUpload" in end.error.message
