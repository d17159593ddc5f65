"""One run: devices on their lines, what happens to these, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from bench.scenes import Change, ideal_s, seen_from
from bench.simulated.clock import Clock
from bench.simulated.device import Device
from bench.simulated.line import Line
from bench.simulated.service import Service
from chalicelib.domain.board import Rules
from manyhands.engine.pace import Rules as Pace

LONGEST = 20
GOODBYE_S = 10.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """``seconds``: from the start of the first program until one says that the file is stored.

    ``sending_s``: from the first byte until the board has all parts; ``sent``: bytes on all lines.
    ``inf`` where it was not stored. ``sending_ideal_s``: what the lines could have done it in from
    the first byte on, since a line that dies then carries no more before the first byte.
    """

    ideal_s: float
    sending_ideal_s: float
    seconds: float
    sending_s: float
    size: int
    sent: float
    calls: int
    listings: int
    parts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What may be tuned, and whether the board rescues and looks after lost clients at all."""

    board: Rules = Rules()
    engine: Pace = field(default_factory=Pace)
    rescuing: bool = True
    looking: bool = True


AS_IT_IS = Setting()


def run(size: int, course: Sequence[Change], seed: int, setting: Setting = AS_IT_IS) -> Outcome:
    """``course``: a device is there from its first change on, and dead once its rate is 0."""
    clock, rng = Clock(), Random(seed)
    service = Service(
        clock, size, setting.board, rescuing=setting.rescuing, looking=setting.looking
    )
    devices: dict[str, Device] = {}
    for name in dict.fromkeys(change.device for change in course):
        line = Line(clock, rng, service.stored)
        devices[name] = Device(name, clock, line, service, rng, setting.engine)
    started: set[str] = set()

    def turn(change: Change) -> None:
        device = devices[change.device]
        device.line.carry(change.rate)
        if not change.rate:
            device.die()
        elif change.device not in started:
            started.add(change.device)
            device.start()

    for change in course:
        clock.at(change.at_s, lambda change=change: turn(change))  # type: ignore[misc]
    clock.run(ideal_s(size, course) * LONGEST + GOODBYE_S)
    return _outcome(service, list(devices.values()), course)


def _outcome(service: Service, devices: Sequence[Device], course: Sequence[Change]) -> Outcome:
    lines, size = [device.line for device in devices], service.board.plan.size
    began = min(line.began for line in lines)
    return Outcome(
        ideal_s=ideal_s(size, course),
        sending_ideal_s=ideal_s(size, seen_from(course, began)),
        seconds=min(device.stored_at for device in devices),
        sending_s=service.full_at - began,
        size=size,
        sent=sum(line.sent for line in lines),
        calls=service.calls,
        listings=service.listings,
        parts=service.board.plan.count,
    )
