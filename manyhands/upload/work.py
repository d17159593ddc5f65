"""Bringing one upload to its end: the loop of the one thread that decides.

It waits for the next message or the engine's next moment, feeds the engine, and carries out what
the engine decides. Whatever ends the loop early, an error or a signal, the parts under way are
stopped and the tickets given back, so that other devices need not wait for a lease to lapse.
"""

import threading
import time
from collections.abc import Callable

from manyhands.engine.engine import Engine
from manyhands.engine.happenings import (
    Answered,
    Decision,
    Disowned,
    End,
    Exchange,
    ExchangeFailed,
    Failure,
    GiveUp,
    Happening,
    Look,
    MoreKnown,
    Moved,
    PutFailed,
    Rest,
    Rested,
    Retry,
    Sent,
    StartPut,
    StatusSeen,
    StopPut,
    Woke,
)
from manyhands.engine.happenings import Turned as StatusTurned
from manyhands.engine.reach import SERVICE, STORAGE, TROUBLE_S, Reach
from manyhands.errors import Paused
from manyhands.events import Event, PartSent, Progress, Retrying, Turned
from manyhands.files.hashing import Digests
from manyhands.inbox import TICK_S, Worker
from manyhands.net.api import BRIEF, UNHURRIED, Api, Patience
from manyhands.net.presence import Presence, Towards
from manyhands.upload.calls import Calls
from manyhands.upload.crew import Crew
from manyhands.upload.desk import (
    Beside,
    Desk,
    Message,
    PageFailed,
    PagePut,
    Seen,
)
from manyhands.upload.memory import Memory
from manyhands.upload.pager import Pager
from manyhands.upload.tally import Tally
from manyhands.wire import Upload

PROGRESS_EVERY_S = 0.5
GOODBYE_S = 1.7
WIND_DOWN_S = 0.2


class Work:
    """One upload and this process's part in it. ``listen`` is called in the deciding thread."""

    def __init__(
        self,
        *,
        api: Api,
        upload: Upload,
        engine: Engine,
        crew: Crew,
        desk: Desk,
        digests: Digests,
        proven: int,
        tally: Tally,
        listen: Callable[[Event], None],
        memory: Memory,
        beside: Callable[[], tuple[int, int, int]] = lambda: (0, 0, 0),
        trouble_s: float = TROUBLE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api, self._upload, self._calls = api, upload, Calls(api, upload.id, upload.generation)
        self._engine, self._crew, self._desk, self._digests = engine, crew, desk, digests
        self._tally, self._listen, self._clock = tally, listen, clock
        self._memory, self._beside = memory, beside
        self._presence, self._reach = Presence(Towards(api.host)), Reach(trouble_s)
        self._pager = Pager(digests.plan, upload.parts_known, yours=upload.yours, proven=proven)
        self._board = Worker("board", desk.broke)
        self._manifest = Worker("manifest", desk.broke)
        self._shown_at = float("-inf")
        self._status = ""

    def until(self, *ends: str) -> str:
        """Works until the upload's status is one of ``ends``, or another that ends it.

        ``beside``, at the making: speed, parts under way and bytes of them that have left, of other
        clients of this process.

        Returns that status. Raises UploadFailed, Stopped, Refused, DigestDiffers, FileChanged.
        """
        self._desk.working = True
        try:
            self._loop(ends)
        except Paused:
            self._leave(UNHURRIED, UNHURRIED.within_s)
            raise
        except BaseException:
            self._leave(BRIEF, GOODBYE_S)
            raise
        finally:
            self._desk.working = False
            self._board.end()
            self._manifest.end()
            self._crew.end()
        self._show()
        return self._status

    def _loop(self, ends: tuple[str, ...]) -> None:
        while True:
            for decision in self._engine.decide(self._clock()):
                self._do(decision)
            if self._status or self._tally.status in ends:
                self._status = self._status or self._tally.status
                return
            self._put_page()
            wait_s = min(TICK_S, self._engine.wake_at() - self._clock())
            self._take(self._desk.get(wait_s))

    def _take(self, message: Message | None) -> None:
        moved = self._crew.moved.take()
        self._tell(Moved(moved))
        rate_beside, _, _ = self._beside()
        alive = moved + rate_beside
        self._reach.moved(alive, self._crew.sending, self._clock(), idle=self._engine.idle)
        if self._presence.woke():
            self._tell(Woke())
        self._count(message)
        if isinstance(
            message, Answered | Sent | PutFailed | ExchangeFailed | Disowned | Rest | StatusSeen
        ):
            self._hear(message)
        if isinstance(message, Sent):  # told last: whatever becomes of that, it is sent
            length = self._digests.plan.length(message.part)
            self._listen(PartSent(part=message.part, bytes=length))
        self._look_out(message)
        if self._clock() - self._shown_at >= PROGRESS_EVERY_S:
            self._show()

    def _count(self, message: Message | None) -> None:
        """Whatever it changes in what is known, kept or under way."""
        match message:
            case Sent(part):
                self._crew.ended(part)
                self._tally.sent(part)
            case PutFailed(part):
                self._crew.ended(part)
            case Answered(reply):
                self._tally.answered(reply)
                self._pager.learn(reply.progress.parts_known)
            case Seen(reply):
                self._tally.seen(reply.upload, reply.board.clients)
                self._tell(StatusSeen(reply.upload.status))
            case Beside(event):
                self._count_beside(event)
            case PagePut() | PageFailed():
                self._turn_page(message)

    def _look_out(self, message: Message | None) -> None:
        """Tell when the service or the storage goes out of reach, and when it is back."""
        now = self._clock()
        match message:
            case Sent():
                self._reach.answered(STORAGE)
            case PutFailed(_, Failure.LINE, why):
                self._reach.failed(STORAGE, why, now)
            case PutFailed(_, Failure.REFUSED, why):
                self._reach.failed(STORAGE, f"{STORAGE} answers {why}", now)
            case Answered() | Seen() | Disowned():
                self._reach.answered(SERVICE)
            case ExchangeFailed(why):
                self._reach.failed(SERVICE, why, now)
        news = self._reach.news(now)
        if news:
            self._listen(news)

    def _count_beside(self, event: Event) -> None:
        if isinstance(event, PartSent):
            self._tally.sent(event.part)
        self._listen(event)

    def _hear(self, happening: Happening) -> None:
        """Remembered is what the engine counts as unreported, and no longer than it does."""
        before = self._engine.unreported
        self._tell(happening)
        if isinstance(happening, Sent) and happening.part in self._engine.unreported:
            self._memory.sent(self._engine.client, happening.part)
        if isinstance(happening, Answered | Disowned) and before:
            left = set(self._engine.unreported)
            self._memory.reported(self._engine.client, [p for p in before if p not in left])

    def _tell(self, happening: Happening) -> None:
        self._engine.handle(happening, self._clock())

    def _do(self, decision: Decision) -> None:
        match decision:
            case StartPut(ticket):
                self._crew.start(ticket)
            case StopPut(part):
                self._crew.stop(part)
            case Exchange(request):
                self._reach.asked(self._clock())
                self._board.submit(lambda: self._desk.put(self._calls.exchange(request)))
            case Look():
                self._reach.asked(self._clock())
                self._board.submit(lambda: self._desk.put(self._calls.look()))
            case StatusTurned(before, status):
                self._tally.status = status
                self._listen(Turned(before=before, status=status))
            case Retry(what, reason, wait_s):
                self._listen(Retrying(what=what, reason=reason, wait_s=round(wait_s, 1)))
            case End(status):
                self._status = status
            case GiveUp(error):
                raise error
            case Rested():
                raise Paused

    def _put_page(self) -> None:
        page = self._pager.due(self._clock())
        digests = self._digests.page(page) if page is not None else None
        if page is not None and digests is not None:
            self._pager.began()
            self._manifest.submit(lambda: self._desk.put(self._calls.put_page(page, digests)))

    def _turn_page(self, message: PagePut | PageFailed) -> None:
        match message:
            case PagePut(known):
                self._pager.went_well()
                self._pager.learn(known.parts_known)
                self._tell(MoreKnown())
            case PageFailed(reason):
                self._pager.failed(self._clock())
                self._listen(Retrying(what="the manifest", reason=reason, wait_s=0.0))

    def _show(self) -> None:
        self._listen(self._kept_progress())

    def _kept_progress(self) -> Progress:
        """How far it is, also written down."""
        self._shown_at = self._clock()
        engine = self._engine
        rate, sending, under_way = self._beside()
        progress = self._tally.progress(
            engine.unreported,
            rate + engine.rate,
            sending + self._crew.sending,
            self._shown_at,
            in_reach=not self._reach.lost,
            under_way=under_way + self._crew.under_way,
        )
        self._memory.progress(progress, engine.seq)
        return progress

    def _leave(self, patience: Patience, within_s: float) -> None:
        """Stop the PUTs, report what is sent, give the rest back; after a signal in two seconds."""
        self._crew.stop_all()
        until = self._clock() + WIND_DOWN_S
        while self._crew.sending and self._clock() < until:
            message = self._desk.take(until - self._clock())
            if isinstance(message, Sent | PutFailed):
                self._take(message)
        said = threading.Event()
        goodbye = Worker("goodbye", lambda error: said.set())
        goodbye.submit(lambda: self._say_goodbye(patience))
        goodbye.submit(said.set)
        goodbye.end()
        said.wait(within_s)
        self._kept_progress()  # not told: it may be the listener that failed

    def _say_goodbye(self, patience: Patience) -> None:
        farewell = self._engine.farewell()
        self._api.exchange(self._upload.id, farewell, patience)
        self._memory.reported(farewell.client, farewell.done)
