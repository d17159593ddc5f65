"""What uploads and downloads share of their threads: an inbox, helpers, a counter.

A run belongs to one thread, which decides. All others put messages into its inbox and touch nothing
else; so an engine, its progress and every decision need no locks. A blocking call is made by a
helper, so that Ctrl-C, a pause or an error is noticed while it lasts.
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from manyhands.errors import KEPT, Stopped

M = TypeVar("M")
T = TypeVar("T")
TICK_S = 0.25


@dataclass(frozen=True, slots=True)
class Broke:
    """What ends the run."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class Interrupted:
    signal_number: int


@dataclass(frozen=True, slots=True)
class Returned:
    """The call that somebody waits for has ended."""


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


class Inbox(Generic[M]):
    """Messages of the kinds ``M``. ``kept``: what is said to be kept when a signal ends the run."""

    def __init__(self, kept: str = KEPT) -> None:
        self._messages: queue.SimpleQueue[M | Broke | Interrupted | Returned] = queue.SimpleQueue()
        self._kept = kept
        self._helper = Worker("calls", self.broke)

    def put(self, message: M | Broke | Interrupted | Returned) -> None:
        """From any thread, and from a signal handler."""
        self._messages.put(message)

    def broke(self, error: BaseException) -> None:
        self.put(Broke(error))

    def heard(self, message: M) -> None:
        """In the deciding thread, each message as it is taken; may raise."""

    def get(self, timeout_s: float) -> M | None:
        """The next message, None after ``timeout_s``.

        Raises Stopped, what a thread raised, and what ``heard`` raises.
        """
        message = self.take(timeout_s)
        match message:
            case Broke(error):
                raise error
            case Interrupted(number):
                raise Stopped(number, self._kept)
            case None | Returned():
                return None
        self.heard(message)
        return message

    def take(self, timeout_s: float) -> M | Broke | Interrupted | Returned | None:
        """The next message as it is, None after ``timeout_s``; for the way out."""
        try:
            return self._messages.get(timeout=max(0.0, timeout_s))
        except queue.Empty:
            return None

    def ask(self, call: Callable[[], T]) -> T:
        """The call's result. Raises what it raises, and as ``get`` does."""
        results: list[T] = []

        def perform() -> None:
            results.append(call())
            self.put(Returned())

        self._helper.submit(perform)
        while not results:
            self.get(TICK_S)
        return results[0]

    def wait_until(self, ready: Callable[[], bool]) -> None:
        while not ready():
            self.get(TICK_S)

    def end(self) -> None:
        self._helper.end()


class Counter:
    """Counts bytes over all connections, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0

    def add(self, count: int) -> None:
        with self._lock:
            self._count += count

    @property
    def count(self) -> int:
        """What was counted since the last ``take``."""
        return self._count

    def take(self) -> int:
        """What was counted since the last call."""
        with self._lock:
            count, self._count = self._count, 0
        return count
