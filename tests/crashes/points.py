"""The crash points: before and after every call in ``calls.txt``, and the process that plays them.

The list is a file so that points have names before anything runs, and so that a call more than
before is seen by whoever reviews a change.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CALLS = Path(__file__).parent / "calls.txt"


def recorded() -> dict[str, list[str]]:
    """What each scenario calls."""
    rows = (line.partition(":") for line in CALLS.read_text().splitlines())
    return {name: calls.split() for name, _, calls in rows}


@dataclass(frozen=True, slots=True)
class CrashPoint:
    scenario: str
    call: int
    operation: str
    when: str

    def __str__(self) -> str:
        return f"{self.scenario}-{self.call}-{self.operation}-{self.when}"


def points() -> list[CrashPoint]:
    return [
        CrashPoint(scenario, number, operation, when)
        for scenario, calls in recorded().items()
        for number, operation in enumerate(calls, 1)
        for when in ("before", "after")
    ]


class Theatre:
    """Speaks with ``python -m tests.crashes``."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def calls(self, scenario: str) -> list[str]:
        return list(self._ask({"scenario": scenario})["calls"])

    def play(self, point: CrashPoint) -> list[str]:
        """Remarks on how it recovered. Raises AssertionError with what did not hold."""
        asked = {"scenario": point.scenario, "call": point.call, "when": point.when}
        answer = self._ask(asked)
        assert not answer["broken"], answer["broken"]
        return list(answer["remarks"])

    def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert "fault" not in answer, answer["fault"]
        return answer


@contextmanager
def theatre() -> Iterator[Theatre]:
    command = [sys.executable, "-m", "tests.crashes"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=pipe, stdout=pipe) as process:
        yield Theatre(process)
