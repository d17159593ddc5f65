"""The real command line downloads through a line, a storage and an API that fail in many ways."""

import shlex
import subprocess
from pathlib import Path

import pytest

from tests.calls import Caller, Device, File
from tests.faults.conftest import Behind
from tests.faults.faults import Fault, Rate, SlowFirstByte
from tests.faults.table import GET_HANGS, OF_A_CALL, OF_A_GET
from tests.system.terminal import Command, Terminal

PARTS = 4
GETS = "response-content-disposition"
"""In the URLs by which parts are fetched, and in no other."""


@pytest.fixture
def stored(behind: Behind, ana: Caller) -> tuple[str, File]:
    """An upload's id, and the file that it stored."""
    file = File.of(int(PARTS * 5 * 2**20 - 1000), name="stored.mov")
    upload = str(ana.post("/uploads", file.described()).body["upload"]["id"])
    device = Device(ana, upload)
    device.send_all(file)
    behind.storage.clear()
    for _ in range(200):
        if ana.get(f"/uploads/{upload}").body["upload"]["status"] == "complete":
            return upload, file
    raise AssertionError("it was not joined")


def downloaded(terminal: Terminal, upload: str, file: File, to: Path) -> Command:
    run = terminal.run("download", upload, "-o", str(to), "--json")
    assert to.read_bytes() == file.body
    assert sorted(run.parts("part_fetched")) == list(range(1, PARTS + 1))
    assert list(to.parent.iterdir()) == [to], "nothing else is left"
    return run


@pytest.fixture
def to(tmp_path: Path) -> Path:
    folder = tmp_path / "downloads"
    folder.mkdir()
    return folder / "copy.mov"


@pytest.mark.parametrize("fault", OF_A_GET.values(), ids=OF_A_GET.keys())
def test_whatever_befalls_a_part_the_file_comes_right(
    behind: Behind, terminal: Terminal, stored: tuple[str, File], to: Path, fault: Fault
) -> None:
    plan = behind.storage.plan(fault, target=GETS, times=2)
    downloaded(terminal, *stored, to)
    assert len(plan.met) == 2


def test_lines_that_hang_are_left_and_their_parts_fetched_anew(
    behind: Behind, terminal: Terminal, stored: tuple[str, File], to: Path
) -> None:
    plans = [behind.storage.plan(fault, target=GETS) for fault in GET_HANGS.values()]
    downloaded(terminal, *stored, to)
    assert all(plan.met for plan in plans)


@pytest.mark.parametrize("fault", [SlowFirstByte(3), Rate(3e6)], ids=["late answer", "slow line"])
def test_slowness_alone_fetches_nothing_twice(
    behind: Behind, terminal: Terminal, stored: tuple[str, File], to: Path, fault: Fault
) -> None:
    behind.storage.plan(fault, target=GETS, times=3)
    run = downloaded(terminal, *stored, to)
    assert sum(GETS in target for _, target in behind.storage.requests) == PARTS
    assert not run.events("retry")


@pytest.mark.parametrize("fault", OF_A_CALL.values(), ids=OF_A_CALL.keys())
def test_whatever_befalls_a_call_the_file_comes_right(
    behind: Behind, terminal: Terminal, stored: tuple[str, File], to: Path, fault: Fault
) -> None:
    plans = [
        behind.api.plan(fault, method="GET", target="/manifest/"),
        behind.api.plan(fault, method="GET", target="/download"),
    ]
    downloaded(terminal, *stored, to)
    assert [len(plan.met) for plan in plans] == [1, 1]


def test_a_full_disk_is_said_and_with_more_room_it_goes_on(
    behind: Behind, stored: tuple[str, File], tmp_path: Path
) -> None:
    upload, _ = stored
    disk = tmp_path / "disk"
    disk.mkdir()
    small = Terminal(behind.url, "ana", tmp_path / "home", via=a_disk_of(12, disk))
    full = small.run("download", upload, "-o", str(disk / "copy.mov"), code=1)
    assert "There is not enough room" in full.err
    assert small.states() == ["failed"]
    large = Terminal(behind.url, "ana", tmp_path / "home", via=a_disk_of(64, disk))
    again = large.run("resume", "1", "--json")
    assert len(again.parts("part_fetched")) == PARTS
    assert large.states() == ["done"]


def a_disk_of(megabytes: int, at: Path) -> list[str]:
    """A small disk there for one command, in a namespace of its own."""
    script = f'mount -t tmpfs -o size={megabytes}m none {shlex.quote(str(at))} && "$@"'
    via = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
    probe = subprocess.run([*via, "true"], capture_output=True, text=True)
    if probe.returncode:
        pytest.skip(f"this system makes no small disk: {probe.stderr.strip()}")
    return via
