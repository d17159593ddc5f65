"""The life of a device's program: it begins, opens the upload, ends by itself or is killed.

What remains of a killed one is what the journal keeps, its name, a number of its exchanges and the
parts that it sent and did not report; or nothing, and it comes back under a new name. PUTs that
were under way may land long after.
"""

from typing import Any

from chalicelib.domain.uploads import Upload
from chalicelib.ports import Caller
from chalicelib.service.boards import take
from chalicelib.service.creating import create
from chalicelib.service.uploads import looked_at
from manyhands.engine.engine import Engine
from tests.simulation.answers import Answer
from tests.simulation.files import File, new_file
from tests.simulation.line import OUT_OF_REACH, Request
from tests.simulation.sending import LANDS_MS, Put, Sending

AWAY_MS = (1_000, 10_000, 100_000, 1_200_000, 2 * 86_400_000, 8 * 86_400_000)


class Life(Sending):
    """``helps``: it was given the upload's id instead of creating or joining by its file."""

    honest = True
    opened: Any
    _asked: Any

    def __init__(self, world: Any, name: str, caller: Caller, file: File, helps: str = "") -> None:
        self.world, self.name, self.caller, self.file, self.helps = world, name, caller, file, helps
        self.speed, self.latency = 25, 50
        self.life, self.births = 0, 0
        self.up = self.happy = self.out = False
        self.client, self.seq = "", 0
        self.sent: set[int] = set()
        self.checksum = ""
        self.engine: Engine | None = None
        self.puts: dict[int, Put] = {}
        self.id = ""
        self.generation = 0
        self.answer = Answer()
        self.exchanges = self.starts = 0

    # ---- life ----------------------------------------------------------------------------------

    def begin(self, life: int) -> None:
        """Start the program, unless it runs or is not wanted any more."""
        if self.up or self.happy or self.out or life != self.life:
            return
        self.up = True
        if not self.client:
            self.births += 1
            self.client = f"{self.name}-{self.births}"
        self.open()

    def open(self) -> None:
        if self.helps:
            Request(self, "look", looked_at, (self.caller, self.helps), self.found)
        else:
            wanted = new_file(self.file, self.world.group, self.checksum)
            Request(self, "create", create, (self.caller, wanted), self.created)

    def end(self) -> None:
        """The process is gone, however."""
        self.life += 1
        self.up, self.engine = False, None
        for put in self.puts.values():
            put.gone = True
        self.puts.clear()

    def crash(self) -> None:
        world = self.world
        if self.engine:
            self.seq = self.engine.seq
        self.let_land()
        self.end()
        if world.byte() % 3 == 2:
            self.client, self.seq = "", 0
            self.sent.clear()
        self.later(world.away_ms())

    def let_land(self) -> None:
        """What is under way may still arrive, and nobody hears of it."""
        world = self.world
        for put in self.puts.values():
            if world.byte() & 1:
                world.at(world.now + world.tape.one_of(LANDS_MS), self.land, put)

    def later(self, ms: int) -> None:
        self.world.at(self.world.now + ms, self.begin, self.life)

    def leave(self, out: bool = False) -> None:
        """End by itself, for good if ``out``, with a goodbye as the program says it."""
        if self.engine:
            self.seq = self.engine.seq + 1
            request = self._asked(self.engine.farewell())
            self.let_land()
            world = self.world
            world.server.start("goodbye", take, (self.caller, self.id, request), _nobody, None)
        self.end()
        if out:
            self.out = True
            self.world.finished()

    # ---- opening -------------------------------------------------------------------------------

    def created(self, outcome: Any) -> None:
        if isinstance(outcome, tuple):
            self.opened(outcome[1])
        else:
            self.refused(outcome)

    def found(self, outcome: Any) -> None:
        if not isinstance(outcome, Upload):
            return self.refused(outcome)
        if outcome.plan.size != self.file.size or self._samples_differ(outcome):
            self.world.seen["file differs"] += 1
            return self.leave(out=True)
        return self.opened(outcome)

    def _samples_differ(self, upload: Upload) -> bool:
        """The first, a middle and the last known part; read directly, for brevity."""
        manifest = self.world.server.manifests.peek(upload.id, upload.generation)
        known = len(manifest) // 32
        samples = {1, (known + 1) // 2, known} - {0}
        mine = self.file.bodies
        return any(manifest[32 * (n - 1) : 32 * n] != mine[n - 1].digest for n in samples)

    def refused(self, outcome: Any) -> None:
        """The person runs the command again after a while, unless that is pointless."""
        code = outcome if outcome is OUT_OF_REACH else outcome.code
        self.world.note(f"{self.name}: {code}")
        gone = code == "no_such_upload" and (self.world.may_end or (self.helps and self.world.calm))
        self.leave(out=bool(gone))
        self.later(5_000)

    def compare(self, upload: Upload) -> None:
        """It is complete: is it this file?"""
        if upload.checksum == self.file.checksum:
            self.leave_happy()
        else:
            self.differs()

    def leave_happy(self) -> None:
        self.world.note(f"{self.name}: stored")
        self.end()
        self.happy = True
        self.world.finished()

    def differs(self) -> None:
        """The upload is another file's: make one of its own, or leave if it was to help."""
        self.world.seen["file differs"] += 1
        self.leave(out=bool(self.helps or self.checksum))
        if not self.out:
            self.checksum = self.file.checksum
            self.client = ""
            self.sent.clear()
            self.later(100)


def _nobody(tag: object, outcome: object) -> None:
    """Nobody waits for the answer to a goodbye."""
