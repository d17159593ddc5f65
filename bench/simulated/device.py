"""A device: the real engine and pager, driven as ``manyhands.upload.work`` drives them.

    start the program → ask for the limits → hash the first page → create or join
        → pages as they are hashed, exchanges, PUTs → all is stored → the last look

Only what the world does is played: calls take a while, and hashing goes at a certain speed.
"""

from collections.abc import Callable
from random import Random
from typing import TypeVar

from bench.simulated.clock import Clock
from bench.simulated.line import Line
from bench.simulated.service import LIMITS, Service
from manyhands.engine import happenings as hap
from manyhands.engine.engine import Engine, Who
from manyhands.engine.pace import Rules
from manyhands.inbox import TICK_S
from manyhands.parts import plan_parts
from manyhands.upload.pager import Pager

START_S = 0.4
API_S = 0.12
API = (0.8, 1.2)
HASHING = 400_000_000
"""Bytes a second."""
AT_ONCE_S = 0.001

T = TypeVar("T")


class Device:
    """``stored_at``: when it knew that the file is stored."""

    def __init__(
        self, name: str, clock: Clock, line: Line, service: Service, rng: Random, rules: Rules
    ) -> None:
        self._name, self._clock, self.line, self._service = name, clock, line, service
        self._rng, self._rules = rng, rules
        self._plan = plan_parts(service.board.plan.size, LIMITS)
        self._engine: Engine | None = None
        self._pager = Pager(self._plan, 0, yours=True)
        self._hashing_since = 0.0
        self._token = 0
        self._gone = self._looked = False
        self.stored_at = float("inf")

    def start(self) -> None:
        self._clock.after(START_S, lambda: self._call(self._service.called, self._admitted))

    def die(self) -> None:
        self._gone = True
        self.line.cut()

    def _call(self, deed: Callable[[], T], heard: Callable[[T], None]) -> None:
        """The service does it half-way; who is gone hears nothing."""
        half_s = API_S * self._rng.uniform(*API) / 2

        def arrives() -> None:
            if not self._gone:
                answer = deed()
                self._clock.after(half_s, lambda: None if self._gone else heard(answer))

        self._clock.after(half_s, arrives)

    def _admitted(self, _: None) -> None:
        self._hashing_since = self._clock.now
        self._clock.at(self._hashed(0), lambda: self._call(self._service.create, self._opened))

    def _hashed(self, page: int) -> float:
        parts = self._plan.known_after(page + 1)
        size = min(self._plan.size, parts * self._plan.part_size)
        return self._hashing_since + size / HASHING

    def _opened(self, known: int) -> None:
        who = Who(f"client-{self._name}", self._name)
        self._engine = Engine(who, self._plan.part_size, LIMITS.max_held, self._rng, self._rules)
        self._pager = Pager(self._plan, known, yours=True, proven=1)
        self._step()

    def _step(self, *heard: hap.Happening) -> None:
        engine, now = self._engine, self._clock.now
        if engine is None or self._gone:
            return
        for happening in (hap.Moved(self.line.moved()), *heard):
            engine.handle(happening, now)
        for decision in engine.decide(now):
            self._do(decision)
        self._wake_at(min(now + TICK_S, engine.wake_at(), self._turn_page(now)))

    def _wake_at(self, when: float) -> None:
        self._token += 1
        token = self._token
        self._clock.at(
            max(when, self._clock.now + AT_ONCE_S),
            lambda: self._step() if token == self._token else None,
        )

    def _do(self, decision: hap.Decision) -> None:
        match decision:
            case hap.StartPut(ticket):
                part = ticket.part
                self.line.put(part, ticket.length, lambda well: self._put_ended(part, well))
            case hap.StopPut(part):
                self.line.stop(part)
            case hap.Exchange(request):
                self._call(
                    lambda: self._service.exchange(request),
                    lambda reply: self._answered(hap.Answered(reply)),
                )
            case hap.Look():
                self._looked = True
                self._call(self._look, lambda status: self._step(hap.StatusSeen(status)))
            case hap.End():
                self._engine = None
                if self._looked:
                    self._stored(None)
                else:
                    self._call(self._service.called, self._stored)

    def _put_ended(self, part: int, well: bool) -> None:
        self._step(hap.Sent(part) if well else hap.PutFailed(part, hap.Failure.STOPPED))

    def _answered(self, answer: hap.Answered) -> None:
        self._pager.learn(answer.reply.progress.parts_known)
        self._step(answer)

    def _look(self) -> str:
        self._service.called()
        return self._service.status

    def _turn_page(self, now: float) -> float:
        """Puts the next page if it is hashed; when that will be, if it is not."""
        page = self._pager.due(now)
        if page is None:
            return float("inf")
        if self._hashed(page) > now:
            return self._hashed(page)
        self._pager.began()
        self._call(lambda: self._service.put_page(page), self._page_put)
        return float("inf")

    def _page_put(self, known: int) -> None:
        self._pager.went_well()
        self._pager.learn(known)
        self._step(hap.MoreKnown())

    def _stored(self, _: None) -> None:
        self.stored_at = self._clock.now
