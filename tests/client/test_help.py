"""What a newcomer has but ``--help`` to learn from, and what the Tab key knows."""

import re
import time
from pathlib import Path

import msgspec
import pytest

from manyhands.account import keyrings
from manyhands.cli import known, recent
from manyhands.cli.commands import COMMANDS
from manyhands.transfers.database import Database
from manyhands.transfers.shelf import Purpose, Shelf
from tests.client.commands import Command
from tests.client.fake_service import FakeService
from tests.client.runs import signed_in
from tests.client.test_transfer_commands import silent


@pytest.fixture
def narrow(command: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("COLUMNS", "80")
    return command


@pytest.fixture
def shelf(command: Command, tmp_path: Path) -> Shelf:
    shelf = Shelf(Database(tmp_path / "home", silent), "ana")
    shelf.put(Purpose(kind="upload", path="/films/a.mov", group="film"), upload="mq3x")
    shelf.put(Purpose(kind="download", path="/films/b.mov", aim="zz9"), upload="zz9")
    return shelf


@pytest.mark.parametrize("width", [60, 80])
def test_no_command_is_described_by_half_a_sentence(
    narrow: Command, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert narrow("--help") == 0
    listed = narrow.out.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert [line.split()[0] for line in listed] == list(COMMANDS)
    assert [line for line in listed if not line.endswith(".") or line.endswith("...")] == []
    assert [line for line in narrow.out.splitlines() if len(line) > width] == []


def test_the_words_the_environment_and_what_makes_two_files_one_upload_are_explained(
    narrow: Command,
) -> None:
    narrow("--help")
    for word in ("upload", "transfer", "part", "board"):
        assert re.search(rf"^  {word} +\w", narrow.out, re.M)
    assert "The same group, the same name and the same contents" in " ".join(narrow.out.split())
    for name in ("HOME", "URL", "PROFILE", "DEBUG"):
        assert f"  MANYHANDS_{name}  " in narrow.out
    assert "Which service and person" in narrow.out


@pytest.mark.parametrize("name", [None, *COMMANDS])
def test_help_is_had_in_three_ways(narrow: Command, name: str | None) -> None:
    texts = []
    given = [name] if name else []
    for arguments in ([*given, "-h"], [*given, "--help"], ["help", *given]):
        assert narrow(*arguments) == 0
        texts.append(narrow.out)
    assert len(set(texts)) == 1
    assert texts[0].startswith(f"Usage: manyhands {name or '[OPTIONS]'}")


def test_help_for_what_is_no_command_is_a_mistake(narrow: Command) -> None:
    for typed in ("fly", "uplod"):
        assert narrow("help", typed) == 2
        asked = narrow.err
        assert narrow(typed) == 2
        assert asked == narrow.err
    assert "No such command 'uplod'. Did you mean 'upload'?" in asked


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("resume", "keeps the limits, ways (--bind), connections and label"),
        ("transfers", "then the queue: the first that waits begins next"),
        ("upload", "K is 1000"),
        ("status", "count whole parts that are stored"),
        ("upload", "«folder - file»"),
    ],
)
def test_what_nobody_could_guess_is_said(narrow: Command, name: str, said: str) -> None:
    narrow(name, "--help")
    assert said in " ".join(narrow.out.split())


@pytest.mark.usefixtures("shelf")
def test_the_tab_key_knows_numbers_ids_and_groups() -> None:
    assert known.transfers("") == [("1", "a.mov"), ("2", "b.mov")]
    assert known.uploads("m") == [("mq3x", "a.mov")]
    assert [value for value, _ in known.targets("")] == ["1", "2", "mq3x", "zz9"]
    assert known.groups("") == [("film", "")]
    assert known.groups("x") == []


def test_groups_are_asked_for_only_with_a_sign_in_that_is_good(
    service: FakeService, tmp_path: Path, command: Command
) -> None:
    store = signed_in(service, tmp_path)
    store.save(msgspec.structs.replace(store.load(), expires_at=time.time() + 9999))
    assert [value for value, _ in known.groups("")] == ["Personal", "film"]
    service.fail("GET", "/me", status=503)
    assert known.groups("") == []
    store.save(msgspec.structs.replace(store.load(), expires_at=time.time()))
    service.calls.clear()
    assert known.groups("") == []
    assert service.calls == []


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("manyhands tra", {"transfers"}),
        ("manyhands pause ", {"1", "2", "mq3x", "zz9"}),
        ("manyhands status z", {"zz9"}),
        ("manyhands list --group ", {"film"}),
        ("manyhands help up", {"upload"}),
        ("manyhands --profile ", {"default", "lab"}),
        ("manyhands completion f", {"fish"}),
    ],
)
def test_a_shell_is_answered(
    command: Command, monkeypatch: pytest.MonkeyPatch, typed: str, expected: set[str]
) -> None:
    for profile in ("default", "lab"):
        assert command("configure", f"https://{profile}.example", "--profile", profile) == 0
    monkeypatch.setenv("_MANYHANDS_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split(" ")) - 1))
    assert command() == 0
    assert set(command.out.split()) == expected


def test_completion_is_set_up_in_one_way(narrow: Command) -> None:
    narrow("--help")
    assert "--install-completion" not in narrow.out
    assert narrow("completion", "bash") == 0
    assert "_MANYHANDS_COMPLETE=complete_bash" in narrow.out


def test_the_help_of_completion_shows_how_to_set_up_each_shell(narrow: Command) -> None:
    assert narrow("completion", "--help") == 0
    for line in (
        'eval "$(manyhands completion bash)"',
        'eval "$(manyhands completion zsh)"',
        "manyhands completion fish | source",
        "manyhands completion powershell | Out-String | Invoke-Expression",
    ):
        assert f"    {line}\n" in narrow.out


def test_a_shell_that_is_not_known_hears_which_are(
    narrow: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    for arguments in (("completion", "tcsh"), ("completion",)):
        assert narrow(*arguments) == 252
        assert narrow.err.startswith("There is no completion for «tcsh». ")
        for shell in known.SHELLS:
            assert f"«manyhands completion {shell}»" in narrow.err


def test_ids_that_were_listed_are_completed_without_asking_anybody(
    service: FakeService, member: Command, film: Path
) -> None:
    assert member("upload", str(film), "--quiet") == 0
    assert member("rm", "1") == 0
    assert known.uploads("") == []
    assert member("list") == 0
    service.calls.clear()
    assert known.uploads("") == [(service.board.id, "film.mov")]
    assert service.calls == []


def test_a_damaged_memory_of_the_list_is_passed_over(command: Command, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / recent.NAME).write_text("[[1")
    assert known.uploads("") == []


def test_the_tab_key_never_unlocks_a_keyring(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "no.such.Backend")
    opened: list[object] = []
    monkeypatch.setattr(keyrings.SystemKeyring, "get", lambda *_: opened.append(1))
    assert command("list") == 253
    assert opened == [1]
    assert known.groups("") == []
    assert opened == [1]
