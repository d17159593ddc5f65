"""The command line: what it prints where, and how it ends."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from manyhands import __version__
from manyhands.engine.pace import enough_for
from tests.client.commands import Command
from tests.client.fake_board import FakeBoard
from tests.client.fake_service import FakeService
from tests.client.runs import signed_in


def test_the_version_and_the_help_are_there(command: Command) -> None:
    assert command("--version") == 0
    assert command.out == f"manyhands {__version__}\n"
    assert command("--help") == 0
    for name in ("login", "logout", "upload", "download", "transfers", "pause", "status"):
        assert name in command.out


def test_a_mistake_on_the_command_line_is_2(command: Command) -> None:
    assert command("upload") == 2
    assert command("fly") == 2
    assert command("upload", "x", "--connections", "0") == 2


@pytest.mark.parametrize("bad", ["none", "folder", "pipe", "broken", "file/inside"])
def test_what_is_no_readable_file_is_252_in_a_plain_sentence(
    member: Command, tmp_path: Path, bad: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    assert member("upload", str(tmp_path / bad)) == 252
    assert "Traceback" not in member.err
    assert len(member.err.strip().splitlines()) == 1
    assert member.out == ""


def test_a_rate_that_is_none_is_252(member: Command, film: Path) -> None:
    assert member("upload", str(film), "--limit-rate", "fast") == 252


def test_a_group_of_others_is_252_and_says_which_there_are(member: Command, film: Path) -> None:
    assert member("upload", str(film), "--group", "lab") == 252
    assert "film" in member.err


def test_without_a_sign_in_it_is_253_and_says_what_to_do(command: Command, film: Path) -> None:
    assert command("upload", str(film)) == 253
    assert command("status") == 253
    assert "manyhands login" in command.err


def test_a_refusal_of_the_service_is_254(service: FakeService, member: Command) -> None:
    assert member("status", "no-such-upload") == 254
    assert "no_such_upload" in member.err


def test_a_full_group_says_so_in_the_services_words_and_at_once(
    service: FakeService, member: Command, film: Path
) -> None:
    message = "5 TB of the group's 5 TB are taken, so this file has no room."
    body = json.dumps({"code": "group_full", "message": message, "retryable": False})
    service.fail("POST", "/uploads", status=429, body=body.encode(), times=9)
    assert member("upload", str(film), "--group", "film") == 254
    assert message in member.err
    (fault,) = service.faults
    assert fault.times == 8, "it is not asked again"


def test_an_upload_prints_its_result_on_stdout_and_the_rest_on_stderr(
    member: Command, film: Path
) -> None:
    assert member("upload", str(film), "--group", "film") == 0
    assert "was stored in" in member.out
    assert "100 % from here" in member.out
    assert len(member.out.splitlines()) == 1
    assert "Began upload" in member.err


def test_quiet_is_quiet(member: Command, film: Path) -> None:
    assert member("upload", str(film), "--quiet") == 0
    assert member.err == ""


def test_json_is_one_event_a_line_and_nothing_else(member: Command, film: Path) -> None:
    assert member("upload", str(film), "--json") == 0
    kinds = [event["event"] for event in member.events]
    assert kinds[-1] == "ended"
    assert {"hashing", "opened", "part_sent", "progress", "status"} <= set(kinds)
    assert member.err == ""
    assert member("upload", str(film), "--json") == 0
    assert member.events[-1]["outcome"] == "already_stored"


def test_json_tells_a_failure_too(service: FakeService, member: Command, film: Path) -> None:
    refusal = b'{"code":"struck_out","message":"Several times over.","retryable":false}'
    service.fail("POST", "/tickets", status=403, body=refusal)
    assert member("upload", str(film), "--json") == 254
    assert member.events[-1] == {
        "event": "failed",
        "message": "Several times over.",
        "exit_code": 254,
        "transfer": 1,
    }


def test_status_lists_uploads_and_shows_one_with_its_devices(
    member: Command, film: Path, service: FakeService
) -> None:
    member("upload", str(film), "--label", "the studio")
    assert member("status") == 0
    assert "stored" in member.out
    assert "film.mov" in member.out
    assert member("status", service.board.id) == 0
    assert re.search(r"^A  the studio +ana ", member.out, re.M)
    assert member("status", service.board.id, "--json") == 0
    assert member.events[0]["clients"][0]["label"] == "the studio"  # type: ignore[index]


def test_text_of_other_people_cannot_command_the_terminal(
    member: Command, film: Path, service: FakeService
) -> None:
    member("upload", str(film), "--label", "\x1b]52;c;evil\x07[red]x", "--name", "a\u202egpj.exe")
    member("status", service.board.id)
    assert "\x1b" not in member.out
    assert "\u202e" not in member.out
    assert "[red]x" in member.out


def test_signing_in_and_out(
    service: FakeService, command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with (tmp_path / "password").open("w+") as stdin:
        stdin.write("right\nwrong\n")
        stdin.seek(0)
        monkeypatch.setattr("sys.stdin", stdin)
        arguments = ("login", service.url, "--username", "ana", "--password-stdin")
        assert command(*arguments) == 0
        assert "Signed in to" in command.out
        assert command(*arguments) == 253
        assert command.err == "Wrong user name or password.\n"
    assert command("logout") == 0
    assert command("status") == 253


def test_an_address_without_a_service_is_255(command: Command) -> None:
    assert command("login", "http://127.0.0.1:9", "--username", "a", "--password-stdin") == 255


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_gives_everything_back_within_two_seconds(
    service: FakeService, film: Path, tmp_path: Path, number: int, code: int
) -> None:
    signed_in(service, tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-m", "manyhands", "upload", str(film), "--limit-rate", "100K", "--json"],
        env=os.environ | {"MANYHANDS_HOME": str(tmp_path / "home")},
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    for line in process.stdout:
        if json.loads(line).get("status") == "active":
            break
    started = time.monotonic()
    process.send_signal(number)
    rest = process.communicate(timeout=10)[0]
    assert process.returncode == code
    assert time.monotonic() - started < 2
    failed = json.loads(rest.splitlines()[-1])
    assert failed["event"] == "failed"
    assert "«manyhands resume 1» goes on." in failed["message"]
    assert list(service.board.held.values()) == [[]]
    assert service.board.exchanges[-1].want == 0


@pytest.mark.parametrize("arguments", [("--json",), ()])
def test_output_that_cannot_be_written_ends_it_and_what_was_sent_is_kept(
    service: FakeService, film: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    signed_in(service, tmp_path)
    command = [sys.executable, "-m", "manyhands", "upload", str(film), *arguments]
    env = os.environ | {"MANYHANDS_HOME": str(tmp_path / "home")}
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(command, env=env, stdout=full, stderr=subprocess.PIPE, timeout=30)
    assert run.returncode == 255
    assert b"The output cannot be written: No space left on device." in run.stderr
    assert b"Traceback" not in run.stderr


@pytest.mark.parametrize("arguments", [("list",), ("list", "--json"), ("--help",)])
def test_an_answer_for_which_there_is_no_room_is_no_defect(
    service: FakeService, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    signed_in(service, tmp_path)
    service.boards["u1"] = FakeBoard("u1", "film", "film.mov", 9, 9, [])
    env = os.environ | {"MANYHANDS_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "manyhands", *arguments]
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(command, env=env, stdout=full, stderr=subprocess.PIPE, timeout=30)
    said = "The output cannot be written: No space left on device.\n"
    assert (run.returncode, run.stderr.decode()) == (255, said)


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (("upload", "film.mov", "--limit-rate", "100K", "--json"), 1),
        (("list", "--json"), 0),
        (("--help",), 0),
        (("upload", "--help"), 0),
    ],
)
def test_a_reader_that_has_seen_enough_ends_it_quietly(
    service: FakeService,
    film: Path,
    tmp_path: Path,
    arguments: tuple[str, ...],
    lines: int,
    unbuffered: str,
) -> None:
    signed_in(service, tmp_path)
    service.boards["u1"] = FakeBoard("u1", "film", "other.mov", 9, 9, [])
    home = {"MANYHANDS_HOME": str(tmp_path / "home"), "PYTHONUNBUFFERED": unbuffered}
    process = subprocess.Popen(
        [sys.executable, "-m", "manyhands", *arguments],
        cwd=film.parent,
        env=os.environ | home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout and process.stderr
    with process:
        for _ in range(lines):
            process.stdout.readline()
        process.stdout.close()
        assert (process.stderr.read(), process.wait(30)) == (b"", 141)


def test_a_name_that_is_no_text_is_uploaded_under_one_that_is(
    member: Command, tmp_path: Path, service: FakeService
) -> None:
    odd = tmp_path / os.fsdecode(b"caf\xe9.mov")
    odd.write_bytes(b"x")
    assert member("upload", str(odd)) == 0
    assert service.board.name == "caf\ufffd.mov"
    assert member("transfers", "--json") == 0
    assert member.events[0]["state"] == "done"
    assert member.events[0]["bytes_done"] == member.events[0]["size"] == 1
    assert member("upload", str(odd)) == 0
    assert "stored already" in member.out


def test_what_was_refused_before_it_began_is_not_kept(member: Command, film: Path) -> None:
    assert member("upload", str(film), "--group", "strangers") == 252
    assert member("transfers") == 0
    assert member.out == ""


def test_a_password_from_stdin_needs_a_user_name(command: Command) -> None:
    assert command("login", "http://127.0.0.1:9", "--password-stdin") == 252
    assert "--username" in command.err
    assert command("login", "not an address", "--username", "a", "--password-stdin") == 252


def test_few_parts_go_side_by_side_under_a_low_limit() -> None:
    limits = (0, 300_000, 1_000_000, 2_000_000, 8_000_000, 10**9)
    assert [enough_for(limit) for limit in limits] == [0, 1, 1, 2, 5, 16]
