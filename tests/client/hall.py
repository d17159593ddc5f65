"""A queue of runs that end as a test says, on a shelf of its own."""

import threading
from collections.abc import Callable
from pathlib import Path

from manyhands.errors import Paused, Stopped
from manyhands.events import Differs, Event
from manyhands.transfers.cycle import State
from manyhands.transfers.database import Database
from manyhands.transfers.queue import Locks, Queue, Result
from manyhands.transfers.shelf import Purpose, Shelf, Transfer

PATIENCE_S = 10.0
DONE = Differs(upload="x")


class Script:
    """A run that waits until it is told how to end."""

    def __init__(self, hall: "Hall", transfer: Transfer) -> None:
        self._hall, self._path = hall, transfer.path
        self.told = threading.Event()
        self.error: BaseException | None = None

    def run(self) -> Event:
        self._hall.begun.append(self._path)
        ending = self._hall.endings.get(self._path, "waits")
        if ending == "waits":
            assert self.told.wait(PATIENCE_S)
            ending = self.error or DONE
        if isinstance(ending, BaseException):
            raise ending
        return DONE

    def stop(self, signal_number: int) -> None:
        self.end(Stopped(signal_number))

    def rest(self) -> None:
        self.end(Paused())

    def end(self, error: BaseException | None = None) -> None:
        self.error = error
        self.told.set()


class Hall:
    """A queue of scripts. ``endings``: how the run of a path ends, if it does so by itself."""

    def __init__(self, folder: Path, at_once: int = 1) -> None:
        self.begun: list[str] = []
        self.endings: dict[str, object] = {}
        self.making: dict[str, Callable[[], None]] = {}
        self.results: list[Result] = []
        self.scripts: dict[str, Script] = {}
        self.shelf = Shelf(Database(folder, print), "ana")
        self.locks = Locks(folder / "locks")
        self.queue = Queue(self.shelf, self.locks, self._make, self.results.append, at_once)
        self._thread: threading.Thread | None = None

    def put(self, *paths: str) -> list[int]:
        return [self.shelf.put(Purpose(kind="upload", path=path)).id for path in paths]

    def start(self, *ids: int) -> None:
        self._thread = threading.Thread(target=self.queue.run, args=(ids,))
        self._thread.start()

    def until(self, *begun: str) -> None:
        for _ in range(1000):
            if self.begun == list(begun):
                return
            threading.Event().wait(0.01)
        raise AssertionError(f"{self.begun}, not {begun}")

    def join(self) -> None:
        if self._thread:
            self._thread.join(PATIENCE_S)
            assert not self._thread.is_alive()

    def states(self) -> dict[str, State]:
        return {each.path: each.state for each in self.shelf.all()}

    def _make(self, transfer: Transfer) -> Script:
        making = self.making.get(transfer.path)
        if making:
            making()
        script = self.scripts[transfer.path] = Script(self, transfer)
        return script
