"""Starting and ending the two servers, each a process that ends with its stdin."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 10.0


@contextmanager
def serving(module: str, *options: str) -> Iterator[str]:
    """The address at which ``python -m module`` serves, until the end of the block."""
    command = [sys.executable, "-m", module, *options]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout
        try:
            if not (address := process.stdout.readline().strip()):
                raise RuntimeError(f"{module} does not start")
            yield address
        finally:
            process.stdin.close()
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
