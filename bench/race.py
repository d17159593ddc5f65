"""Devices that upload one file together, each a process behind its own line, and the scene's turns.

The clock runs from the start of the first program to the moment at which the first of them says
that the file is stored, and everything lies within: starting Python, hashing, creating the upload,
joining the parts. Somebody who waits for the file sees just that. Apart from it stands the time
from the first byte at the storage to the last, which is what the exchange of tickets answers for.
"""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.carried import received
from bench.line import Line
from bench.peers import ROOT
from bench.scenes import Change, Scene, changes, ideal_s, seen_from
from bench.servers import Served
from bench.setting import environment, file_of, sign_in

LOOK_S = 0.02
PART = 5 * 2**20
LONGEST, AT_LEAST_S = 6, 60.0
"""A run is given up after so many times its ideal, and not before so many seconds."""
GOODBYE_S = 5.0


@dataclass(frozen=True, slots=True)
class Device:
    """``rate``: what its line was measured to carry, in bytes a second."""

    name: str
    line: Line
    megabits: float
    rate: float
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Result:
    """``efficiency`` of the whole; ``carrying`` from the first byte to the last.

    ``start_s``: until the first byte; ``end_s``: from the last one until it is stored.
    ``sent``: bytes that arrived at the storage, of parts that broke off too.
    """

    scene: Scene
    seconds: float
    efficiency: float
    carrying: float
    start_s: float
    end_s: float
    sent: int
    calls: int
    parts: int
    error: str = ""


def device(name: str, line: Line, megabits: float, rate: float, board: str, home: Path) -> Device:
    """Signed in; ``home`` is all that it remembers."""
    home.mkdir(parents=True, exist_ok=True)
    own = environment({}, {"folder": str(home), "trust": ""})
    sign_in(board, own, line.command())
    return Device(name, line, megabits, rate, own)


class Carrying:
    """When the first and the last byte of a run came to the storage, in seconds of its clock."""

    def __init__(self, storage: str) -> None:
        self._storage, self._count = storage, received(storage)
        self.first_s = self.last_s = 0.0

    @property
    def seconds(self) -> float:
        return max(LOOK_S, self.last_s - self.first_s)

    def look(self, now_s: float) -> None:
        count = received(self._storage)
        if count != self._count:
            self.first_s = self.first_s or now_s
            self._count, self.last_s = count, now_s


@dataclass
class Race:
    """One run of one scene."""

    scene: Scene
    devices: Sequence[Device]
    storage: Served
    board: Served
    key: str
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def run(self) -> Result:
        path = file_of(self.scene.mib * 2**20)
        size = path.stat().st_size
        rates = {each.name: each.rate for each in self.devices}
        course = changes(self.scene, rates)
        sent, calls = received(self.storage.url), self.board.ask()
        ideal, carrying = ideal_s(size, course), Carrying(self.storage.url)
        try:
            seconds, error = self._go(path, course, max(AT_LEAST_S, ideal * LONGEST), carrying)
        finally:
            self._end()
        sent, calls = received(self.storage.url) - sent, self.board.ask() - calls
        return Result(
            scene=self.scene,
            seconds=seconds,
            efficiency=ideal / seconds,
            carrying=ideal_s(size, seen_from(course, carrying.first_s)) / carrying.seconds,
            start_s=carrying.first_s,
            end_s=seconds - carrying.last_s,
            sent=sent,
            calls=calls,
            parts=-(-size // PART),
            error=error,
        )

    def _go(
        self, path: Path, course: Sequence[Change], longest_s: float, carrying: "Carrying"
    ) -> tuple[float, str]:
        waiting, began = list(course), time.monotonic()
        while (spent := time.monotonic() - began) < longest_s:
            while waiting and waiting[0].at_s <= spent:
                self._turn(waiting.pop(0), path)
            codes = [process.poll() for process in self._running.values()]
            if 0 in codes:
                return time.monotonic() - began, ""
            if any(codes):
                return spent, f"a device ended with {codes}"
            carrying.look(spent)
            time.sleep(LOOK_S)
        return longest_s, "not stored in time"

    def _turn(self, change: Change, path: Path) -> None:
        device = next(each for each in self.devices if each.name == change.device)
        if change.rate == 0:
            self._running.pop(device.name).kill()
        elif device.name in self._running:
            device.line.shape(device.megabits * change.rate / device.rate)
        else:
            self._running[device.name] = self._start(device, path)

    def _start(self, device: Device, path: Path) -> subprocess.Popen[bytes]:
        """Bound to its line's address, which in a namespace is the only one anyway."""
        upload = ("upload", str(path), "--name", self.key, "--quiet")
        bound = ("--bind", device.line.address)
        return subprocess.Popen(
            device.line.command(sys.executable, "-m", "manyhands", *upload, *bound),
            env=device.environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _end(self) -> None:
        """The others hear of it within seconds; then every line is again as it was."""
        for process in self._running.values():
            try:
                process.wait(GOODBYE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for device in self.devices:
            device.line.shape(device.megabits)
