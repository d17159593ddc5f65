"""Fetching what is missing: the loop of the one thread that decides.

It waits for the next message or the engine's next moment, feeds the engine, and carries out what it
decides. However the loop ends, the lanes are ended before the file is touched again.
"""

import time
from collections.abc import Callable

from manyhands.download.calls import sign
from manyhands.download.crew import Crew
from manyhands.download.desk import Desk, Message
from manyhands.download.engine import Engine
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
from manyhands.engine.happenings import Moved, Rest, Rested, Retry, Woke
from manyhands.engine.reach import SERVICE, STORAGE, TROUBLE_S, Reach
from manyhands.events import Event, Fetching, PartFetched, Retrying
from manyhands.inbox import TICK_S, Worker
from manyhands.net.api import Api
from manyhands.parts import PartPlan
from manyhands.wire import Upload

PROGRESS_EVERY_S = 0.5
QUIET_S = 5.0


class Tally:
    """How far it is. ``there``: the parts that were on the disk before."""

    def __init__(self, plan: PartPlan, there: set[int]) -> None:
        self.plan = plan
        self.parts_done = len(there)
        self.bytes_done = sum(map(plan.length, there))
        self.own_parts = self.own_bytes = 0

    def got(self, part: int) -> None:
        length = self.plan.length(part)
        self.parts_done += 1
        self.bytes_done += length
        self.own_parts += 1
        self.own_bytes += length

    def progress(
        self, rate: int, lanes: int, seconds: float, *, in_reach: bool = True, under_way: int = 0
    ) -> Fetching:
        """``seconds`` since fetching began; at first nothing is said of the time left."""
        rate *= in_reach
        left = self.plan.size - self.bytes_done
        known = rate and left and seconds >= QUIET_S
        return Fetching(
            bytes_done=self.bytes_done,
            size=self.plan.size,
            parts_done=self.parts_done,
            parts=self.plan.count,
            own_bytes=self.own_bytes,
            rate=rate,
            lanes=lanes,
            eta_s=round(left / rate, 1) if known else None,
            in_reach=in_reach,
            under_way=min(left, under_way),
        )


class Work:
    """One download. ``listen`` is called in the deciding thread."""

    def __init__(
        self,
        *,
        api: Api,
        upload: Upload,
        engine: Engine,
        crew: Crew,
        desk: Desk,
        tally: Tally,
        listen: Callable[[Event], None],
        trouble_s: float = TROUBLE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api, self._upload = api, upload
        self._engine, self._crew, self._desk = engine, crew, desk
        self._tally, self._listen, self._clock = tally, listen, clock
        self._signer = Worker("signing", desk.broke)
        self._reach = Reach(trouble_s)
        self._began = clock()
        self._shown_at = float("-inf")
        self._end: Done | Rested | None = None

    def until_done(self) -> bool:
        """Fetches; True when the file is whole, False when it rests.

        Raises DownloadFailed, Stopped, Refused.
        """
        try:
            while not self._end:
                self._turn()
        finally:
            self._signer.end()
            self._crew.end()
        self._show()
        return isinstance(self._end, Done)

    def _turn(self) -> None:
        for decision in self._engine.decide(self._clock()):
            self._do(decision)
        if not self._end:
            wait_s = min(TICK_S, self._engine.wake_at() - self._clock())
            self._take(self._desk.get(wait_s))

    def _take(self, message: Message | None) -> None:
        moved = self._crew.moved.take()
        self._tell(Moved(moved))
        self._reach.moved(moved, self._crew.busy, self._clock())
        match message:
            case Got(part):
                self._crew.ended(part)
                self._tally.got(part)
                self._listen(PartFetched(part=part, bytes=self._tally.plan.length(part)))
            case GetFailed(part):
                self._crew.ended(part)
        if isinstance(message, Got | GetFailed | Signed | SignFailed | Rest | Woke):
            self._tell(message)
        self._look_out(message)
        if self._clock() - self._shown_at >= PROGRESS_EVERY_S:
            self._show()

    def _look_out(self, message: Message | None) -> None:
        """Tell when the service or the storage goes out of reach, and when it is back."""
        now = self._clock()
        match message:
            case Got():
                self._reach.answered(STORAGE)
            case GetFailed(_, Failure.LINE, why):
                self._reach.failed(STORAGE, why, now)
            case GetFailed(_, Failure.BUSY, why):
                self._reach.failed(STORAGE, f"{STORAGE} answers with {why}", now)
            case Signed():
                self._reach.answered(SERVICE)
            case SignFailed(why):
                self._reach.failed(SERVICE, why, now)
        news = self._reach.news(now)
        if news:
            self._listen(news)

    def _tell(self, happening: Happening) -> None:
        self._engine.handle(happening, self._clock())

    def _do(self, decision: Decision) -> None:
        match decision:
            case StartGet(part, url):
                self._crew.start(part, url)
            case StopGet(part):
                self._crew.stop(part)
            case Sign():
                self._reach.asked(self._clock())
                self._signer.submit(lambda: self._desk.put(sign(self._api, self._upload)))
            case Retry(what, reason, wait_s):
                self._listen(Retrying(what=what, reason=reason, wait_s=round(wait_s, 1)))
            case Done() | Rested():
                self._end = decision
            case GiveUp(error):
                raise error

    def _show(self) -> None:
        self._shown_at = self._clock()
        seconds = self._shown_at - self._began
        rate, in_reach = self._engine.rate, not self._reach.lost
        busy, under_way = self._crew.busy, self._crew.under_way
        self._listen(
            self._tally.progress(rate, busy, seconds, in_reach=in_reach, under_way=under_way)
        )
