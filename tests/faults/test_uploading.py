"""The real command line uploads through a line, a storage and an API that fail in many ways."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.stored import is_stored
from tests.calls import Caller
from tests.faults.conftest import Behind, puts
from tests.faults.faults import Fault, Rate, SlowFirstByte
from tests.faults.table import OF_A_CALL, OF_A_PUT, PUT_HANGS
from tests.system.terminal import Command, Terminal

Make = Callable[[float], Path]
PARTS = 4


def uploaded(terminal: Terminal, file: Path, ana: Caller, parts: int = PARTS) -> Command:
    run = terminal.run("upload", str(file), "--group", "film", "--json")
    assert is_stored(ana, str(run.events("ended")[0]["upload"]), file)
    assert sorted(run.parts()) == list(range(1, parts + 1)), "each part counted once"
    return run


@pytest.mark.parametrize("fault", OF_A_PUT.values(), ids=OF_A_PUT.keys())
def test_whatever_befalls_a_part_it_is_sent_again_and_stored_right(
    behind: Behind, terminal: Terminal, ana: Caller, a_file: Make, fault: Fault
) -> None:
    plan = behind.storage.plan(fault, method="PUT", target="partNumber", times=2)
    uploaded(terminal, a_file(PARTS), ana)
    assert len(plan.met) == 2
    assert puts(behind.storage) <= PARTS + 2 + 1, "no part is sent again but those"


def test_lines_that_hang_are_left_and_their_parts_sent_anew(
    behind: Behind, terminal: Terminal, ana: Caller, a_file: Make
) -> None:
    plans = [
        behind.storage.plan(fault, method="PUT", target="partNumber")
        for fault in PUT_HANGS.values()
    ]
    uploaded(terminal, a_file(PARTS), ana)
    assert all(plan.met for plan in plans)
    assert puts(behind.storage) == PARTS + len(plans)


@pytest.mark.parametrize("fault", [SlowFirstByte(3), Rate(3e6)], ids=["late answer", "slow line"])
def test_slowness_alone_sends_nothing_twice(
    behind: Behind, terminal: Terminal, ana: Caller, a_file: Make, fault: Fault
) -> None:
    plan = behind.storage.plan(fault, method="PUT", target="partNumber", times=3)
    run = uploaded(terminal, a_file(PARTS), ana)
    assert len(plan.met) == 3
    assert puts(behind.storage) == PARTS
    assert not run.events("retry")


@pytest.mark.parametrize("fault", OF_A_CALL.values(), ids=OF_A_CALL.keys())
def test_whatever_befalls_a_call_nothing_is_lost_and_no_part_is_sent_twice(
    behind: Behind, terminal: Terminal, ana: Caller, a_file: Make, fault: Fault
) -> None:
    plans = [
        behind.api.plan(fault, method="POST", target="/tickets", times=2),
        behind.api.plan(fault, method="POST", target="/api/uploads"),
        behind.api.plan(fault, method="GET", target="/api/me"),
    ]
    uploaded(terminal, a_file(PARTS), ana)
    assert [len(plan.met) for plan in plans] == [2, 1, 1]
    assert puts(behind.storage) == PARTS
