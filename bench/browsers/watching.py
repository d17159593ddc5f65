"""What an upload costs the tab: its main thread, its processor time, its memory.

The main thread's time is Chromium's own account (``Performance.getMetrics``): while it works, the
page does not answer a click. The renderer is the tab's process, workers included; its processor
time and its memory are the kernel's account, the memory as PSS, in which what several processes
share counts for each in part. The peak is the largest of many looks. What Chromium does elsewhere
for everybody alike, e.g. its network service, is in no figure but the time.

Source: proc_pid_stat(5), proc_pid_smaps_rollup; Chrome DevTools Protocol, Performance, SystemInfo.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

LOOK_S = 0.1
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Cost:
    """``main_s``, ``cpu_s``: seconds; ``memory``: bytes at the peak. All 0 until it is over."""

    main_s: float = 0.0
    cpu_s: float = 0.0
    memory: int = 0


@contextmanager
def watching(page: Page) -> Iterator[Cost]:
    """What the page costs during the block."""
    cost, session = Cost(), page.context.new_cdp_session(page)
    session.send("Performance.enable")
    process = _renderer(page)
    main, cpu = _main_s(session), _cpu_s(process)
    with _looking(process, cost):
        yield cost
    cost.main_s, cost.cpu_s = _main_s(session) - main, _cpu_s(process) - cpu
    session.detach()


@contextmanager
def _looking(process: int, cost: Cost) -> Iterator[None]:
    over = threading.Event()

    def look() -> None:
        while not over.wait(LOOK_S):
            cost.memory = max(cost.memory, pss(process))

    thread = threading.Thread(target=look, name="memory", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        cost.memory = max(cost.memory, pss(process))


def _renderer(page: Page) -> int:
    """The process of this page: of all tabs' that which is largest. The others are empty."""
    browser = page.context.browser
    assert browser is not None
    session = browser.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return max((int(p["id"]) for p in found if p["type"] == "renderer"), key=pss)


def pss(process: int) -> int:
    """In bytes; 0 for a process that is gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    kilobytes = next((line.split()[1] for line in lines if line.startswith("Pss:")), "0")
    return int(kilobytes) * 1024


def _cpu_s(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _main_s(session: Any) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(float(m["value"]) for m in metrics if m["name"] == "TaskDuration")
