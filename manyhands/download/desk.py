"""Where the one thread that decides sits: its inbox, and a helper that makes its calls.

As for uploads: all other threads put messages here and touch nothing else, so the engine and every
decision belong to a single thread and need no locks, and a signal, a pause or an error is noticed
while a call or the check of the disk goes on.
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from manyhands.download.happenings import Happening
from manyhands.errors import KEPT_HERE, Stopped

T = TypeVar("T")
TICK_S = 0.25


@dataclass(frozen=True, slots=True)
class Checked:
    """What lay on the disk of this part was compared with the manifest."""

    part: int


@dataclass(frozen=True, slots=True)
class Broke:
    """What ends the run."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class Interrupted:
    signal_number: int


@dataclass(frozen=True, slots=True)
class _Returned:
    """The call that somebody waits for has ended."""


Message = Happening | Checked | Broke | Interrupted | _Returned


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
    """``heard`` is called, in the deciding thread, with what comes while a call is waited for."""

    def __init__(self, heard: Callable[[Message], None]) -> None:
        self._messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._heard = heard
        self._helper = Worker("calls", self.broke)

    def put(self, message: Message) -> None:
        """From any thread, and from a signal handler."""
        self._messages.put(message)

    def broke(self, error: BaseException) -> None:
        self.put(Broke(error))

    def get(self, timeout_s: float) -> Message | None:
        """The next message, None after ``timeout_s``. Raises Stopped, and what a thread raised."""
        try:
            message = self._messages.get(timeout=max(0.0, timeout_s))
        except queue.Empty:
            return None
        if isinstance(message, Broke):
            raise message.error
        if isinstance(message, Interrupted):
            raise Stopped(message.signal_number, KEPT_HERE)
        return message

    def ask(self, call: Callable[[], T]) -> T:
        """The call's result. Raises what it raises, Stopped, and what a thread raised."""
        results: list[T] = []

        def perform() -> None:
            results.append(call())
            self.put(_Returned())

        self._helper.submit(perform)
        while not isinstance(message := self.get(TICK_S), _Returned):
            if message:
                self._heard(message)
        return results[0]

    def end(self) -> None:
        self._helper.end()
