"""The mind of a download: which parts to fetch now, on how many lanes, by which URL.

No I/O, no clock, no thread. ``handle`` takes what happened, ``decide`` says what to do now, and
``wake_at`` when to ask again if nothing happens before; ``now`` is any clock that only goes
forward, in seconds.

What it keeps to:

* a part is fetched until it is there once, and is never on two lanes;
* one URL for all, asked for once at a time, and only when a part waits for it;
* after Rest nothing begins; after an end nothing happens.

| failure | the part | and |
|---|---|---|
| the line, or a busy storage | again after a wait | fewer lanes |
| refused (403, 404 and their kin) | again by a fresh URL | some URLs in a row: the end |
| other bytes than the manifest's | again after a wait | some of one part: the end |
| stopped on order | again at once | |

No part for ``patience_s`` since the first failure is the end, too. Refused: to tell an expired URL
from a deleted object by the storage's words. Both are answered by asking the service for a fresh
URL, and the service knows what has become of the upload.
"""

import math
from collections.abc import Iterable
from random import Random

from manyhands.download.happenings import (
    Decision,
    Done,
    Failure,
    GetFailed,
    GiveUp,
    Got,
    Happening,
    Sign,
    Signed,
    SignFailed,
    StartGet,
    StopGet,
)
from manyhands.download.link import Link
from manyhands.download.parts_left import PartsLeft
from manyhands.download.rules import Rules
from manyhands.engine.happenings import Moved, Rest, Rested, Retry, Woke
from manyhands.engine.lanes import Lanes
from manyhands.engine.pace import Trouble
from manyhands.engine.rate import RateMeter
from manyhands.errors import KEPT_HERE, DownloadFailed, NothingArrives, StoredDiffers, Withheld


class Engine:
    """``missing``: the parts to fetch."""

    def __init__(self, missing: Iterable[int], rng: Random, rules: Rules | None = None) -> None:
        self._rules, self._rng = rules or Rules(), rng
        self._left = PartsLeft(missing)
        self._link = Link(self._rules, rng)
        self._lanes = Lanes(self._rules.first, self._rules.connections, self._rules.fewest)
        self._meter = RateMeter()
        self._trouble = Trouble()
        self._orders: list[Decision] = []
        self._starved = False  # a part could begin, had it a URL
        self._resting = self._ended = False

    @property
    def rate(self) -> int:
        """Bytes a second, 0 while unknown."""
        return self._meter.rate

    def handle(self, happening: Happening, now: float) -> None:
        """Take in what happened. After the end nothing changes any more."""
        if not self._ended:
            self._take_in(happening, now)

    def decide(self, now: float) -> list[Decision]:
        """What to do now; each decision is said once."""
        if not self._ended:
            self._fill_lanes(now)
            if not self._left:
                self._end(Done())
            elif self._resting and not self._left.busy:
                self._end(Rested())
        orders, self._orders = self._orders, []
        return orders

    def wake_at(self) -> float:
        """The moment of the next decision if nothing happens before."""
        if self._ended or not self._free:
            return math.inf
        return self._link.wake_at() if self._starved else self._left.wake_at()

    @property
    def _free(self) -> int:
        lanes = 0 if self._resting else self._lanes.count
        return max(0, lanes - len(self._left.busy))

    def _fill_lanes(self, now: float) -> None:
        url = self._link.url(now)
        while url and self._free and self._left.due(now):
            self._orders.append(StartGet(self._left.begin(now, self._link.number), url))
        self._starved = not url and self._free > 0 and self._left.due(now)
        if self._starved and self._link.ask(now):
            self._orders.append(Sign())

    def _take_in(self, happening: Happening, now: float) -> None:
        match happening:
            case Moved(count):
                busy = len(self._left.busy)
                self._meter.add(count, now, busy=busy > 0)
                self._lanes.moved(count, now, busy)
            case Got(part):
                self._got(part)
            case GetFailed(part):
                self._get_failed(happening, self._left.ended(part), now)
            case Signed(url, expires_s):
                self._link.signed(url, expires_s, now)
            case SignFailed(reason, at_least_s):
                self._say("the download's address", reason, self._link.failed(now, at_least_s))
                self._lose_patience(reason, now)
            case Rest():
                self._resting = True
            case Woke():
                self._woke(now)

    def _woke(self, now: float) -> None:
        self._trouble.over()
        self._left.hurry(now)
        self._link.hurry(now)
        self._orders += [StopGet(part) for part in self._left.busy]

    def _got(self, part: int) -> None:
        number = self._left.ended(part)
        if number is not None:
            self._link.proved(number)
            self._trouble.over()
            self._meter.confirm()

    def _get_failed(self, failed: GetFailed, number: int | None, now: float) -> None:
        if number is None:
            return
        self._left.again(failed.part, now)
        if failed.why is Failure.STOPPED:
            return
        match failed.why:
            case Failure.REFUSED:
                self._refused(failed, number, now)
            case Failure.WRONG:
                self._wrong(failed, now)
            case _:
                self._lanes.failed(now)
                self._postpone(failed, now)
        self._lose_patience(_said(failed), now)

    def _refused(self, failed: GetFailed, number: int, now: float) -> None:
        if not self._link.refused(number, now):
            return
        if self._link.refusals >= self._rules.refusals:
            text = f"The storage does not give the file out ({_said(failed)}). {KEPT_HERE}"
            self._give_up(Withheld(text))
        elif self._link.refusals > 1:
            wait_s = max(0.0, self._link.wake_at() - now)
            self._say(f"part {failed.part}", _said(failed), wait_s)

    def _wrong(self, failed: GetFailed, now: float) -> None:
        self._left.wrongs[failed.part] += 1
        if self._left.wrongs[failed.part] >= self._rules.wrongs:
            text = f"Part {failed.part} arrives again and again with the wrong content"
            self._give_up(StoredDiffers(f"{text} ({_said(failed)}). {KEPT_HERE}"))
        else:
            self._postpone(failed, now)

    def _postpone(self, failed: GetFailed, now: float) -> None:
        self._left.failures[failed.part] += 1
        wait_s = self._rules.backoff.wait_s(self._left.failures[failed.part], self._rng)
        self._left.again(failed.part, now + wait_s)
        self._say(f"part {failed.part}", _said(failed), wait_s)

    def _say(self, what: str, reason: str, wait_s: float) -> None:
        self._orders.append(Retry(what, reason, wait_s))

    def _lose_patience(self, reason: str, now: float) -> None:
        self._trouble.failed(now)
        if self._trouble.lasts_s(now) > self._rules.patience_s:
            self._give_up(NothingArrives(reason))

    def _give_up(self, error: DownloadFailed) -> None:
        if not self._ended:
            self._end(GiveUp(error))

    def _end(self, end: Done | GiveUp | Rested) -> None:
        self._orders += [*(StopGet(part) for part in self._left.busy), end]
        self._ended = True


def _said(failed: GetFailed) -> str:
    return failed.detail or failed.why.value
