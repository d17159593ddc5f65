"""One crash, and what the rest of the system makes of it.

The function dies at one call. Then the world goes on as it may: the same call is made *again*, as
clients and Lambda do it, or *never*, and another device, or the sweep, comes by. Either way it must
end well. Who dies after a call and who dies before the next leave the same world behind, since all
that they remembered is gone with them; so the one is followed by "again" and the other by "never",
and each world goes on in both ways.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.board import Rules
from chalicelib.domain.lifetime import Lifetime, due_at
from tests.crashes import laws
from tests.crashes.cases import Case, Scenario
from tests.crashes.device import LIVE, Device
from tests.crashes.wire import Killed, Point
from tests.crashes.world import MINUTE, World

AGAIN, NEVER = "again", "never"
ROUNDS = 10
LEASE_MS = Rules().lease_ms
SWEEP_MS = 5 * MINUTE
"""How often the deployed sweep runs."""

TELLING = ("sns.Publish", "events.PutEvents", "ses.SendRawEmail")
BEGINNING = "s3.CreateMultipartUpload"
ONE_MORE = "one notice more"
LEFT = "an empty multipart upload is left to the bucket's rule"


def calls_of(world: World, scenario: Scenario) -> list[str]:
    """What the call makes of AWS when nobody dies."""
    world.forget()
    case = scenario.prepare(world)
    world.new_processes()
    with world.wire.watched() as calls:
        case.act()
    _settle(case)
    return calls


@dataclass(frozen=True)
class Crash:
    scenario: Scenario
    calls: Sequence[str]
    point: Point

    def survive(self, world: World) -> list[str]:
        """Remarks on how it ended. Raises AssertionError with the law that was broken."""
        remarks = [remark for way in self._ways() for remark in self._survive(world, way)]
        return sorted(set(remarks))

    def _ways(self) -> set[str]:
        first, last = Point(1, "before"), Point(len(self.calls), "after")
        alone = {AGAIN, NEVER} if self.point in {first, last} else set()
        return alone | {AGAIN if self.point.when == "after" else NEVER}

    def _survive(self, world: World, way: str) -> list[str]:
        world.forget()
        case = self.scenario.prepare(world)
        self._die(case)
        _go_on(case, self.scenario, way)
        _settle(case)
        return self._check(case, way)

    def _die(self, case: Case) -> None:
        case.world.new_processes()
        try:
            with case.world.wire.watched(self.point):
                case.act()
        except Killed:
            case.world.new_processes()
            case.world.wire.meanwhile.clear()
            return
        raise AssertionError(f"{self.point} was never reached")

    def _check(self, case: Case, way: str) -> list[str]:
        world, id = case.world, case.device.id
        board = world.board(id)
        assert board is not None
        may = case.ends | (case.unsaid if way == NEVER else frozenset())
        assert board.status.value in may, f"liveness: it ended {board.status.value}"
        remarks = [LEFT] if self._check_orphans(world, id) else []
        laws.check_objects(case, board)
        laws.check_pages(world, board)
        laws.check_tallies(board)
        laws.check_history(world, id)
        laws.check_tenancy(world, id)
        if laws.check_notices(world, id, self._spare()):
            remarks.append(ONE_MORE)
        if way == AGAIN:
            _check_repetition(case)
        return remarks

    def _spare(self) -> int:
        """Between telling and writing it down, at most one notice more."""
        return any(
            self._between(told, self.calls.index("dynamodb.PutItem", told))
            for told, name in enumerate(self.calls)
            if name in TELLING
        )

    def _check_orphans(self, world: World, id: str) -> bool:
        orphans = laws.open_parts(world, id)
        if not orphans:
            return False
        begun = BEGINNING in self.calls
        known = begun and self._between(self.calls.index(BEGINNING), len(self.calls) - 1)
        assert known and len(orphans) == 1, "no orphans"
        laws.check_rule(world, orphans[0])
        return True

    def _between(self, first: int, last: int) -> bool:
        """Whether it died after the effect of one call and before that of another (from 0)."""
        index = self.point.call - 1
        after = index > first or (index == first and self.point.when == "after")
        before = index < last or (index == last and self.point.when == "before")
        return after and before


def _go_on(case: Case, scenario: Scenario, way: str) -> None:
    if case.device.id and not scenario.name.startswith("assemble.lacking"):
        laws.check_progress(case.world, case.device.id)
    if way == AGAIN:
        case.act()
    elif case.goes_on:
        case.world.clock.advance(LEASE_MS + 1)
        gone = case.device
        case.device = Device(case.world, gone.who, gone.file)
        case.device.id = gone.id or case.device.create().body["upload"]["id"]


def _settle(case: Case) -> None:
    """Time goes on, the stream, the schedule and the device do their work, until nothing is due."""
    world = case.world
    for _ in range(ROUNDS):
        world.deliver()
        board = world.board(case.device.id)
        if case.goes_on and board and board.status.value in LIVE:
            case.device.finish()
            world.clock.advance(LEASE_MS + 1)
            continue
        due = due_at(board, Lifetime()) if board else None
        if due is None:
            return
        world.clock.advance(max(due - world.clock.now(), SWEEP_MS))
        world.sweep()
    raise AssertionError("liveness: it finds no end")


def _check_repetition(case: Case) -> None:
    """A repetition that comes late changes nothing."""
    before = case.world.board(case.device.id)
    case.act()
    assert case.world.board(case.device.id) == before, "idempotent calls"
