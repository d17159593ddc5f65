"""One story: a world made from a seed, its faults, the quiet afterwards, and what must have held.

First a phase of faults, how many and of which kinds the tape says (in some worlds none, in some
many). Then quiet: faults stop, whoever was away comes back, a paused board is resumed, and every
honest client must reach the end within a bounded virtual time. Then the clock runs on until the
sweep has nothing left to do, and the storage must hold the objects and nothing else.

Most worlds are small, because a mistake shows in a small world if it shows at all, and more of them
can be told: one to four parts, lines that recover in the quiet. Where somebody is hostile the
lines stay slow and the engines as impatient as deployed, or there would be nothing to take.
"""

import heapq
from collections.abc import Callable
from typing import Any

from greenlet import getcurrent

from chalicelib.domain.manifest import FIRST_PAGES
from chalicelib.domain.parts import plan_parts
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import FileIdentity
from tests import invariants
from tests.simulation.acts import ACTS, resume
from tests.simulation.device import AS_DEPLOYED, ENGINE_RULES, LIVES, Device
from tests.simulation.files import LIMITS, File, file
from tests.simulation.gates import (
    CALM,
    WEATHERS,
    Killed,
)
from tests.simulation.hostile import HOSTILES
from tests.simulation.life import AWAY_MS
from tests.simulation.line import LINES
from tests.simulation.people import BEN, EVE, GROUP, OWNER
from tests.simulation.sending import PUTS
from tests.simulation.server import STREAMS, Server
from tests.simulation.tape import Tape
from tests.simulation.witness import DEFECTS, SERVICE, START_MS, Witness

FEW_PARTS = (1, 2, 3, 1, 2, 1, 2, 1, 4, 2, 1, 3, 2, 1, 6, 12)
SOME_PARTS = (1, 2, 3, 2, 4, 1, 3, 2, 5, 6, 3, 4, 2, 8, 3, 12)
MANY_PARTS = (33, 9, 34, 40, 129)
FIRST = FIRST_PAGES[0]
QUIET_S = (5, 0, 2, 5, 3, 10, 7, 20, 15, 30, 40, 60, 4, 120, 1, 200)
LONG_MS = 9 * 86_400_000
SLOW_SPEEDS = (25, 5, 100, 1_000, 300)
SPEEDS = (100, 25, 1_000, 300, 1_000, 100, 5, 1_000)
FAST = 1_000
LATENCIES_MS = (50, 5, 200, 1_000)
COMES_MS = (0, 100, 1_000, 5_000, 20_000)
MOST_MS = 2 * 3_600_000
MOST_EVENTS = 12_000
EVERYTHING = 255


class World(Witness):
    """Its time, its cast, its phases; see ``Witness`` for the rest."""

    def __init__(self, tape: Tape, told: list[str] | None = None) -> None:
        super().__init__(told)
        self.tape, self.byte = tape, tape.byte
        self.now = START_MS
        self.events: list[tuple[int, int, Callable[[Any], None], Any]] = []
        self.steps = self._count = 0
        self.calm = self.closed = False
        self.main = getcurrent()
        self.group = GROUP
        self._draw()

    def _draw(self) -> None:
        byte, one_of = self.byte, self.tape.one_of
        self.ports = one_of(WEATHERS)
        self.lines, self.puts = one_of(LINES), one_of(PUTS)
        self.lives, self.stream = one_of(LIVES), one_of(STREAMS)
        size = byte()
        self.long = byte() > 252
        self.hostiles = one_of(HOSTILES) if not self.long and byte() > 175 else ()
        self.rules = AS_DEPLOYED if self.hostiles else one_of(ENGINE_RULES)
        some = SOME_PARTS if self.hostiles else FEW_PARTS
        self.parts = some[size & 15] if size < EVERYTHING else one_of(MANY_PARTS)
        self.server = Server(self)
        self.file = file(self.parts)
        self.id = upload_id(self.file)
        self.again = byte() % 4 != 3
        self.sweep_offset = START_MS + byte() * 1_171
        self.devices = self._cast()
        quiet_s = one_of(QUIET_S)
        self.quiet_at = self.now + (LONG_MS if self.long else quiet_s * 1_000)
        for device in self.devices:
            self.at(self.now + one_of(COMES_MS), device.begin, device.life)
        if not self.long:
            for _ in range(max(0, byte() % 6 - 1)):
                self.at(self.now + quiet_s * byte() * 4, self._act, one_of(ACTS))
        self.at(self.quiet_at, self._quiet, None)
        self.at(self.sweep_offset, self.server.sweep_and_rearm, None)

    def _cast(self) -> list[Device]:
        one_of, byte = self.tape.one_of, self.byte
        cast = [Device(self, "ana", OWNER, self.file)]
        others = 0 if self.long else one_of((0, 1, 1, 0, 2, 1, 0, 1))
        if others:
            cast.append(Device(self, "ben", BEN, self.file))
        if others == 2:
            cast.append(Device(self, "ana's phone", OWNER, self.file))
        if self.hostiles:
            other = file(self.parts, 1, 1 + byte() % self.parts)
            cast += [k(self, k.alias, EVE, other, helps=self.id) for k in self.hostiles]
        if self.parts > FIRST or (not self.long and byte() > 225):
            cast.append(self._with_another_file())
        speeds = SLOW_SPEEDS if self.hostiles else SPEEDS
        for device in cast:
            device.speed, device.latency = one_of(speeds), one_of(LATENCIES_MS)
            if self.parts > FIRST:
                device.speed = FAST
        return cast

    def _with_another_file(self) -> Device:
        """Honest, but its file is another one that begins alike."""
        differs = 1 + self.byte() % self.parts
        if self.parts > FIRST and self.byte() & 1:
            differs = FIRST + 1 + self.byte() % (self.parts - FIRST)
            who = OWNER if self.byte() & 1 else BEN
            return Device(self, "other", who, file(self.parts, 2, differs))
        return Device(self, "other", BEN, file(self.parts, 2, differs), helps=self.id)

    # ---- time ----------------------------------------------------------------------------------

    def at(self, ms: int, do: Callable[[Any], None], about: Any) -> None:
        self._count = count = self._count + 1
        heapq.heappush(self.events, (ms, count, do, about))

    def run(self) -> "World":
        """To the end of the story. Raises Broken, or what a defect raises."""
        events, pop = self.events, heapq.heappop
        deadline = self.quiet_at + self._most_ms()
        while events:
            self.now, _, do, about = pop(events)
            do(about)
            self.steps += 1
            if self.failure is not None:
                raise self.failure
            if (self.now > deadline and not self.closed) or self.steps > MOST_EVENTS:
                self._too_late()
        self._settle()
        return self

    def finished(self) -> None:
        """This one has what it came for, or is not wanted any more. Was it the last?"""
        if not self._unfinished and not self.closed:
            self._close()

    @property
    def _unfinished(self) -> list[Device]:
        return [d for d in self.devices if d.honest and not (d.happy or d.out)]

    def _too_late(self) -> None:
        late = [d.name for d in self._unfinished if not self._waits_for_its_owner(d)]
        if late:
            invariants.liveness(", ".join(late), (self.now - self.quiet_at) // 1000)
        self._close()

    def _waits_for_its_owner(self, device: Device) -> bool:
        """The owner alone knows the rest of the manifest, and has left for good."""
        upload = self.server.uploads.peek(device.id)
        if upload is None or upload.board.known == upload.plan.count:
            return False
        owners = [d for d in self.devices if d.caller.person.id == upload.owner.id]
        return device not in owners and all(d.out or d.happy for d in owners)

    def _most_ms(self) -> int:
        slowest = min(d.speed for d in self.devices)
        return MOST_MS + 4 * self.file.size * 1000 // slowest

    def _close(self) -> None:
        self.closed = True
        self.note("everybody has finished")
        self.still()
        for device in self.devices:
            device.end()
            device.out = True

    def still(self) -> None:
        self.calm = True
        self.ports = self.lines = self.puts = self.lives = self.stream = CALM

    def _quiet(self, _: object) -> None:
        self.note("from here on all is quiet")
        if self.closed:
            return
        self.still()
        for clock in self.server.clocks:
            clock.off_ms = 0
        mended = self.byte() & 3 and not self.hostiles
        for device in self.devices:
            if device.honest:
                device.speed = max(device.speed, FAST if mended else 0)
                self.at(self.now + 1_000, device.begin, device.life)
        self._resume(None)

    def _resume(self, _: object) -> None:
        """Somebody looks in every minute and resumes what is paused."""
        if self.closed:
            return
        upload = self.server.uploads.peek(self.id)
        if any(u.status is Status.PAUSED for u in self.server.uploads.every()) and upload:
            resume(self)
        self.at(self.now + 60_000, self._resume, None)

    def _act(self, act: Callable[[Any], None]) -> None:
        if self.closed or self.calm:
            return
        self.seen[act.__name__] += 1
        self.note(f"somebody: {act.__name__.replace('_', ' ')}")
        act(self)

    def fall_apart(self) -> None:
        """Its members know each other: without this, only the collector would free them."""
        for part in (*self.devices, self.server, self):
            vars(part).clear()

    # ---- what devices and ports ask

    def signing_clock(self) -> int:
        return self.now + self.server.clocks[0].off_ms

    @property
    def may_end(self) -> bool:
        """Is a deleted or cancelled upload the end, or is it begun anew?"""
        return not self.again

    def away_ms(self) -> int:
        return self.tape.one_of(AWAY_MS if self.long else AWAY_MS[:4])


_IDS: dict[File, str] = {}


def upload_id(file: File) -> str:
    if file not in _IDS:
        page = b"".join(body.digest for body in file.bodies[:FIRST])
        plan = plan_parts(file.size, LIMITS)
        _IDS[file] = FileIdentity(GROUP, file.name, plan, page).upload_id
    return _IDS[file]


def played(tape: Tape, told: list[str] | None = None) -> tuple[World, BaseException | None]:
    """The world after its story, and what was wrong with it."""
    DEFECTS.world = world = World(tape, told)
    propagates, SERVICE.propagate = SERVICE.propagate, False
    try:
        world.run()
    except (Exception, Killed) as failure:  # noqa: BLE001 - any defect is a finding
        return world, failure
    finally:
        SERVICE.propagate = propagates
    return world, None
