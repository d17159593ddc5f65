"""The SQLite file in which transfers are kept, and what is done when it is damaged.

Write-ahead logging lets several processes read while one writes; each write is one short
transaction, and waits for its turn. ``synchronous=NORMAL`` loses at most the last moments when the
power fails, never the file's consistency; and what is lost then, the service still knows.

A file that is damaged is set aside under another name, with a message, and a new one is begun:
nothing that was uploaded is lost by that, because the same file under the same name in the same
group always arrives at the same upload.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from manyhands.errors import StoreUnusable
from manyhands.transfers.schema import migrate

BUSY_S = 15.0
NAME = "transfers.db"


class Database:
    """Safe to share between threads and processes. Raises StoreUnusable, NewerDatabase.

    ``tell`` is called with a sentence for the person if the file had to be set aside.
    """

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        self._lock = threading.RLock()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._connection = _sound(folder / NAME, tell)
        except (OSError, sqlite3.Error) as error:
            raise StoreUnusable(f"{folder} cannot be used: {error}.") from error

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def rows(self, query: str, values: Mapping[str, Any]) -> list[sqlite3.Row]:
        with self._telling():
            return list(self._connection.execute(query, values))

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, alone among all processes."""
        with self._telling():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _telling(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise StoreUnusable(f"The list of transfers cannot be used: {error}.") from error


def _sound(path: Path, tell: Callable[[str], None]) -> sqlite3.Connection:
    try:
        return _open(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        aside = path.with_name(f"{path.name}.damaged-{int(time.time())}")
        _set_aside(path, aside)
        tell(
            f"The list of transfers was damaged ({error}) and is now {aside}. Nothing that was "
            "uploaded is lost: upload the same files again, and they go on where they were."
        )
        return _open(path)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
    )
    try:
        connection.row_factory = sqlite3.Row
        for setting in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {setting}")
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_aside(path: Path, aside: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.replace(aside.with_name(aside.name + ending))
