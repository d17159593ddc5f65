"""Each command says of a transfer what is true in its state, and which command to use instead."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from manyhands.cli import replies
from manyhands.cli.saying import fitting
from manyhands.files.lock import FileLock
from manyhands.transfers.cycle import Event, State
from manyhands.transfers.queue import Locks
from manyhands.transfers.shelf import Shelf
from tests.client.commands import Command
from tests.client.fake_download import ID
from tests.client.fake_service import FakeService
from tests.client.looks import MIB, transfer
from tests.client.test_transfer_commands import shelf_of

TO: dict[State, list[Event]] = {
    State.SUSPENDED: [],
    State.PAUSED: [Event.PAUSE],
    State.DONE: [Event.RESUME, Event.START, Event.FINISH],
    State.CANCELLED: [Event.CANCEL],
    State.FAILED: [Event.RESUME, Event.START, Event.FAIL],
    State.QUEUED: [Event.RESUME],
    State.ONGOING: [Event.RESUME, Event.START],
}
CARRIED = (State.QUEUED, State.ONGOING)
OTHER = " in another process on this machine. "


@pytest.fixture
def shelf(service: FakeService, member: Command, tmp_path: Path) -> Shelf:
    return shelf_of(f"ana at {service.url}/", tmp_path, "a.mov", "b.mov")


def brought_to(shelf: Shelf, state: State, tmp_path: Path) -> FileLock | None:
    """The first transfer; held by another process if it is carried."""
    for event in TO[state]:
        shelf.move(1, event)
    lock = Locks(tmp_path / "home" / "locks").of(1) if state in CARRIED else None
    assert lock is None or lock.acquire()
    return lock


@pytest.mark.parametrize(
    ("verb", "state", "code", "said"),
    [
        ("pause", "suspended", 0, "a.mov is paused here. «manyhands resume 1» goes on."),
        ("pause", "paused", 252, "a.mov is paused here already. «manyhands resume 1» goes on."),
        ("pause", "done", 252, "a.mov is done; there is nothing to pause. «manyhands rm 1»"),
        ("pause", "cancelled", 252, "a.mov is cancelled; there is nothing to pause."),
        ("pause", "failed", 252, "a.mov has failed; there is nothing to pause. «manyhands resume"),
        ("cancel", "suspended", 0, "a.mov is cancelled; nothing of it had been sent."),
        ("cancel", "done", 252, "a.mov is done; there is nothing to cancel. «manyhands rm 1»"),
        ("cancel", "cancelled", 252, "a.mov is cancelled already. «manyhands rm 1»"),
        ("rm", "suspended", 0, "a.mov is off the list here; nothing of it had been sent."),
        ("rm", "failed", 0, "a.mov is off the list here; nothing of it had been sent."),
        ("rm", "queued", 252, f"a.mov waits for its turn{OTHER}Please pause it first: «manyhands"),
        ("rm", "ongoing", 252, f"a.mov is under way{OTHER}Please pause it first: «manyhands pause"),
        ("resume", "queued", 252, f"a.mov waits for its turn{OTHER}«manyhands pause 1» stops it"),
        ("resume", "ongoing", 252, f"a.mov is under way{OTHER}«manyhands pause 1» stops it there."),
        ("move", "queued", 0, "a.mov is first in the queue now.\n"),
        ("move", "paused", 0, "a.mov is first in the queue now. It is paused: «manyhands resume"),
        ("move", "failed", 0, "a.mov is first in the queue now. It has failed: «manyhands resume"),
        ("move", "ongoing", 252, "a.mov is under way already; only what waits has a place"),
        ("move", "done", 252, "a.mov is done; it has no place in the queue."),
        ("move", "cancelled", 252, "a.mov is cancelled; it has no place in the queue."),
    ],
)
def test_a_command_fits_the_state(
    shelf: Shelf, member: Command, tmp_path: Path, verb: str, state: str, code: int, said: str
) -> None:
    lock = brought_to(shelf, State(state), tmp_path)
    assert member(verb, "1", *(["--first"] if verb == "move" else [])) == code
    assert (member.err if code else member.out).startswith(said)
    if lock:
        lock.release()


def test_a_place_before_what_has_none_is_refused(shelf: Shelf, member: Command) -> None:
    shelf.move(2, Event.CANCEL)
    assert member("move", "1", "--before", "2") == 252
    assert member.err == "b.mov is cancelled; it has no place in the queue.\n"


@contextmanager
def rests_elsewhere(shelf: Shelf) -> Iterator[None]:
    """The process that carries the transfer rests as soon as somebody wishes anything of it."""

    def rest() -> None:
        deadline = time.monotonic() + 10
        while not shelf.wishes([1]) and time.monotonic() < deadline:
            time.sleep(0.01)
        shelf.move(1, Event.PAUSE)

    other = threading.Thread(target=rest)
    other.start()
    try:
        yield
    finally:
        other.join()


@pytest.mark.parametrize("state", CARRIED)
def test_only_what_is_under_way_has_a_part_in_flight(
    shelf: Shelf, member: Command, tmp_path: Path, state: State
) -> None:
    lock = brought_to(shelf, state, tmp_path)

    with rests_elsewhere(shelf):
        assert member("pause", "1") == 0
    assert ("after the part in flight" in member.err) is (state is State.ONGOING)
    assert ("before its turn came" in member.out) is (state is State.QUEUED)
    assert lock
    lock.release()


def test_what_rested_before_it_heard_of_the_cancel_is_cancelled_all_the_same(
    shelf: Shelf, member: Command, tmp_path: Path
) -> None:
    lock = brought_to(shelf, State.ONGOING, tmp_path)

    with rests_elsewhere(shelf):
        assert member("cancel", "1", "-y") == 0
    assert shelf.get(1).state is State.CANCELLED
    assert lock
    lock.release()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": State.DONE}, "the stored file stays. «manyhands rm transfer»"),
        ({"state": State.PAUSED}, "what was sent stays. «manyhands cancel"),
        ({"state": State.PAUSED, "kind": "download"}, "; what had arrived is deleted."),
        ({"state": State.DONE, "kind": "download", "path": "/d/x"}, "; the file stays: /d/x."),
        ({"state": State.CANCELLED}, "is off the list here."),
    ],
)
def test_what_remains_of_what_is_forgotten_is_said(fields: dict[str, object], said: str) -> None:
    given = transfer(1, **fields)  # type: ignore[arg-type]
    told = replies.forgotten(given).replace(given.upload, "transfer")
    assert said in told


@pytest.mark.parametrize(
    ("fields", "moved", "said"),
    [
        ({}, 0, "Stopped before a whole part was sent from here. «"),
        ({}, 5 * MIB, "Stopped. 5.24 MB of 1.05 GB was sent from here and is kept. «"),
        ({"own_bytes": 10 * MIB, "bytes_done": 50 * MIB}, 5 * MIB, "Stopped. 10.5 MB of 1.05 GB"),
        ({"kind": "download"}, 0, "Stopped before a whole part had arrived. «"),
        ({"kind": "download", "bytes_done": 10**6}, 0, "Stopped. 1 MB of 1.05 GB has arrived and"),
    ],
)
def test_who_stops_it_hears_how_much_is_kept(
    fields: dict[str, object], moved: int, said: str
) -> None:
    told = replies.stopped("Stopped", transfer(3, State.SUSPENDED, **fields), moved)
    assert told.startswith(said)
    assert told.endswith("«manyhands resume 3» goes on.")


def test_resume_without_a_number_says_what_is_paused_and_how_to_go_on(
    shelf: Shelf, member: Command
) -> None:
    shelf.move(1, Event.PAUSE)
    shelf.move(2, Event.PAUSE)
    assert member("resume") == 0
    assert member.err == (
        "Nothing is suspended. Transfers 1 and 2 are paused. «manyhands resume 1» goes on with "
        "one, «manyhands resume --all» with all of them.\n"
    )
    shelf.remove(1)
    assert member("resume") == 0
    assert member.err == (
        "Nothing is suspended. Transfer 2 is paused. «manyhands resume 2» goes on.\n"
    )
    shelf.remove(2)
    assert member("resume") == 0
    assert member.err == "Nothing is suspended. «manyhands transfers» lists all.\n"


@pytest.mark.parametrize("arguments", [("help-with", ID), ("verify",)])
def test_a_folder_is_refused_in_words_that_fit_the_command(
    member: Command, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert member(*arguments, str(tmp_path)) == 252
    assert "-r" not in member.err.replace(str(tmp_path), "")
    assert f"{tmp_path} is a folder. Please name the file in it: «manyhands" in member.err
    assert f" {tmp_path}/NAME»." in member.err


def test_refused_commands_and_repeated_ones_use_up_no_numbers(
    service: FakeService, member: Command, film: Path, tmp_path: Path
) -> None:
    for _ in range(3):
        assert member("upload", str(film), "--group", "strangers") == 252
        assert member("upload", str(film), "--quiet") == 0
    (tmp_path / "other").write_bytes(b"x")
    assert member("upload", str(tmp_path / "other"), "--quiet") == 0
    assert member("transfers", "--json") == 0
    assert [event["id"] for event in member.events] == [1, 2]
    assert member("rm", "2") == 0
    assert member("upload", str(tmp_path / "other"), "--quiet") == 0
    assert member("transfers", "--json") == 0
    assert [event["id"] for event in member.events] == [1, 3]


@pytest.mark.parametrize("width", [20, 40, 60])
def test_a_sentence_is_broken_between_words_but_never_within_a_command(width: int) -> None:
    text = "a.mov is paused here. «manyhands resume 1» goes on, in the end.\nAnd so on."
    lines = fitting(text, width).split("\n")
    assert " ".join(lines) == text.replace("\n", " ")
    assert lines[-1] == "And so on."
    assert "«manyhands resume 1»" in fitting(text, width)
    assert all(len(line) <= max(width, 20) for line in lines)
