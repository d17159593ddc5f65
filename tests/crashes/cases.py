"""What a scenario is: a call of one function in one situation, and what may come of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.crashes.device import Device, File
from tests.crashes.world import World

EVENTS = ("assemble", "notify", "sweep")
COMPLETE = frozenset({"complete"})

_numbers = count(1)


@dataclass
class Case:
    """A situation just before the call. ``device``: who goes on afterwards, None for nobody.

    ``ends``: the statuses in which it may end if the call is repeated until it is answered;
    ``unsaid``: those in which it may end as well if it never is.
    """

    world: World
    device: Device
    act: Callable[[], object]
    ends: frozenset[str] = COMPLETE
    unsaid: frozenset[str] = frozenset()
    goes_on: bool = True
    foreign: bytes = b""
    """What somebody else put in the object's place."""


@dataclass(frozen=True)
class Scenario:
    """``entry``: the route, as "GET /me", or the event function."""

    name: str
    entry: str
    prepare: Callable[[World], Case] = field(repr=False)

    @property
    def function(self) -> str:
        return self.entry if self.entry in EVENTS else "api"


REGISTERED: dict[str, Scenario] = {}


def scenario(entry: str, name: str) -> Callable[[Callable[[World], Case]], Callable[[World], Case]]:
    def register(prepare: Callable[[World], Case]) -> Callable[[World], Case]:
        REGISTERED[name] = Scenario(name, entry, prepare)
        return prepare

    return register


def device(world: World, parts: int = 3, who: str = "ana") -> Device:
    """Somebody with a file that nobody has seen before."""
    return Device(world, who, File(next(_numbers), parts))


def created(world: World, parts: int = 3) -> Device:
    made = device(world, parts)
    made.create()
    return made


def full(world: World, parts: int = 3) -> Device:
    """Every part is in, and nobody has heard of it yet."""
    made = device(world, parts)
    made.finish()
    world.listen()
    return made


def stored(world: World) -> Device:
    made = full(world)
    world.deliver()
    return made


def taken(world: World, function: str) -> Any:
    """The one record that waits for this function."""
    world.listen()
    (record,) = world.pending[function]
    world.pending[function].clear()
    return record
