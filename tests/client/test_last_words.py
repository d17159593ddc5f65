"""What a command says where a newcomer stumbles: what to do now, and what an exit code means."""

import errno
import os
from pathlib import Path

import pytest

from manyhands.cli.commands import COMMANDS
from manyhands.download import disk
from manyhands.download.target import path_of
from manyhands.errors import KEPT_BESIDE, DiskFull, TargetUnusable
from tests.client.commands import Command
from tests.client.download_runs import ONE_LANE
from tests.client.fake_download import ID, DownloadService, Fetch, Stored, digests_of
from tests.client.fake_service import FakeService
from tests.client.runs import signed_in


@pytest.fixture
def stored() -> DownloadService:
    return DownloadService(Stored(bytes(range(256)) * 1000))


def test_a_download_says_where_to_only_if_something_is_fetched(
    stored: DownloadService, command: Command, tmp_path: Path
) -> None:
    target = tmp_path / "copy.mov"
    with stored.running():
        signed_in(stored, tmp_path)
        assert command("download", ID, "-o", str(target)) == 0
        assert command.err.splitlines() == [f"Downloading to {target}."]
        assert command("download", ID, "-o", str(target)) == 0
        assert command.err == ""
        assert "is there already" in command.out and len(command.out.splitlines()) == 1
        target.write_bytes(b"another")
        assert command("download", ID, "-o", str(target)) == 252
        assert "Downloading to" not in command.err


def test_how_far_a_download_is_can_be_seen_from_another_terminal(
    command: Command, tmp_path: Path
) -> None:
    parts = DownloadService(Stored(bytes(range(256)) * 4000))
    parts.spoil("wrong", part=len(digests_of(parts.stored.data)), times=99)
    with parts.running():
        signed_in(parts, tmp_path)
        assert (
            command("download", ID, "-q", "-o", str(tmp_path / "copy"), "--limit-rate", "400K") == 1
        )
        assert command("transfers", "--json") == 0
    (seen,) = command.events
    assert seen["state"] == "failed"
    assert 0 < int(str(seen["bytes_done"])) < int(str(seen["size"]))


@pytest.mark.parametrize("ending", ["/", "/.", "/.."])
def test_a_slash_at_the_end_means_a_folder_that_must_be_there(
    command: Command, tmp_path: Path, ending: str
) -> None:
    missing = f"{tmp_path}/none{ending}"
    assert command("download", ID, "-o", missing) == 252
    assert command.err.startswith(f"There is no folder {missing}. ")
    assert not (tmp_path / "none").exists()
    with pytest.raises(TargetUnusable):
        path_of(missing)
    (tmp_path / "none").touch()
    with pytest.raises(TargetUnusable):
        path_of(missing)


def test_a_folder_that_is_there_takes_the_file(
    stored: DownloadService, command: Command, tmp_path: Path
) -> None:
    with stored.running():
        signed_in(stored, tmp_path)
        assert command("download", ID, "-q", "-o", f"{tmp_path}/") == 0
    assert (tmp_path / "film.mov").stat().st_size == 256_000


@pytest.mark.parametrize("name", sorted(name for name in COMMANDS if COMMANDS[name].one))
def test_the_help_says_what_the_commands_own_exit_code_1_means(name: str, command: Command) -> None:
    assert command(name, "--help") == 0
    assert "".join(f"Exit code 1: {COMMANDS[name].one}".split()) in "".join(command.out.split())


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_there(name: str, command: Command) -> None:
    assert command(name, "--help") == 0
    assert f" {name} [OPTIONS]" in command.out.splitlines()[0]


def test_a_mistyped_command_is_answered_with_the_one_that_is_like_it(command: Command) -> None:
    assert command("uplaod") == 2
    assert "upload" in command.err


def test_a_transfer_is_moved_in_the_queue_and_that_is_said(
    member: Command, tmp_path: Path, service: FakeService
) -> None:
    for name in "abc":
        (tmp_path / name).write_bytes(name.encode())
        member("upload", str(tmp_path / name))
    refused = [member("move", "1"), member("move", "1", "--first", "--last")]
    assert refused == [252, 252]
    assert "«manyhands move 1 --first»" in member.err
    assert member("move", "1", "--first") == 252
    assert "a is done; it has no place in the queue." in member.err
    assert member("move", "9", "--first") == 252
    assert member("move", "1", "--before", "0") == 2


def test_the_id_alone_says_which_upload_is_meant(member: Command) -> None:
    assert member("status", ID, "--group", "film") == 252
    assert "--group is for the list" in member.err


def test_without_an_address_it_says_both_ways_to_give_one(command: Command) -> None:
    for arguments in (["login"], ["login", "--username", "ana", "--password-stdin"]):
        assert command(*arguments) == 253
        assert "«manyhands login URL»" in command.err
        assert "«manyhands configure URL»" in command.err
    assert command("--help") == 0
    assert "253 not signed in or not configured" in " ".join(command.out.split())


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_disk_that_was_full_from_the_start_keeps_nothing_and_says_nothing_of_it(
    stored: DownloadService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "reserve", full)
    with stored.running(), pytest.raises(DiskFull) as told:
        Fetch(stored, tmp_path / "copy").go()
    assert "not enough room" in told.value.message
    assert KEPT_BESIDE not in told.value.message
    assert list(tmp_path.glob("copy*")) == []


@pytest.mark.parametrize("room_for", [0, 1])
def test_a_disk_that_fills_up_keeps_what_has_arrived_and_only_then_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room_for: int
) -> None:
    parts = DownloadService(Stored(bytes(range(256)) * 4000))
    write, left = disk.write_at, [room_for]

    def some(file: int, data: memoryview, offset: int) -> None:
        if not left[0]:
            full()
        write(file, data, offset)

    def arrived(event: object) -> None:
        left[0] -= type(event).__name__ == "PartFetched"

    monkeypatch.setattr(disk, "write_at", some)
    with parts.running(), pytest.raises(DiskFull) as told:
        fetch = Fetch(parts, tmp_path / "copy", rules=ONE_LANE)
        fetch.hooks.append(arrived)
        fetch.go()
    assert told.value.message.endswith(KEPT_BESIDE) is bool(room_for)


def test_what_an_earlier_run_left_is_kept_by_a_full_disk_too(
    stored: DownloadService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stored.running():
        stored.spoil(404, times=99)
        with pytest.raises(Exception, match="does not give the file out"):
            Fetch(stored, tmp_path / "copy").go()
        monkeypatch.setattr(disk, "reserve", full)
        with pytest.raises(DiskFull) as told:
            Fetch(stored, tmp_path / "copy").go()
    assert told.value.message.endswith(KEPT_BESIDE)
    assert len(list(tmp_path.glob("copy.part*"))) == 1
