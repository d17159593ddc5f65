"""What an upload costs the tab: its main thread, its processor time, its memory.

The main thread's time is Chromium's own account (``Performance.getMetrics``): while it works, the
page does not answer a click. The renderer is the tab's process, workers included; its processor
time and its memory are the kernel's account, the memory as PSS, in which what several processes
share counts for each in part. The peak is the largest of many looks. Chromium reads files and talks
to the network in processes of its own, so all of its processes together are told, too: that figure
hardly changes when others are at work on the machine, which the time does.

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
BUSY = "for (const until = performance.now() + 300; performance.now() < until; );"


@dataclass(slots=True)
class Cost:
    """``main_s``, ``cpu_s``: seconds; ``memory``: bytes at its peak; ``all_s``: ``cpu_s`` of
    the whole browser. All 0 until it is over.
    """

    main_s: float = 0.0
    cpu_s: float = 0.0
    memory: int = 0
    all_s: float = 0.0


@contextmanager
def watching(page: Page) -> Iterator[Cost]:
    """What the page costs during the block."""
    cost, session = Cost(), page.context.new_cdp_session(page)
    session.send("Performance.enable")
    process = _renderer(page)
    main, before = _main_s(session), {each: _cpu_s(each) for each in _processes(page)}
    with _looking(process, cost):
        yield cost
    spent = {each: max(0.0, _cpu_s(each) - earlier) for each, earlier in before.items()}
    cost.main_s, cost.cpu_s = _main_s(session) - main, spent[process]
    cost.all_s = sum(spent.values())
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
    """The process of this page: that which works while the page does.

    Chromium has others in reserve and for itself, some of them larger than a small page.
    """
    kinds = _processes(page)
    before = {each: _cpu_s(each) for each, kind in kinds.items() if kind == "renderer"}
    page.evaluate(BUSY)
    return max(before, key=lambda each: _cpu_s(each) - before[each])


def _processes(page: Page) -> dict[int, str]:
    """All of the browser's, and what each is."""
    browser = page.context.browser
    assert browser is not None
    session = browser.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return {int(process["id"]): str(process["type"]) for process in found}


def pss(process: int) -> int:
    """In bytes; 0 for a process that is gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    kilobytes = next((line.split()[1] for line in lines if line.startswith("Pss:")), "0")
    return int(kilobytes) * 1024


def _cpu_s(process: int) -> float:
    """0 for a process that is gone."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _main_s(session: Any) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(float(m["value"]) for m in metrics if m["name"] == "TaskDuration")
