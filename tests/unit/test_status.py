from itertools import product

import pytest

from chalicelib.domain.errors import WrongStatus
from chalicelib.domain.status import ENDED, LIVE, OPEN, TRANSITIONS, WORKING, Event, Status, after


def test_the_table_names_every_status() -> None:
    assert set(TRANSITIONS) == set(Status)


def test_every_status_can_be_reached_from_the_first() -> None:
    reached, new = set(), {Status.INITIALIZED}
    while new:
        reached |= new
        new = {s for r in new for s in TRANSITIONS[r].values()} - reached
    assert reached == set(Status)


@pytest.mark.parametrize(("status", "event"), list(product(Status, Event)))
def test_what_is_not_in_the_table_is_refused_by_name(status: Status, event: Event) -> None:
    if event in TRANSITIONS[status]:
        assert after(status, event) is TRANSITIONS[status][event]
        return
    with pytest.raises(WrongStatus) as refused:
        after(status, event)
    assert status.value in refused.value.message
    assert event.value in refused.value.message


def test_open_complete_and_ended_are_all_there_is() -> None:
    assert OPEN | ENDED | {Status.COMPLETE} == set(Status)
    assert not OPEN & ENDED
    assert WORKING < LIVE < OPEN


def test_only_the_end_of_something_lets_it_begin_again() -> None:
    assert {s for s in Status if Event.CREATE in TRANSITIONS[s]} == ENDED
