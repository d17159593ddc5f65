"""What a run looks like: JSON lines, plain lines, or a bar; one listener each.

Progress goes to stderr and results to stdout, so a pipe gets data only; with ``--json`` all
events are data. A terminal gets one line that is redrawn, anything else a line now and then.
"""

import time
from collections.abc import Callable
from typing import Protocol, TextIO

import msgspec
import rich.console
import rich.progress

from manyhands import words
from manyhands.events import (
    Differs,
    Ended,
    Event,
    Hashing,
    Opened,
    Progress,
    Renamed,
    Retrying,
    Turned,
)

LINE_EVERY_S = 10.0
PHASES = {"paused": "paused", "assembling": "assembling", "complete": "stored"}


class Display(Protocol):
    def show(self, event: Event) -> None: ...

    def close(self) -> None:
        """Leave the terminal as it was."""
        ...


class JsonLines:
    """One JSON object a line, with the field ``event``."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def show(self, event: Event) -> None:
        self._out.write(msgspec.json.encode(event).decode() + "\n")
        self._out.flush()

    def close(self) -> None:
        self._out.flush()


class Silent:
    """``--quiet``: nothing but errors and the result."""

    def show(self, event: Event) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class Lines:
    """Plain lines: what happened, and about every ten seconds how far it is."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._out, self._clock = out, clock
        self._next_at = clock() + LINE_EVERY_S

    def show(self, event: Event) -> None:
        line = told(event)
        if line is None and isinstance(event, Hashing | Progress):
            line = self._in_time(event)
        if line:
            self._out.write(line + "\n")
            self._out.flush()

    def _in_time(self, event: Hashing | Progress) -> str | None:
        if self._clock() < self._next_at:
            return None
        self._next_at = self._clock() + LINE_EVERY_S
        if isinstance(event, Hashing):
            return None if event.bytes_hashed == event.bytes else f"hashing  {_hashed(event)}"
        return f"{phase(event)}  {_done(event)}  {_speeds(event)}"

    def close(self) -> None:
        self._out.flush()


class Bar:
    """One line with a bar, redrawn with each event; what happens is printed above it."""

    def __init__(self, console: rich.console.Console) -> None:
        self._console = console
        column = rich.progress.TextColumn
        self._progress = rich.progress.Progress(
            column("{task.description}", markup=False),
            rich.progress.BarColumn(bar_width=None),
            column("{task.fields[done]}  {task.fields[speeds]}", markup=False),
            console=console,
            auto_refresh=False,
            transient=True,
        )
        self._task = self._progress.add_task("hashing", total=None, done="", speeds="")
        self._uploading = False
        self._progress.start()

    def show(self, event: Event) -> None:
        match event:
            case Progress():
                self._uploading = True
                self._draw(phase(event), event.bytes_done, event.bytes, _done(event), event)
            case Hashing() if not self._uploading:
                self._draw("hashing", event.bytes_hashed, event.bytes, _hashed(event), None)
        line = told(event)
        if line:
            self._console.print(line, markup=False, highlight=False)

    def _draw(self, what: str, done: int, whole: int, text: str, event: Progress | None) -> None:
        speeds = _speeds(event) if event else ""
        self._progress.update(
            self._task, description=what, completed=done, total=whole, done=text, speeds=speeds
        )
        self._progress.refresh()

    def close(self) -> None:
        self._progress.stop()


def told(event: Event) -> str | None:
    """The line that an event deserves; None for those that only move the bar."""
    match event:
        case Renamed(name=name, instead=instead):
            return f"The name «{words.harmless(name)}» cannot be stored everywhere; " + (
                f"uploading as «{words.harmless(instead)}»."
            )
        case Opened(outcome="joined", parts_done=done, parts=parts, upload=upload):
            return f"Joined upload {words.harmless(upload)}: {done} of {parts} parts are in."
        case Opened(upload=upload, group=group):
            return f"Began upload {words.harmless(upload)} in group {words.harmless(group)}."
        case Differs():
            return "Another file of this name and size is there; yours becomes its own upload."
        case Turned(status="paused"):
            return "Paused for all devices. It goes on when somebody resumes it."
        case Turned(before="paused", status="active"):
            return "Resumed."
        case Turned(status="assembling"):
            return "All parts are in; the storage joins them."
        case Retrying(what=what, reason=reason, wait_s=wait_s):
            return f"Trying again in {words.span(wait_s)}: {what} ({words.harmless(reason)})."
    return None


def result(ended: Ended) -> str:
    """The last line: what was stored, how long it took, who brought how much."""
    name = f"«{words.harmless(ended.name)}» ({words.size(ended.bytes)})"
    if ended.outcome == "already_stored":
        return f"{name} is stored already; nothing was sent. Upload {ended.upload}"
    how = "was stored in" if ended.outcome == "stored" else "is all sent and being joined, after"
    own = words.share(ended.own_bytes, ended.bytes)
    by = "from here" if ended.devices == 1 else f"from here; {ended.devices} devices took part"
    return f"{name} {how} {words.span(ended.seconds)}, {own} {by}. Upload {ended.upload}"


def phase(event: Progress) -> str:
    """One word for what is going on."""
    return PHASES.get(event.status, "uploading" if event.sending else "waiting")


def _hashed(event: Hashing) -> str:
    return f"{words.size(event.bytes_hashed)} of {words.size(event.bytes)}"


def _done(event: Progress) -> str:
    return f"{words.size(event.bytes_done)} of {words.size(event.bytes)}"


def _speeds(event: Progress) -> str:
    devices = "1 device" if event.devices == 1 else f"{event.devices} devices"
    left = f", {words.span(event.eta_s)} left" if event.eta_s is not None else ""
    own, total = words.rate(event.own_rate), words.rate(event.total_rate)
    return f"{own} from here, {total} by {devices}{left}"
