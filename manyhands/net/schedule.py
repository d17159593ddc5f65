"""``--limit-rate`` by the time of day: ``2M, 500k from 8 to 18``.

Entries stand between commas; the first whose time it is counts, one without a time counts always.
Where none counts there is no limit. Times are this machine's, to the minute, and may go over
midnight.
"""

import re
import time
from dataclasses import dataclass

from manyhands.errors import BadRate

_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMG]?)(?:i?B)?(?:/s)?", re.IGNORECASE)
_UNITS = {"": 1, "K": 1000, "M": 1000**2, "G": 1000**3}
_TIMES = r"\s+from\s+(?P<start>\S+)\s+to\s+(?P<end>\S+)"
_ENTRY = re.compile(rf"(?P<rate>.+?)(?:{_TIMES})?", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?")
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Entry:
    """``rate`` in bytes a second, from minute ``start`` of the day until before minute ``end``."""

    rate: int
    start: int = 0
    end: int = DAY

    def counts(self, minute: int) -> bool:
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end


@dataclass(frozen=True, slots=True)
class Schedule:
    entries: tuple[Entry, ...] = ()

    def rate_at(self, minute: int) -> int:
        """Bytes a second in this minute of the day; 0 for no limit."""
        return next((entry.rate for entry in self.entries if entry.counts(minute)), 0)

    @property
    def highest(self) -> int:
        """The highest rate of all; 0 if there may be no limit."""
        always = any((entry.start, entry.end) == (0, DAY) for entry in self.entries)
        return max(entry.rate for entry in self.entries) if always else 0


def schedule_of(text: str) -> Schedule:
    """From ``2M`` or ``2M, 500k from 8 to 18``; "" is no limit. Raises BadRate."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    entries = [_entry(part) for part in parts]
    if sum((entry.start, entry.end) == (0, DAY) for entry in entries) > 1:
        raise BadRate(f"«{text}» has two rates that count always. Give times to one of them.")
    timed = [entry for entry in entries if (entry.start, entry.end) != (0, DAY)]
    return Schedule((*timed, *[entry for entry in entries if entry not in timed]))


def rate_of(text: str) -> int:
    """Bytes a second from ``300K``, ``2M``, ``1.5M`` or a plain number. Raises BadRate."""
    match = _RATE.fullmatch(text.strip())
    rate = int(float(match[1]) * _UNITS[match[2].upper()]) if match else 0
    if rate < 1:
        raise BadRate(
            f"«{text}» is not a rate. Write for example 300K, 2M or 1.5M (bytes a second), "
            "or «2M, 500K from 8 to 18»."
        )
    return rate


def minute_now() -> int:
    now = time.localtime()
    return now.tm_hour * 60 + now.tm_min


def _entry(text: str) -> Entry:
    match = _ENTRY.fullmatch(text)
    if not match or not match["start"]:
        return Entry(rate_of(text))
    start, end = _minute(match["start"]), _minute(match["end"])
    if start == end:
        raise BadRate(f"«{text}» begins when it ends.")
    return Entry(rate_of(match["rate"]), start, end)


def _minute(text: str) -> int:
    match = _TIME.fullmatch(text)
    minute = int(match[1]) * 60 + int(match[2] or 0) if match else DAY + 1
    if minute > DAY:
        raise BadRate(f"«{text}» is not a time of day. Write for example 8, 17:30 or 24.")
    return minute
