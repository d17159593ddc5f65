"""The line between a client and the service: requests and answers that are lost, late or doubled.

A client's call is tried a few times, as the real one does, and each try is one request. What the
client gave up may still arrive.
"""

from collections.abc import Callable
from typing import Any

from chalicelib.domain.errors import LimitReached, Unavailable
from tests import invariants
from tests.simulation.gates import CALM
from tests.simulation.server import DIED
from tests.simulation.tape import table

TIMEOUT_MS = 30_000
AGAIN_MS = 500

REQUEST_LOST, ANSWER_LOST = "request lost", "answer lost"
DOUBLED, DELAYED, SLOW, REPEATED = "request doubled", "request late", "answer slow", "call repeated"
LINE_FAULTS = (REQUEST_LOST, ANSWER_LOST, DOUBLED, DELAYED, SLOW, REPEATED)
LATE_MS = (100, 3_000, 20_000, 45_000, 100_000, 400_000)


def _shares(lost: int, doubled: int) -> tuple[str, ...]:
    return table(
        "",
        a=(lost, REQUEST_LOST),
        b=(lost, ANSWER_LOST),
        c=(doubled, DOUBLED),
        d=(doubled, DELAYED),
        e=(lost, SLOW),
        f=(doubled, REPEATED),
    )


LINES = (CALM, _shares(3, 3), _shares(10, 3), _shares(3, 12), _shares(25, 10), CALM)

OUT_OF_REACH = "out of reach"
"""The outcome of a call that came to nothing, retries included."""


class Request:
    """One call of a device; ``then(outcome)`` at its end, unless the device has ended before."""

    __slots__ = ("args", "device", "do", "life", "name", "open", "then", "tries", "turn")

    def __init__(
        self, device: Any, name: str, do: Callable[..., Any], args: Any, then: Callable[[Any], None]
    ) -> None:
        self.device, self.name, self.do, self.args, self.then = device, name, do, args, then
        self.life, self.turn, self.open = device.life, 0, True
        self.tries = 2
        self.attempt(None)

    def attempt(self, _: object) -> None:
        device, world = self.device, self.device.world
        if device.life != self.life:
            return
        self.turn += 1
        act = world.lines[world.byte()]
        if act:
            self._disturbed(world, act)
        else:
            world.server.start(self.name, self.do, self.args, self._back, self.turn)
            if self.open:
                world.at(world.now + TIMEOUT_MS, self._timeout, self.turn)

    def _disturbed(self, world: Any, act: str) -> None:
        world.seen[act] += 1
        if world.told is not None:
            world.tell(f"{self.device.name}: {self.name}, {act}")
        server = world.server
        if act is ANSWER_LOST:
            server.start(self.name, self.do, self.args, self._lost, None)
        elif act is DOUBLED or act is DELAYED:
            world.at(world.now + world.tape.one_of(LATE_MS), self._once_more, None)
        if act is DOUBLED:
            server.start(self.name, self.do, self.args, self._back, self.turn)
        elif act is SLOW:
            server.start(self.name, self.do, self.args, self._slow, self.turn)
        elif act is REPEATED:
            server.start(self.name, self._twice, self.args, self._back, self.turn)
        if self.open:
            world.at(world.now + TIMEOUT_MS, self._timeout, self.turn)

    def _lost(self, turn: int, outcome: object) -> None:
        """The answer does not arrive."""

    def _once_more(self, _: object) -> None:
        world = self.device.world
        world.server.start(self.name, self.do, self.args, self._lost, None)

    def _slow(self, turn: int, outcome: object) -> None:
        world = self.device.world
        world.at(world.now + world.tape.one_of(LATE_MS), self._answer, (turn, outcome))

    def _twice(self, core: Any, *args: Any) -> Any:
        """The very same again at once, with nothing in between."""
        world = self.device.world
        first = self.do(core, *args)
        upload = _upload_in(first)
        standing = world.server.uploads.peek(upload.id)
        if standing is None or standing.version != upload.version:
            return first
        ports, world.ports = world.ports, CALM
        second = self.do(core, *args)
        world.ports = ports
        world.holds(invariants.idempotent, self.name, _gist(first), _gist(second))
        return first

    def _back(self, turn: int, outcome: object) -> None:
        if turn == self.turn:
            world = self.device.world
            world.at(world.now + self.device.latency, self._answer, (turn, outcome))
            self.open = False

    def _answer(self, answer: tuple[int, Any]) -> None:
        turn, outcome = answer
        if turn != self.turn or self.device.life != self.life:
            return
        self.turn += 1
        passing = isinstance(outcome, Unavailable | LimitReached) and outcome.retryable
        if outcome is DIED or passing:
            self._again(AGAIN_MS, outcome)
        else:
            self.then(outcome)

    def _timeout(self, turn: int) -> None:
        if turn == self.turn and self.device.life == self.life:
            self.turn += 1
            self._again(AGAIN_MS, OUT_OF_REACH)

    def _again(self, wait_ms: int, outcome: Any) -> None:
        self.tries -= 1
        self.open = True
        if self.tries:
            self.device.world.at(self.device.world.now + wait_ms, self.attempt, None)
        else:
            self.then(OUT_OF_REACH if outcome is DIED else outcome)


def _upload_in(answer: Any) -> Any:
    """An upload, (created, upload) or (upload, reply, tickets)."""
    if isinstance(answer, tuple):
        return answer[1] if len(answer) == 2 else answer[0]
    return answer


def _gist(answer: Any) -> Any:
    """What must be the same in both answers."""
    upload = _upload_in(answer)
    same = (upload.key, upload.version, upload.status)
    if isinstance(answer, tuple) and len(answer) == 3:
        return (*same, answer[1].tickets, answer[1].revoked)
    return same
