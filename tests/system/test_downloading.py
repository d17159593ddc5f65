"""A download whose process is killed again and again, against the whole stack."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from local.demo.devices import Device, Spec
from local.stack import Stack
from tests.calls import PART

PATIENCE_S = 90.0


class Fetcher:
    """A process that downloads; ``events`` are those of its life so far."""

    def __init__(self, home: Path, upload: str, target: Path, rate: str) -> None:
        self._log = home / f"fetching-{time.monotonic_ns()}.jsonl"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.system.fetching", upload, str(target), rate],
                env=os.environ | {"MANYHANDS_HOME": str(home)},
                stdout=log,
                stdin=subprocess.DEVNULL,
            )

    def events(self, kind: str) -> list[dict[str, Any]]:
        whole = [line for line in self._log.read_text().splitlines(keepends=True) if "\n" in line]
        return [event for event in map(json.loads, whole) if event["event"] == kind]

    def kill_after(self, parts: int) -> set[int]:
        """SIGKILL once so many parts have arrived; returns those that had."""
        deadline = time.monotonic() + PATIENCE_S
        while len(self.events("part_fetched")) < parts:
            assert time.monotonic() < deadline
            assert self._process.poll() is None, "it ended too early"
            time.sleep(0.01)
        self._process.kill()
        self._process.wait()
        return self.fetched()

    def wait(self) -> int:
        return self._process.wait(PATIENCE_S)

    def fetched(self) -> set[int]:
        return {event["part"] for event in self.events("part_fetched")}


def test_a_download_that_is_killed_three_times_fetches_no_finished_part_twice(
    stack: Stack, tmp_path: Path
) -> None:
    source, target = tmp_path / "killed.bin", tmp_path / "there" / "copy.bin"
    source.write_bytes(os.urandom(60_000_000))
    target.parent.mkdir()
    device = Device(Spec("laptop", "ana", "200M"), stack.url, tmp_path)
    device.start(source, "film")
    assert device.wait(PATIENCE_S) == 0, device.complaint()
    upload = next(e for e in device.events() if e["event"] == "opened")["upload"]
    finished: set[int] = set()
    for _ in range(3):
        fetcher = Fetcher(tmp_path / "laptop", upload, target, "12M")
        new = fetcher.kill_after(2)
        assert not new & finished
        finished |= new
        assert not target.exists()
    last = Fetcher(tmp_path / "laptop", upload, target, "100M")
    assert last.wait() == 0
    (ended,) = last.events("downloaded")
    assert not last.fetched() & finished
    assert (
        last.fetched() | finished == set(range(1, 13)) == set(range(1, -(-60_000_000 // PART) + 1))
    )
    assert ended["own_parts"] == 12 - len(finished)
    assert target.read_bytes() == source.read_bytes()
    assert list(target.parent.iterdir()) == [target]
