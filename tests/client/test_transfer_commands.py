"""``manyhands transfers`` and ``move``: what is on the shelf, also when nobody is signed in."""

import json
from pathlib import Path

import pytest
from rich.text import Text

from manyhands.cli import shelf_view
from manyhands.transfers.cycle import Event, State
from manyhands.transfers.database import Database
from manyhands.transfers.queue import Locks
from manyhands.transfers.shelf import Purpose, Shelf
from tests.client.commands import Command
from tests.client.fake_service import FakeService
from tests.client.pictures import TRANSFERS, path


def silent(text: str) -> None:
    raise AssertionError(f"nothing should be said: {text}")


def shelf_of(account: str, tmp_path: Path, *names: str) -> Shelf:
    """With an upload of each name, all suspended."""
    shelf = Shelf(Database(tmp_path / "home", silent), account)
    for name in names:
        shelf.put(Purpose(kind="upload", path=f"/films/{name}"), size=1000)
    return shelf


@pytest.fixture
def shelf(service: FakeService, member: Command, tmp_path: Path) -> Shelf:
    """Of who is signed in."""
    return shelf_of(f"ana at {service.url}/", tmp_path, "a.mov", "b.mov", "c.mov")


def names(command: Command) -> list[str]:
    lines = command.out.splitlines()
    return [line.split()[-1] for line in lines if line != shelf_view.HEADING]


def test_nothing_on_the_shelf_is_said_and_printed_nowhere(member: Command) -> None:
    assert member("transfers") == 0
    assert (member.out, member.err) == ("", "No transfers on this machine.\n")
    assert member("transfers", "--json") == 0
    assert member.out == ""


def test_the_order_of_the_queue_is_changed_and_said(member: Command, shelf: Shelf) -> None:
    for arguments, said, order in [
        (("3", "--first"), "c.mov is first in the queue now.", "cab"),
        (("3", "--last"), "c.mov is last in the queue now.", "abc"),
        (("3", "--before", "2"), "c.mov is before b.mov in the queue now.", "acb"),
    ]:
        assert member("move", *arguments) == 0
        assert member.out == f"{said} It is suspended: «manyhands resume 3» goes on.\n"
        assert member("transfers") == 0
        assert names(member) == [f"{name}.mov" for name in order]
    assert member("move", "3", "--before", "3") == 252
    assert member("move", "3", "--before", "9") == 252
    shelf.move(1, Event.CANCEL)
    assert member("move", "1", "--first") == 252


def test_without_a_sign_in_the_list_shows_everybodys(command: Command, tmp_path: Path) -> None:
    shelf_of("ben at https://b.example/", tmp_path, "ben.mov")
    shelf_of("ana at https://a.example/", tmp_path, "one.mov", "two.mov")
    assert command("transfers") == 0
    assert names(command) == ["one.mov", "two.mov", "ben.mov"]
    assert command.err.splitlines() == [
        "You are not signed in. Please run «manyhands login URL» first. "
        "Until then, what is remembered here:",
        "Of ana at https://a.example/:",
        "Of ben at https://b.example/:",
    ]
    assert command("transfers", "--json") == 0
    assert [(event["account"], event["path"]) for event in command.events] == [
        ("ana at https://a.example/", "/films/one.mov"),
        ("ana at https://a.example/", "/films/two.mov"),
        ("ben at https://b.example/", "/films/ben.mov"),
    ]


def test_without_a_sign_in_and_without_transfers_it_is_no_error(command: Command) -> None:
    assert command("transfers") == 0
    assert command.out == ""
    assert command.err.endswith("No transfers on this machine.\n")


def test_without_a_sign_in_nothing_is_forgotten_or_moved(command: Command, tmp_path: Path) -> None:
    shelf = shelf_of("ana at https://a.example/", tmp_path, "one.mov")
    shelf.move(1, Event.CANCEL)
    for arguments in (["transfers", "--clear"], ["move", "1", "--first"], ["rm", "1"]):
        assert command(*arguments) == 253
    assert shelf.get(1).state is State.CANCELLED


def test_what_a_killed_process_carried_is_not_shown_as_under_way(
    command: Command, tmp_path: Path
) -> None:
    shelf = shelf_of("ana at https://a.example/", tmp_path, "killed.mov", "carried.mov")
    for id in (1, 2):
        shelf.move(id, Event.RESUME)
        shelf.move(id, Event.START)
    lock = Locks(tmp_path / "home" / "locks").of(2)
    assert lock.acquire()
    assert command("transfers", "--json") == 0
    lock.release()
    assert [event["state"] for event in command.events] == ["suspended", "ongoing"]


def test_signed_in_only_ones_own_are_listed(member: Command, shelf: Shelf, tmp_path: Path) -> None:
    shelf_of("ben at https://b.example/", tmp_path, "ben.mov")
    assert member("transfers") == 0
    assert names(member) == ["a.mov", "b.mov", "c.mov"]
    assert member.err == ""


@pytest.mark.parametrize("width", [44, 60, 80, 120])
def test_a_list_fits_the_terminal(width: int) -> None:
    for line in shelf_view.as_rows(TRANSFERS, width).renderables:
        assert isinstance(line, Text)
        assert line.cell_len <= width


def test_each_state_has_a_golden_text() -> None:
    for state in State:
        assert f" {state} " in path(f"transfers_{state}").read_text()


def test_the_lines_of_json_are_whole() -> None:
    lines = path("transfers_json").read_text().splitlines()
    assert [json.loads(line)["id"] for line in lines] == [each.id for each in TRANSFERS]
    assert {json.loads(line)["event"] for line in lines} == {"transfer"}
