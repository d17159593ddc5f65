"""Transfers that outlive their process: the table, the database, the shelf."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from itertools import pairwise
from pathlib import Path

import pytest

from manyhands.errors import NewerDatabase, NoSuchTransfer, NotNow, StoreUnusable
from manyhands.files.lock import FileLock
from manyhands.transfers.cycle import OVER, TABLE, Event, State, after
from manyhands.transfers.database import NAME, Database
from manyhands.transfers.queue import Locks, recover
from manyhands.transfers.schema import MIGRATIONS
from manyhands.transfers.shelf import Purpose, Shelf


def silent(text: str) -> None:
    raise AssertionError(f"nothing should be said: {text}")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(Database(tmp_path, silent), "ana")


def put(shelf: Shelf, path: str = "/film.mov", **about: str) -> int:
    return shelf.put(Purpose(kind="upload", path=path, **about)).id  # type: ignore[arg-type]


def test_the_table_is_total_and_what_is_over_can_only_begin_again() -> None:
    assert set(TABLE) == set(State)
    for state in OVER:
        assert set(TABLE[state]) <= {Event.RESUME, Event.CANCEL}
    with pytest.raises(NotNow):
        after(State.PAUSED, Event.START)


def test_only_a_user_ends_a_pause() -> None:
    for event in Event:
        if event not in (Event.RESUME, Event.CANCEL, Event.PAUSE, Event.SUSPEND):
            with pytest.raises(NotNow):
                after(State.PAUSED, event)


def test_the_same_purpose_is_the_same_transfer(shelf: Shelf) -> None:
    first = put(shelf, group="film")
    shelf.note(first, digests=b"x" * 32, upload="abc")
    assert put(shelf, group="film") == first
    assert shelf.get(first).digests == b"x" * 32
    others = [put(shelf, group="work"), put(shelf, group="film", name="n"), put(shelf, aim="abc")]
    assert len({first, *others}) == 4


def test_nobody_elses_transfers_are_seen_or_changed(shelf: Shelf, tmp_path: Path) -> None:
    id = put(shelf)
    ben = Shelf(Database(tmp_path, silent), "ben")
    assert ben.all() == []
    with pytest.raises(NoSuchTransfer):
        ben.get(id)
    with pytest.raises(NoSuchTransfer):
        ben.move(id, Event.CANCEL)
    assert put(ben) != id


def test_states_follow_the_table_and_an_end_forgets_what_was_not_reported(shelf: Shelf) -> None:
    id = put(shelf)
    for event in (Event.RESUME, Event.START):
        shelf.move(id, event)
    shelf.sent(id, "client", 3)
    shelf.sent(id, "client", 3)
    shelf.sent(id, "client", 4)
    shelf.reported(id, "client", [4])
    assert shelf.unreported(id, "client") == (3,)
    assert shelf.unreported(id, "another") == ()
    assert shelf.move(id, Event.FINISH).state is State.DONE
    assert shelf.unreported(id, "client") == ()


def test_the_order_can_be_changed(shelf: Shelf) -> None:
    a, b, c = (put(shelf, f"/{name}") for name in "abc")
    assert [each.id for each in shelf.all()] == [a, b, c]
    shelf.first(c)
    shelf.last(a)
    assert [each.id for each in shelf.all()] == [c, b, a]
    shelf.before(a, b)
    assert [each.id for each in shelf.all()] == [c, a, b]
    for _ in range(40):
        shelf.before(b, a)
        shelf.before(a, b)
    assert [each.id for each in shelf.all()] == [c, a, b]


def test_what_a_killed_process_carried_is_suspended(shelf: Shelf, tmp_path: Path) -> None:
    locks = Locks(tmp_path / "locks")
    killed, alive, paused = (put(shelf, f"/{name}") for name in "kap")
    for id in (killed, alive):
        shelf.move(id, Event.RESUME)
        shelf.move(id, Event.START)
    shelf.move(paused, Event.PAUSE)
    held = locks.of(alive)
    assert held.acquire()
    recover(shelf, locks)
    states = [shelf.get(id).state for id in (killed, alive, paused)]
    assert states == [State.SUSPENDED, State.ONGOING, State.PAUSED]
    held.release()
    assert locks.is_free(alive)


def test_a_lock_ends_with_its_process_however_that_ends(tmp_path: Path) -> None:
    holds = (
        "import sys, time; from pathlib import Path; from manyhands.files.lock import FileLock;"
        f"lock = FileLock(Path({str(tmp_path / 'a.lock')!r})); print(lock.acquire(), flush=True);"
        "time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", holds], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout and process.stdout.readline() == "True\n"
        assert not FileLock(tmp_path / "a.lock").acquire()
        process.kill()
    assert FileLock(tmp_path / "a.lock").acquire()


@pytest.mark.parametrize("damage", [b"this is no database", b"SQLite format 3\0" + b"\xff" * 9000])
def test_a_damaged_database_is_set_aside_with_a_message(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / NAME).write_bytes(damage)
    said: list[str] = []
    shelf = Shelf(Database(tmp_path, said.append), "ana")
    assert shelf.all() == []
    assert "damaged" in said[0] and "upload the same files again" in said[0]
    (aside,) = [path for path in tmp_path.iterdir() if "damaged-" in path.name]
    assert aside.read_bytes() == damage
    assert put(shelf) == 1


def test_a_page_damaged_in_the_middle_is_noticed(tmp_path: Path) -> None:
    shelf = Shelf(database := Database(tmp_path, silent), "ana")
    for number in range(200):
        put(shelf, f"/{number}" + "x" * 200)
    with database.writing() as connection:
        connection.execute("SELECT 1")
    database.close()
    with (tmp_path / NAME).open("r+b") as file:
        file.seek(4096 * 3)
        file.write(os.urandom(4096 * 4))
    said: list[str] = []
    Database(tmp_path, said.append)
    assert len(said) == 1


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    Database(tmp_path, silent).close()
    with sqlite3.connect(tmp_path / NAME) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = (tmp_path / NAME).read_bytes()
    with pytest.raises(NewerDatabase):
        Database(tmp_path, silent)
    assert (tmp_path / NAME).read_bytes() == before


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnusable):
        Database(tmp_path / "file", silent)


WRITER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from manyhands.transfers.cycle import Event
    from manyhands.transfers.database import Database
    from manyhands.transfers.shelf import Purpose, Shelf

    shelf = Shelf(Database(Path(sys.argv[1]), print), "ana")
    id = shelf.put(Purpose(kind="upload", path=sys.argv[2])).id
    part = 0
    while True:
        shelf.move(id, Event.RESUME)
        shelf.move(id, Event.START)
        for part in range(part + 1, part + 6):
            shelf.sent(id, "c", part)
            print(part, flush=True)
        shelf.move(id, Event.SUSPEND)
    """
)


def test_killed_between_any_two_writes_nothing_written_is_lost(tmp_path: Path) -> None:
    for turn in range(6):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), f"/{turn}"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout
        last = [int(writer.stdout.readline()) for _ in range(3 + 7 * turn)][-1]
        with writer:
            writer.send_signal(signal.SIGKILL)
        shelf = Shelf(Database(tmp_path, silent), "ana")
        (found,) = [each for each in shelf.all() if each.path == f"/{turn}"]
        kept = shelf.unreported(found.id, "c")
        assert set(range(1, last + 1)) <= set(kept)
        assert all(b - a == 1 for a, b in pairwise(kept))
        recover(shelf, Locks(tmp_path / "locks"))
        assert shelf.get(found.id).state is State.SUSPENDED


def test_several_processes_write_at_once(tmp_path: Path) -> None:
    count = (
        "import sys; from pathlib import Path;"
        "from manyhands.transfers.database import Database;"
        "from manyhands.transfers.shelf import Purpose, Shelf;"
        "shelf = Shelf(Database(Path(sys.argv[1]), print), 'ana');"
        "id = shelf.put(Purpose(kind='upload', path='/shared')).id;"
        "[shelf.sent(id, 'c', int(sys.argv[2]) * 100 + n) for n in range(100)]"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", count, str(tmp_path), str(number)])
        for number in range(4)
    ]
    assert [writer.wait(60) for writer in writers] == [0] * 4
    shelf = Shelf(Database(tmp_path, silent), "ana")
    (found,) = shelf.all()
    assert shelf.unreported(found.id, "c") == tuple(range(400))
