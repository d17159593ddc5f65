"""Carrying transfers: one after the other, or a few at once, until all have come to an end.

The queue's order is the shelf's, looked at whenever a place is free, so that it can be changed from
another terminal while this process works. A wish to pause that was put on the shelf by anybody is
heard within half a second. Each transfer runs in a thread of its own and is held by a lock of this
process; what another process holds is left to it. One transfer's failure does not touch the others.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from manyhands.errors import (
    ManyhandsError,
    NoSuchTransfer,
    NotSignedIn,
    OutOfReach,
    OutputLost,
    Paused,
    Stopped,
    Unreachable,
    UploadEnded,
)
from manyhands.events import Event as Told
from manyhands.files.lock import FileLock
from manyhands.transfers.cycle import CARRIED, Event, State
from manyhands.transfers.shelf import Shelf, Transfer

TICK_S = 0.25
LOOKS_S = 0.3
CANCELLED = "The upload was cancelled. Run the same command again to begin anew."


class Run(Protocol):
    """One transfer on its way. ``run`` raises ManyhandsError; the others come from any thread."""

    def run(self) -> Told: ...

    def stop(self, signal_number: int) -> None: ...

    def rest(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Result:
    """``ended`` if it came to its end, else ``error``."""

    transfer: Transfer
    ended: Told | None = None
    error: ManyhandsError | None = None


class Locks:
    """Which transfers this process carries; ``folder`` holds a file for each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, id: int) -> FileLock:
        return FileLock(self._folder / f"{id}.lock")

    def is_free(self, id: int) -> bool:
        with self.tried(id) as free:
            return free

    @contextmanager
    def tried(self, id: int) -> Iterator[bool]:
        """Whether it could be had; if so, it is held within."""
        lock = self.of(id)
        try:
            yield lock.acquire()
        finally:
            lock.release()


def recover(shelf: Shelf, locks: Locks) -> None:
    """What no process carries any more, although it says so, is suspended."""
    for each in shelf.all(*CARRIED):
        with locks.tried(each.id) as free:
            if free and shelf.get(each.id).state in CARRIED:
                shelf.move(each.id, Event.SUSPEND, "its process ended")


class Queue:
    """``make`` makes the run of a transfer; ``ended``, which never raises, hears each result."""

    def __init__(
        self,
        shelf: Shelf,
        locks: Locks,
        make: Callable[[Transfer], Run],
        ended: Callable[[Result], None],
        at_once: int = 1,
    ) -> None:
        self._shelf, self._locks, self._make, self._ended = shelf, locks, make, ended
        self._at_once = at_once
        self._running: dict[int, tuple[Run, FileLock]] = {}
        self._waiting: dict[int, FileLock] = {}
        self._done: list[int] = []
        self._finished: dict[int, Transfer] = {}
        self._news = threading.Event()
        self._lock, self._telling = threading.Lock(), threading.Lock()
        self._signal = 0

    def run(self, ids: Iterable[int]) -> None:
        """Blocks until all have ended. Those that another process carries are not touched."""
        for id in ids:
            self._take(id)
        while self._running or (self._waiting and not self._signal):
            self._start_next()
            self._hear_wishes()
            self._news.wait(TICK_S)
            self._news.clear()
            self._clear_up()
        for id in list(self._waiting):
            self._put_back(id, Event.SUSPEND, "stopped before its turn")

    def stop(self, signal_number: int) -> None:
        """All end soon, and give back what they hold. From a signal handler."""
        self._signal = signal_number
        for run, _ in list(self._running.values()):
            run.stop(signal_number)
        self._news.set()

    def _take(self, id: int) -> None:
        lock = self._locks.of(id)
        if not _acquired(lock):
            return
        found = self._shelf.get(id)
        if found.state is State.DONE:
            self._finished[id] = found
        if found.state in CARRIED:
            self._shelf.move(id, Event.SUSPEND)  # by whoever was killed
        self._shelf.move(id, Event.RESUME)
        self._waiting[id] = lock

    def _start_next(self) -> None:
        for transfer in self._shelf.all(State.QUEUED):
            if self._signal or len(self._running) >= self._at_once:
                return
            if transfer.id in self._waiting:
                self._start(transfer)

    def _start(self, transfer: Transfer) -> None:
        lock = self._waiting.pop(transfer.id)
        transfer = self._shelf.move(transfer.id, Event.START)
        try:
            run = self._make(transfer)
        except ManyhandsError as error:
            self._end(transfer, None, error)
            lock.release()
            return
        self._running[transfer.id] = (run, lock)
        if self._signal:  # it came while the run was made
            run.stop(self._signal)
        name = f"transfer {transfer.id}"
        threading.Thread(target=self._carry, args=(transfer, run), name=name, daemon=True).start()

    def _carry(self, transfer: Transfer, run: Run) -> None:
        ended, failed = None, None
        try:
            ended = run.run()
        except ManyhandsError as error:
            failed = error
        except Exception as error:  # noqa: BLE001 - a defect of ours must not stop the others
            failed = ManyhandsError(f"Something unexpected happened: {error!r}.")
            failed.__cause__ = error
        try:
            self._end(transfer, ended, failed)
        finally:
            with self._lock:
                self._done.append(transfer.id)
            self._news.set()

    def _end(self, transfer: Transfer, ended: Told | None, failed: ManyhandsError | None) -> None:
        event, why = meaning(failed) if failed else (Event.FINISH, "")
        try:
            if event is Event.PAUSE and self._is_cancelled(transfer.id):
                failed = UploadEnded(CANCELLED, "cancelled")
                event, why = meaning(failed)
            transfer = self._move(transfer.id, event, why)
        except ManyhandsError as unkept:  # a full disk, say: the transfer has ended all the same
            failed = failed or unkept
        with self._telling:
            self._ended(Result(transfer, None if failed else ended, failed))

    def _move(self, id: int, event: Event, why: str) -> Transfer:
        """What was done stays done if nothing came of carrying it once more."""
        before = self._finished.get(id)
        if (
            before
            and event is not Event.CANCEL
            and _substance(self._shelf.get(id)) == _substance(before)
        ):
            event, why = Event.FINISH, ""
        return self._shelf.move(id, event, why)

    def _is_cancelled(self, id: int) -> bool:
        """Whether it was asked to rest because somebody cancels it, or has done so by now."""
        try:
            found = self._shelf.get(id)
        except NoSuchTransfer:
            return True
        return found.wish == "cancel" or found.state is State.CANCELLED

    def _hear_wishes(self) -> None:
        for id, wish in self._shelf.wishes([*self._running, *self._waiting]).items():
            if id in self._running:
                self._running[id][0].rest()
            else:
                self._put_back(id, _WISHED[wish])

    def _put_back(self, id: int, event: Event, why: str = "") -> None:
        lock = self._waiting.pop(id)
        self._move(id, event, why)
        lock.release()

    def _clear_up(self) -> None:
        with self._lock:
            done, self._done = self._done, []
        for id in done:
            self._running.pop(id)[1].release()


def _acquired(lock: FileLock) -> bool:
    """Tried for a moment: somebody who only looks holds it for a moment, too."""
    until = time.monotonic() + LOOKS_S
    while not (taken := lock.acquire()) and time.monotonic() < until:
        time.sleep(LOOKS_S / 10)
    return taken


def _substance(transfer: Transfer) -> tuple[str, int, int, int]:
    """What a run changes if anything comes of it."""
    return transfer.upload, transfer.size, transfer.mtime_ns, transfer.bytes_done


_WISHED = {"pause": Event.PAUSE, "cancel": Event.CANCEL}

_SUSPENDS: Mapping[type[ManyhandsError], str] = {
    Stopped: "stopped",
    OutputLost: "its output was lost",
    OutOfReach: "no network",
    Unreachable: "no network",
    NotSignedIn: "not signed in",
}


def meaning(error: ManyhandsError) -> tuple[Event, str]:
    """What an error makes of the transfer, and why."""
    if isinstance(error, Paused):
        return Event.PAUSE, ""
    if isinstance(error, UploadEnded) and error.status == "cancelled":
        return Event.CANCEL, error.message
    for kind, why in _SUSPENDS.items():
        if isinstance(error, kind):
            return Event.SUSPEND, why
    return Event.FAIL, error.message
