"""Where the one thread that decides sits: its inbox, and a helper that makes its calls.

All other threads put messages here and touch nothing else; so the engine, the progress and every
decision belong to a single thread and need no locks. A blocking call is made by a helper, so that
Ctrl-C, a change of the file or a finished hash are noticed while it lasts.
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from manyhands.engine.happenings import Happening, Rest
from manyhands.errors import Paused, Stopped
from manyhands.events import Event
from manyhands.wire import KnownReply, UploadReply

T = TypeVar("T")
TICK_S = 0.25


@dataclass(frozen=True, slots=True)
class Hashed:
    """The hashing thread is done with this part and all before it."""

    part: int


@dataclass(frozen=True, slots=True)
class Broke:
    """What ends the run."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class Interrupted:
    signal_number: int


@dataclass(frozen=True, slots=True)
class PagePut:
    page: int
    known: KnownReply


@dataclass(frozen=True, slots=True)
class PageFailed:
    page: int
    reason: str


@dataclass(frozen=True, slots=True)
class NextPage:
    """The board asks for this page of the manifest."""

    page: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A look at the upload."""

    reply: UploadReply


@dataclass(frozen=True, slots=True)
class Beside:
    """What another client of this process tells."""

    event: Event


@dataclass(frozen=True, slots=True)
class _Returned:
    """The call that somebody waits for has ended."""


Note = Hashed | PagePut | PageFailed | NextPage | Seen | Beside | _Returned
Message = Happening | Note | Broke | Interrupted


class Worker(threading.Thread):
    """Makes one call after another. What a call raises goes to ``broke``."""

    def __init__(self, name: str, broke: Callable[[BaseException], None]) -> None:
        super().__init__(name=name, daemon=True)
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._broke = broke
        self.start()

    def submit(self, call: Callable[[], None]) -> None:
        self._calls.put(call)

    def end(self) -> None:
        self._calls.put(None)

    def run(self) -> None:
        for call in iter(self._calls.get, None):
            try:
                call()
            except BaseException as error:  # noqa: BLE001 - handed to the thread that decides
                self._broke(error)


class Desk:
    """``hashed`` is called, in the deciding thread, with each part that was hashed."""

    def __init__(self, hashed: Callable[[int], None]) -> None:
        self._messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._hashed = hashed
        self._helper = Worker("calls", self.broke)
        self.working = False
        """Whether there is an engine that can rest; before, a pause is simply the end."""

    def put(self, message: Message) -> None:
        """From any thread, and from a signal handler."""
        self._messages.put(message)

    def broke(self, error: BaseException) -> None:
        self.put(Broke(error))

    def get(self, timeout_s: float) -> Message | None:
        """The next message, None after ``timeout_s``.

        Raises Stopped, Paused, and what a thread raised.
        """
        message = self.take(timeout_s)
        match message:
            case Rest() if not self.working:
                raise Paused
            case Broke(error):
                raise error
            case Interrupted(number):
                raise Stopped(number)
            case Hashed(part):
                self._hashed(part)
        return message

    def take(self, timeout_s: float) -> Message | None:
        """The next message as it is, None after ``timeout_s``; for the way out."""
        try:
            return self._messages.get(timeout=max(0.0, timeout_s))
        except queue.Empty:
            return None

    def ask(self, call: Callable[[], T]) -> T:
        """The call's result. Raises what it raises, Stopped, and what a thread raised."""
        results: list[T] = []

        def perform() -> None:
            results.append(call())
            self.put(_Returned())

        self._helper.submit(perform)
        while not results:
            self.get(TICK_S)
        return results[0]

    def wait_until(self, ready: Callable[[], bool]) -> None:
        while not ready():
            self.get(TICK_S)

    def end(self) -> None:
        self._helper.end()
