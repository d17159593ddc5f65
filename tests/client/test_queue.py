"""The queue: whose turn it is, what ends mean, wishes and signals from outside."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from manyhands.errors import (
    BadBinding,
    FileChanged,
    ManyhandsError,
    OutOfReach,
    Paused,
    Stopped,
    StoreUnusable,
    UploadEnded,
)
from manyhands.transfers.cycle import Event as Happening
from manyhands.transfers.cycle import State
from manyhands.transfers.queue import recover
from manyhands.transfers.shelf import Shelf, Transfer
from tests.client.hall import DONE, Hall


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    made = Hall(tmp_path)
    yield made
    made.queue.stop(15)
    made.join()


def test_one_after_the_other_in_the_order_of_the_shelf(hall: Hall) -> None:
    a, b, c = hall.put("a", "b", "c")
    hall.start(a, b, c)
    hall.until("a")
    hall.shelf.first(c)
    hall.scripts["a"].end()
    hall.until("a", "c")
    hall.scripts["c"].end()
    hall.until("a", "c", "b")
    hall.scripts["b"].end()
    hall.join()
    assert set(hall.states().values()) == {State.DONE}


def test_several_at_once_if_wanted(tmp_path: Path) -> None:
    hall = Hall(tmp_path, at_once=2)
    hall.start(*hall.put("a", "b", "c"))
    hall.until("a", "b")
    hall.scripts["b"].end()
    hall.until("a", "b", "c")
    for name in "ac":
        hall.scripts[name].end()
    hall.join()


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (FileChanged(), State.FAILED),
        (OutOfReach("no answer"), State.SUSPENDED),
        (Paused(), State.PAUSED),
        (UploadEnded("It was cancelled.", "cancelled"), State.CANCELLED),
        (UploadEnded("It has expired.", "expired"), State.FAILED),
        (ValueError("a defect"), State.FAILED),
    ],
)
def test_one_failure_does_not_touch_the_others(hall: Hall, error: Exception, state: State) -> None:
    hall.endings = {"bad": error, "good": DONE}
    hall.queue.run(hall.put("bad", "good"))
    assert hall.states() == {"bad": state, "good": State.DONE}
    bad, good = hall.results
    assert isinstance(bad.error, ManyhandsError)
    assert good.error is None


def test_a_wish_to_pause_is_heard_while_it_runs_and_while_it_waits(hall: Hall) -> None:
    a, b = hall.put("a", "b")
    hall.start(a, b)
    hall.until("a")
    hall.shelf.note(b, wish="pause")
    hall.shelf.note(a, wish="pause")
    hall.join()
    assert hall.begun == ["a"]
    assert hall.states() == {"a": State.PAUSED, "b": State.PAUSED}
    assert [each.wish for each in hall.shelf.all()] == ["", ""]


def test_a_wish_to_cancel_is_heard_while_it_waits_and_while_it_runs(hall: Hall) -> None:
    a, b = hall.put("a", "b")
    hall.start(a, b)
    hall.until("a")
    hall.shelf.note(b, wish="cancel")
    hall.shelf.note(a, wish="cancel")
    hall.join()
    assert hall.begun == ["a"]
    assert hall.states() == {"a": State.CANCELLED, "b": State.CANCELLED}
    assert [each.wish for each in hall.shelf.all()] == ["", ""]


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda shelf, id: shelf.note(id, wish="cancel"),
        lambda shelf, id: shelf.move(id, Happening.CANCEL),
        lambda shelf, id: shelf.remove(id),
    ],
    ids=["is being cancelled", "is cancelled", "is off the list"],
)
def test_who_rests_because_of_a_cancel_says_that_it_was_cancelled(
    hall: Hall, meanwhile: Callable[[Shelf, int], object]
) -> None:
    (a,) = hall.put("a")
    hall.start(a)
    hall.until("a")
    meanwhile(hall.shelf, a)
    hall.scripts["a"].rest()
    hall.join()
    (result,) = hall.results
    assert isinstance(result.error, UploadEnded)
    assert result.error.message.startswith("The upload was cancelled.")


@pytest.mark.parametrize("error", [OutOfReach("no answer"), Stopped(2), FileChanged(), Paused()])
def test_what_was_done_stays_done_when_nothing_comes_of_another_run(
    hall: Hall, error: Exception
) -> None:
    (a,) = hall.put("a")
    hall.endings["a"] = DONE
    hall.queue.run([a])
    hall.endings["a"] = error
    hall.queue.run([a])
    assert hall.states() == {"a": State.DONE}
    assert hall.results[-1].error is error


def test_what_was_done_stays_done_when_its_turn_never_comes(hall: Hall) -> None:
    a, b = hall.put("a", "b")
    hall.endings["b"] = DONE
    hall.queue.run([b])
    hall.start(a, b)
    hall.until("b", "a")
    hall.queue.stop(2)
    hall.join()
    assert hall.states() == {"a": State.SUSPENDED, "b": State.DONE}


def test_what_was_done_and_is_begun_anew_can_be_gone_on_with(hall: Hall) -> None:
    (a,) = hall.put("a")
    hall.endings["a"] = DONE
    hall.queue.run([a])
    hall.making["a"] = lambda: hall.shelf.note(a, upload="another", bytes_done=5)
    hall.endings["a"] = OutOfReach("no answer")
    hall.queue.run([a])
    assert hall.states() == {"a": State.SUSPENDED}


def test_a_signal_ends_all_and_what_waited_is_suspended(hall: Hall) -> None:
    hall.start(*hall.put("a", "b"))
    hall.until("a")
    hall.queue.stop(2)
    hall.join()
    assert hall.states() == {"a": State.SUSPENDED, "b": State.SUSPENDED}
    assert all(hall.locks.is_free(each.id) for each in hall.shelf.all())


def test_what_another_process_carries_is_left_to_it(hall: Hall) -> None:
    (a,) = hall.put("a")
    hall.shelf.move(a, Happening.RESUME)
    hall.shelf.move(a, Happening.START)
    held = hall.locks.of(a)
    assert held.acquire()
    hall.queue.run([a])
    assert (hall.begun, hall.states()) == ([], {"a": State.ONGOING})
    held.release()


def test_a_signal_that_comes_while_a_run_is_made_reaches_it(hall: Hall) -> None:
    hall.making["a"] = lambda: hall.queue.stop(15)
    hall.start(*hall.put("a"))
    hall.join()
    assert hall.states() == {"a": State.SUSPENDED}


def test_a_run_that_cannot_be_made_fails_alone(hall: Hall) -> None:
    def gone() -> None:
        raise BadBinding("wlan0 is gone.")

    hall.making["a"] = gone
    hall.endings["b"] = DONE
    ids = hall.put("a", "b")
    hall.queue.run(ids)
    assert hall.states() == {"a": State.FAILED, "b": State.DONE}
    assert isinstance(hall.results[0].error, BadBinding)
    assert hall.locks.is_free(ids[0])


def test_an_end_that_cannot_be_written_down_is_an_end_all_the_same(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreUnusable("The disk is full.")

    hall.start(*hall.put("a"))
    hall.until("a")
    monkeypatch.setattr(hall.shelf, "move", full)
    hall.scripts["a"].end()
    hall.join()
    assert isinstance(hall.results[0].error, StoreUnusable)


def test_whoever_only_looks_takes_nothing_away(hall: Hall) -> None:
    (a,) = hall.put("a")
    hall.endings["a"] = DONE
    looking = hall.locks.of(a)
    assert looking.acquire()
    threading.Timer(0.1, looking.release).start()
    hall.queue.run([a])
    assert hall.states() == {"a": State.DONE}


def test_what_ends_while_one_looks_for_the_killed_stays_as_it_ended(hall: Hall) -> None:
    (a,) = hall.put("a")
    hall.shelf.move(a, Happening.RESUME)
    hall.shelf.move(a, Happening.START)

    class Late(Shelf):
        """Its list is from before the end."""

        def all(self, *states: State) -> list[Transfer]:
            found = super().all(*states)
            if super().get(a).state is State.ONGOING:
                self.move(a, Happening.FINISH)
            return found

    late = Late(hall.shelf._database, "ana")
    recover(late, hall.locks)
    assert hall.states() == {"a": State.DONE}
