"""One run of one process: how long, how much of the processor, how much memory.

The kernel's own account of the process is taken when it ends (``wait4``), of it and of whatever it
started itself and waited for. The peak of memory is that of the largest single process. Between
``fork`` and ``exec`` the kernel counts the parent's memory as the child's, so whoever measures must
be smaller than what is measured: nothing but the standard library is imported here and above.

Other work on the machine changes the figures of whoever runs just then. Therefore a run waits,
for a while, until the machine is quiet, and what share of the processors others had right before
it is part of the result.
"""

import os
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LONGEST_S = 120.0
QUIET, LOOK_S = 0.20, 0.3


@dataclass(frozen=True, slots=True)
class Run:
    """``cpu_s`` user and system; ``memory`` in bytes; ``error`` is "" if it went well.

    ``others``: the share of the processors that others had right before it.
    """

    seconds: float
    cpu_s: float
    memory: int
    error: str
    others: float


def run(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, patience_s: float
) -> Run:
    """Run it to its end, in ``folder``, once the machine is quiet or ``patience_s`` is over."""
    others = _wait_for_quiet(patience_s)
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        used = _end(process)
        seconds = time.perf_counter() - began
        output.seek(0)
        error = _last_line(output.read()) if process.returncode else ""
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, error, others)


def _end(process: subprocess.Popen[bytes]) -> resource.struct_rusage:
    """Wait for its end, which comes after LONGEST_S at the latest; what it has used."""
    watch = threading.Timer(LONGEST_S, process.kill)
    watch.start()
    _, status, used = os.wait4(process.pid, 0)
    watch.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return used


def _wait_for_quiet(patience_s: float) -> float:
    """Until others leave the processors alone; the share that they take even so, 0 to 1."""
    until = time.monotonic() + patience_s
    while (share := _busy()) > QUIET and time.monotonic() < until:
        pass
    return share


def _busy() -> float:
    """The share of the processors that was in use during a short look."""
    idle, total = _ticks()
    time.sleep(LOOK_S)
    idle_now, total_now = _ticks()
    return 1 - (idle_now - idle) / max(1, total_now - total)


def _ticks() -> tuple[int, int]:
    """Idle and all ticks since the start, of all processors. Source: proc_stat(5)."""
    first, *_ = Path("/proc/stat").read_text().splitlines()
    ticks = [int(word) for word in first.split()[1:9]]
    return ticks[3] + ticks[4], sum(ticks)


def _last_line(output: bytes) -> str:
    lines = output.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it failed without a word"
