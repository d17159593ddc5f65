"""Gates: every call of a port can be disturbed, and is a place where calls pass each other.

Each API call and each invocation of a function is a greenlet. At a gate the tape says whether it
goes on, waits while others go on, ends for ever, or is told that the service behind does not
answer; each of these before the call takes effect, or after. A wait is an event in the world's
queue like any other, so that every interleaving can happen and none costs a thread.

Refused: coroutines, because the service is not written in them, and threads, because no seed
decides when they run.
"""

from collections.abc import Callable
from typing import Any

from greenlet import getcurrent

from chalicelib.domain.errors import StorageUnavailable
from tests.simulation.tape import table

WAITS_MS = (0, 1, 5, 20, 100, 700, 3_000, 20_000)

WAIT_BEFORE, WAIT_AFTER = "waits before", "waits after"
DIE_BEFORE, DIE_AFTER = "dies before", "dies after"
FAIL_BEFORE, FAIL_AFTER = "is throttled", "no answer"
PORT_FAULTS = (WAIT_BEFORE, WAIT_AFTER, DIE_BEFORE, DIE_AFTER, FAIL_BEFORE, FAIL_AFTER)

CALM: tuple[str, ...] = ("",) * 256


def _shares(wait: int, die: int, fail: int) -> tuple[str, ...]:
    return table(
        "",
        a=(wait, WAIT_BEFORE),
        b=(wait, WAIT_AFTER),
        c=(die, DIE_BEFORE),
        d=(die, DIE_AFTER),
        e=(fail, FAIL_BEFORE),
        f=(fail, FAIL_AFTER),
    )


WEATHERS = (
    CALM,
    _shares(10, 0, 0),
    _shares(60, 0, 0),
    _shares(10, 4, 4),
    _shares(30, 8, 0),
    _shares(30, 0, 10),
    _shares(20, 20, 20),
    _shares(5, 2, 2),
)


class Killed(BaseException):
    """The process ends here: nothing that follows in it happens."""


def gated(method: Callable[..., Any]) -> Callable[..., Any]:
    """A port's method, behind a gate of ``self.world``."""

    def through(self: Any, *args: Any) -> Any:
        world = self.world
        act = world.ports[world.byte()]
        return disturbed(world, act, method, self, args) if act else method(self, *args)

    through.__name__ = method.__name__
    return through


def disturbed(world: Any, act: str, method: Callable[..., Any], port: Any, args: Any) -> Any:
    world.seen[act] += 1
    if world.told is not None:
        world.tell(f"{getcurrent().name}: {type(port).__name__}.{method.__name__} {act}")
    if act is WAIT_BEFORE:
        wait(world, world.tape.one_of(WAITS_MS))
        return method(port, *args)
    if act is DIE_BEFORE:
        raise Killed
    if act is FAIL_BEFORE:
        raise StorageUnavailable
    answer = method(port, *args)
    if act is WAIT_AFTER:
        wait(world, world.tape.one_of(WAITS_MS))
        return answer
    raise Killed if act is DIE_AFTER else StorageUnavailable


def wait(world: Any, ms: int) -> None:
    """Let the others go on for so long."""
    world.at(world.now + ms, _go_on, getcurrent())
    world.main.switch()


def _go_on(paused: Any) -> None:
    paused.switch()
