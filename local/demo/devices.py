"""Devices: each a process of the command line with its own sign-in, label and speed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.people import PASSWORD

COMMAND = (sys.executable, "-m", "manyhands")


def environment(home: Path) -> dict[str, str]:
    """This process's, but with a sign-in of its own: nothing of the person who runs it counts."""
    own = ("MANYHANDS_", "PYTHON_KEYRING_")
    others = {k: v for k, v in os.environ.items() if not k.startswith(own)}
    return others | {"MANYHANDS_HOME": str(home)}


@dataclass(frozen=True, slots=True)
class Spec:
    """``limit``: as ``--limit-rate`` takes it."""

    label: str
    person: str
    limit: str


class Device:
    """Signs in when it is made; ``start`` begins to upload."""

    def __init__(self, spec: Spec, url: str, folder: Path) -> None:
        self.spec = spec
        home = folder / spec.label
        home.mkdir()
        self._log = home / "events.jsonl"
        self._errors = home / "errors.txt"
        self._environment = environment(home)
        self._process: subprocess.Popen[bytes] | None = None
        subprocess.run(
            [*COMMAND, "login", url, "--username", spec.person, "--password-stdin"],
            input=PASSWORD.encode(),
            env=self._environment,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def start(self, file: Path, group: str) -> None:
        spec = self.spec
        limits = ["--label", spec.label, "--limit-rate", spec.limit]
        with self._log.open("wb") as log, self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [*COMMAND, "upload", str(file), "--group", group, *limits, "--json"],
                env=self._environment,
                stdout=log,
                stderr=errors,
                stdin=subprocess.DEVNULL,
            )

    def signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL: no farewell, no last words."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def wait(self, timeout_s: float) -> int:
        assert self._process is not None
        return self._process.wait(timeout_s)

    def ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def events(self) -> Iterator[dict[str, Any]]:
        for line in self._log.read_text().splitlines():
            yield json.loads(line)

    def complaint(self) -> str:
        return self._errors.read_text().strip()
