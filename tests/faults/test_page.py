"""The real page in a real browser, with a storage and an API that fail, part after part."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.stored import find, is_stored
from tests.calls import Caller
from tests.faults.conftest import Behind, puts
from tests.faults.table import OF_A_CALL, OF_A_PUT, PUT_HANGS
from tests.visitor import Visitor, visiting

Make = Callable[[float], Path]


@pytest.fixture
def visitor(browser: Browser, behind: Behind) -> Iterator[Visitor]:
    with visiting(browser, behind.url) as visit:
        come = visit()
        come.forgive("Failed to load resource", "has been blocked by CORS")
        come.sign_in("Ana")
        yield come


def uploaded(visitor: Visitor, file: Path, ana: Caller) -> None:
    visitor.upload(file)
    visitor.shows("film.mov", "stored", timeout_s=60)
    assert is_stored(ana, find(ana, "film", "film.mov"), file)


def test_whatever_befalls_its_parts_they_are_sent_again_and_stored_right(
    behind: Behind, visitor: Visitor, ana: Caller, a_file: Make
) -> None:
    parts = len(OF_A_PUT)
    plans = [behind.storage.plan(f, method="PUT", target="partNumber") for f in OF_A_PUT.values()]
    uploaded(visitor, a_file(parts), ana)
    assert all(plan.met for plan in plans)
    assert puts(behind.storage) <= 2 * parts, "no part is sent again but those that failed"


def test_lines_that_hang_are_left_and_their_parts_sent_anew(
    behind: Behind, visitor: Visitor, ana: Caller, a_file: Make
) -> None:
    hang = PUT_HANGS["black hole in the middle"]
    plan = behind.storage.plan(hang, method="PUT", target="partNumber")
    uploaded(visitor, a_file(4), ana)
    assert plan.met
    assert puts(behind.storage) == 5


def test_whatever_befalls_its_calls_nothing_is_lost_and_no_part_is_sent_twice(
    behind: Behind, visitor: Visitor, ana: Caller, a_file: Make
) -> None:
    faults = list(OF_A_CALL.values())
    plans = [behind.api.plan(f, method="POST", target="/api/uploads") for f in faults[:3]]
    for between, fault in enumerate(faults):
        plans.append(behind.api.plan(fault, method="POST", target="/tickets", skip=between))
    visitor.throttle(4)
    uploaded(visitor, a_file(8), ana)
    assert sum(bool(plan.met) for plan in plans) >= 6
    assert puts(behind.storage) == 8
