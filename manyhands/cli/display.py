"""What runs look like: JSON lines, plain lines, or bars; a row for each transfer.

Progress goes to stderr and results to stdout, so a pipe gets data only; with ``--json`` all
events are data. A terminal gets a line for each transfer that is redrawn, anything else a line now
and then.
"""

import time
from collections.abc import Callable
from typing import Protocol, TextIO

import msgspec

from manyhands import words
from manyhands.cli.sentences import told
from manyhands.cli.steps import Step, step
from manyhands.cli.views import shortened
from manyhands.errors import OutputLost
from manyhands.events import Event

LINE_EVERY_S, LINE_SOONEST_S = 10.0, 3.0
LONGEST_NAME = 40


class Row(Protocol):
    """One transfer's. ``end`` is the last that is called."""

    def show(self, event: Event) -> None: ...

    def end(self) -> None: ...


class Screen(Protocol):
    """``row`` for the transfer of this number and name; "" for a name that goes without saying."""

    def row(self, transfer: int, name: str) -> Row: ...

    def close(self) -> None:
        """Leave the terminal as it was."""
        ...


class JsonScreen:
    """One JSON object a line, with the fields ``event`` and ``transfer``."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def row(self, transfer: int, name: str) -> Row:
        return JsonRow(self._out, transfer)

    def close(self) -> None:
        """Nothing: each line is written at once."""


class JsonRow:
    def __init__(self, out: TextIO, transfer: int) -> None:
        self._out, self._transfer = out, transfer

    def show(self, event: Event) -> None:
        line = {**msgspec.to_builtins(event), "transfer": self._transfer}
        try:
            self._out.write(msgspec.json.encode(line).decode() + "\n")
            self._out.flush()
        except OSError as error:
            raise OutputLost(error) from error

    def end(self) -> None:
        """Nothing."""


class SilentScreen:
    """``--quiet``: nothing but errors and results."""

    def row(self, transfer: int, name: str) -> Row:
        return self

    def show(self, event: Event) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class LineScreen:
    """Plain lines: what happened, and about every ten seconds how far it is.

    Sooner, if something else goes on or other devices take part: in a log that is the news.
    """

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._out, self._clock = out, clock

    def row(self, transfer: int, name: str) -> Row:
        return LineRow(self._out, name, self._clock)

    def close(self) -> None:
        self._out.flush()


class LineRow:
    def __init__(self, out: TextIO, name: str, clock: Callable[[], float]) -> None:
        self._out, self._clock = out, clock
        self._prefix = f"{shortened(words.harmless(name), LONGEST_NAME)}: " if name else ""
        self._last_at = clock()
        self._news: tuple[str, int] = ("", 0)

    def show(self, event: Event) -> None:
        line = told(event) or self._in_time(step(event))
        if line:
            self._out.write(f"{self._prefix}{line}\n")
            self._out.flush()

    def end(self) -> None:
        """Nothing."""

    def _in_time(self, found: Step | None) -> str | None:
        if found is None or found.stands:
            return None
        news, waited_s = (found.what, found.devices), self._clock() - self._last_at
        if waited_s < (LINE_EVERY_S if news == self._news else LINE_SOONEST_S):
            return None
        self._last_at, self._news = self._clock(), news
        if not found.speeds and found.done == found.whole:
            return None
        said = [found.what, found.text, found.ahead, found.speeds, found.left]
        return "  ".join(filter(None, said))
