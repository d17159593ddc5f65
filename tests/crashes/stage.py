"""Where crashes are played: in one world until it grows old, or something goes wrong in it."""

import os
from typing import Any

from tests.adapters.signing import Signer
from tests.crashes.crash import Crash, calls_of
from tests.crashes.scenarios import SCENARIOS
from tests.crashes.wire import Point, Wire
from tests.crashes.world import World

RENEWED = 60
"""After how many crashes the world is made anew: a long story makes it slow."""


class Stage:
    def __init__(self, signer: Signer) -> None:
        self._signer, self._wire, self._played = signer, Wire(), 0
        self._calls: dict[str, list[str]] = {}
        self.world: World | None = None

    def calls(self, scenario: str) -> list[str]:
        if scenario not in self._calls:
            self._calls[scenario] = calls_of(self._standing(), SCENARIOS[scenario])
        return self._calls[scenario]

    def play(self, scenario: str, call: int, when: str) -> list[str]:
        calls = self.calls(scenario)
        return Crash(SCENARIOS[scenario], calls, Point(call, when)).survive(self._standing())

    def table(self) -> str:
        return "".join(f"{name}: {' '.join(self.calls(name))}".strip() + "\n" for name in SCENARIOS)

    def _standing(self) -> World:
        self._played += 1
        if self.world is None or self._played % RENEWED == 0:
            environment: Any = os.environ
            self.world = World(self._wire, self._signer, environment)
        return self.world
