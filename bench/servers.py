"""Starting and ending the two servers, each a process that ends with its stdin."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Served:
    """``url``: where it is."""

    url: str
    _questions: IO[str]
    _answers: IO[str]

    def ask(self, question: str = "") -> int:
        """The number that the server answers a line of its stdin with."""
        self._questions.write(f"{question}\n")
        self._questions.flush()
        return int(self._answers.readline())


@contextmanager
def serving(module: str, *options: str) -> Iterator[Served]:
    """``python -m module``, until the end of the block."""
    command = [sys.executable, "-m", module, *options]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout
        try:
            if not (address := process.stdout.readline().strip()):
                raise RuntimeError(f"{module} does not start")
            yield Served(address, process.stdin, process.stdout)
        finally:
            process.stdin.close()
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
