"""A person at a terminal: commands of one signed-in machine, in the foreground or not."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from local.demo.devices import COMMAND, environment
from local.people import PASSWORD

PATIENCE_S = 90.0


class Command:
    """A command that runs; its stdout is JSON lines if it was asked to print that."""

    def __init__(self, arguments: Sequence[str], env: dict[str, str], log: Path) -> None:
        self._out, self._err = log.with_suffix(".out"), log.with_suffix(".err")
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                arguments, env=env, stdout=out, stderr=err, stdin=subprocess.DEVNULL
            )

    def events(self, kind: str) -> list[dict[str, Any]]:
        lines = [line for line in self.out.splitlines(keepends=True) if line.endswith("\n")]
        return [event for event in map(json.loads, lines) if event["event"] == kind]

    def parts(self, kind: str = "part_sent") -> list[int]:
        return [event["part"] for event in self.events(kind)]

    @property
    def out(self) -> str:
        return self._out.read_text()

    @property
    def err(self) -> str:
        return self._err.read_text()

    def until(self, look: Callable[[], Any]) -> Any:
        """What ``look`` finds, as soon as it finds something."""
        deadline = time.monotonic() + PATIENCE_S
        while not (found := look()):
            assert time.monotonic() < deadline, "it did not happen in time"
            assert self.process.poll() is None, f"it ended too early: {self.out} {self.err}"
            time.sleep(0.01)
        return found

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def code(self, timeout_s: float = PATIENCE_S) -> int:
        return self.process.wait(timeout_s)


class Terminal:
    """``home`` is all that this machine remembers; ``via`` is put before each command."""

    def __init__(self, url: str, person: str, home: Path, via: Sequence[str] = ()) -> None:
        self.home = home
        self._command = (*via, *COMMAND)
        home.mkdir(parents=True, exist_ok=True)
        self._environment = environment(home)
        self._started: list[Command] = []
        subprocess.run(
            [*self._command, "login", url, "--username", person, "--password-stdin"],
            input=PASSWORD.encode(),
            env=self._environment,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def start(self, *arguments: str) -> Command:
        log = self.home / f"command-{len(self._started)}"
        self._started.append(Command([*self._command, *arguments], self._environment, log))
        return self._started[-1]

    def run(self, *arguments: str, code: int = 0) -> Command:
        command = self.start(*arguments)
        assert command.code() == code, (arguments, command.out, command.err)
        return command

    def transfers(self) -> Iterator[dict[str, Any]]:
        yield from map(json.loads, self.run("transfers", "--json").out.splitlines())

    def states(self) -> list[str]:
        return [each["state"] for each in self.transfers()]

    def close(self) -> None:
        for command in self._started:
            if command.process.poll() is None:
                command.kill()
