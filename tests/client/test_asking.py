"""Being asked: at a terminal, and where there is none."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from manyhands import wire
from manyhands.cli import browser
from manyhands.transfers.cycle import State
from tests.client.commands import Command
from tests.client.fake_board import PART, FakeBoard
from tests.client.fake_service import FakeService
from tests.client.test_transfer_commands import shelf_of

Type = Callable[[str], None]


class Keyboard(io.StringIO):
    """What somebody types at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Type:
    return lambda text: monkeypatch.setattr("sys.stdin", Keyboard(text))


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))


@pytest.fixture
def upload(service: FakeService) -> FakeBoard:
    board = service.boards["u1"] = FakeBoard("u1", "film", "film.mov", PART, PART, [])
    return board


def answers_to(verb: str, service: FakeService, upload: FakeBoard) -> None:
    look = wire.encode(wire.UploadReply(upload.view(), wire.Board("", [])))
    method, path = ("DELETE", "/u1") if verb == "rm" else ("POST", "/cancel")
    service.fail(method, path, status=200, body=look)


@pytest.mark.parametrize(
    ("verb", "kept", "done"),
    [
        ("cancel", "Nothing was cancelled.", "is cancelled."),
        ("rm", "Nothing was deleted.", "is deleted."),
    ],
)
def test_who_does_not_say_yes_hears_that_nothing_happened(
    service: FakeService,
    upload: FakeBoard,
    member: Command,
    types: Type,
    verb: str,
    kept: str,
    done: str,
) -> None:
    types("n\n")
    assert member(verb, "u1") == 1
    assert kept in member.err
    assert "Aborted" not in member.err
    answers_to(verb, service, upload)
    types("y\n")
    assert member(verb, "u1") == 0
    assert done in member.out


@pytest.mark.parametrize(
    ("verb", "word", "kept"),
    [("cancel", "cancel", "Nothing was cancelled."), ("rm", "delete", "Nothing was deleted.")],
)
def test_nobody_is_asked_about_what_only_somebody_else_may_do(
    upload: FakeBoard, member: Command, types: Type, verb: str, word: str, kept: str
) -> None:
    upload.yours = False
    types("y\n")
    assert member(verb, "u1") == 254
    owner = upload.view().owner
    said = f"Only {owner}, who began this upload, can {word} it. {kept}\n"
    assert (member.out, member.err) == ("", said)


def test_who_helps_and_cannot_cancel_hears_how_to_take_it_off_the_list(
    service: FakeService, upload: FakeBoard, member: Command, types: Type, tmp_path: Path
) -> None:
    upload.yours = False
    shelf = shelf_of(f"ana at {service.url}/", tmp_path, "film.mov")
    shelf.note(1, upload="u1")
    types("y\n")
    assert member("cancel", "1") == 254
    assert "Nothing was cancelled. «manyhands rm 1» takes it off the list." in member.err
    assert member.out == ""
    assert shelf.get(1).state is State.SUSPENDED


@pytest.mark.usefixtures("pipe", "upload")
@pytest.mark.parametrize("verb", ["cancel", "rm"])
def test_without_a_terminal_it_says_to_give_yes(member: Command, verb: str) -> None:
    assert member(verb, "u1") == 252
    assert "Give --yes if you are sure." in member.err


@pytest.mark.usefixtures("pipe")
def test_without_a_terminal_it_says_how_to_give_a_password_and_an_address(
    service: FakeService, command: Command
) -> None:
    assert command("login", service.url, "--username", "ana") == 252
    assert "--password-stdin" in command.err
    assert len(command.err.splitlines()) == 1
    assert command("configure") == 252
    assert "manyhands configure URL" in command.err


def test_at_a_terminal_configure_asks_and_keeps_the_address_that_is_there(
    command: Command, types: Type
) -> None:
    types("a.example\n")
    assert command("configure") == 0
    types("\n")
    assert command("configure") == 0
    assert "The profile default is for https://a.example/." in command.out


def test_a_dead_address_is_noticed_before_a_password_is_asked_for(
    command: Command, types: Type
) -> None:
    types("secret\n")
    assert command("login", "http://127.0.0.1:9", "--username", "ana") == 255
    assert "Password" not in command.out + command.err


def test_on_this_machine_http_is_taken_where_only_that_answers(
    service: FakeService, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("right\n"))
    bare = service.url.removeprefix("http://")
    assert command("login", bare, "--username", "ana", "--password-stdin") == 0
    assert f"Signed in to {service.url}/ as ana." in command.out


def test_an_address_that_was_typed_with_https_is_only_asked_about(
    service: FakeService, command: Command
) -> None:
    secure = service.url.replace("http:", "https:")
    assert command("login", secure, "--username", "ana", "--password-stdin") == 253
    assert f"Did you mean {service.url}/?" in command.err


def test_without_a_browser_it_says_how_to_come_over_ssh(capsys: pytest.CaptureFixture[str]) -> None:
    browser.show_only("https://x.example/authorize?redirect_uri=http%3A%2F%2F127.0.0.1%3A29563%2F")
    said = capsys.readouterr().err
    assert "ssh -L 29563:127.0.0.1:29563" in said
    assert "--username" in said
