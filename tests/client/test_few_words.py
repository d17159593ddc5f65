"""Numbers in one answer agree; what was refused leaves nothing; what waits has its size."""

from pathlib import Path

import msgspec
import pytest

from manyhands import words
from manyhands.cli import views
from manyhands.cli.sentences import result
from manyhands.parts import PartPlan
from manyhands.transfers.cycle import Event, State
from manyhands.transfers.journal import Journal
from manyhands.upload.tally import Tally
from manyhands.wire import ExchangeReply, Progress
from tests.client.commands import Command
from tests.client.fake_board import content
from tests.client.fake_download import ID, DownloadService
from tests.client.fake_service import FakeService
from tests.client.looks import PART, client, upload
from tests.client.runs import signed_in
from tests.client.test_display import ENDED, PROGRESS
from tests.client.test_transfer_commands import shelf_of


@pytest.mark.parametrize("count", range(101))
def test_the_bar_and_the_table_round_alike(count: int) -> None:
    assert views.percent(count / 100) == words.share(count, 100) == f"{count} %"
    assert views.percent((3 * count + 2) / 303) == words.share(3 * count + 2, 303)


@pytest.mark.parametrize("seconds", [12, 59, 61, 95, 119, 3599, 5399, 7200, 100_000])
def test_how_long_it_took_is_never_more_than_how_long_ago_it_began(seconds: int) -> None:
    assert words.ago(seconds) == f"{words.lasted(seconds)} ago"


def test_after_several_runs_the_last_line_says_what_this_device_brought_in_all() -> None:
    ended = msgspec.structs.replace(ENDED, devices=1, brought=1_400_000_000)
    assert "100 % from here (25 % in this run). Upload" in result(ended)
    assert "25 % from here; 3 devices took part" in result(ENDED)


def test_the_board_knows_what_this_device_brought_in_former_runs() -> None:
    tally = Tally(PartPlan(100 * PART, PART), upload(parts=100), started=0.0)
    rows = [client(1, bytes=3 * PART), client(2, bytes=5 * PART)]
    assert tally.brought == 0
    progress = Progress(100, 100, 8, 100 * PART, 8 * PART)
    tally.answered(ExchangeReply("active", [], [], progress, rows, 5.0, number=2))
    assert tally.brought == 5 * PART


def test_a_download_that_is_refused_or_there_already_leaves_no_transfer(
    stored: DownloadService, folder: Path, tmp_path: Path, command: Command
) -> None:
    signed_in(stored, tmp_path)
    target = folder / "film.mov"
    target.write_bytes(b"another file")
    assert command("download", ID, "-o", str(target), "--quiet") == 252
    assert command("download", ID, "-o", str(target), "--quiet") == 252
    assert (command("transfers"), command.out) == (0, "")
    target.unlink()
    assert command("download", ID, "-o", str(target), "--quiet") == 0
    assert command("download", ID, "-o", str(target), "--quiet") == 0
    assert command("transfers", "--json") == 0
    assert [event["state"] for event in command.events] == ["done"]
    assert command("rm", "1") == 0
    assert command("download", ID, "-o", str(target), "--quiet") == 0
    assert (command("transfers"), command.out) == (0, "")


def test_what_waits_has_a_size_and_files_of_one_name_are_told_apart(
    service: FakeService, member: Command, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        (tmp_path / "pictures" / name / "1.jpg").write_bytes(content(1000))
    service.fail("POST", "/tickets", status=403, body=b'{"code":"x","message":"No."}', times=9)
    assert member("upload", "-r", str(tmp_path / "pictures")) == 1
    assert "1 of 2: pictures - a - 1.jpg: Began upload" in member.err
    assert "2 of 2: pictures - b - 1.jpg: Began upload" in member.err
    assert member("transfers") == 0
    assert "1 kB  pictures - a - 1.jpg" in member.out
    assert "1 kB  pictures - b - 1.jpg" in member.out


def test_what_has_not_begun_has_its_size_already(
    service: FakeService, member: Command, film: Path, tmp_path: Path
) -> None:
    other, seen = tmp_path / "other.mov", list[tuple[State, int]]()
    other.write_bytes(b"x" * 1234)

    def look() -> None:
        found = shelf_of(f"ana at {service.url}/", tmp_path).all()
        seen.extend((each.state, each.size) for each in found)

    service.fail("POST", "/uploads", before=look)
    assert member("upload", str(film), str(other), "--quiet") == 0
    assert seen[1] == (State.QUEUED, 1234)


def test_a_pause_for_everybody_is_the_reason_that_is_shown(tmp_path: Path) -> None:
    shelf = shelf_of("ana", tmp_path, "film.mov")
    for event in (Event.RESUME, Event.START):
        shelf.move(1, event)
    now = [0.0]
    journal = Journal(shelf, 1, lambda: now[0])
    for status, why in (("paused", "paused for everybody"), ("active", "")):
        journal.progress(msgspec.structs.replace(PROGRESS, status=status), seq=1)
        found = shelf.get(1)
        assert (found.state, found.why) == (State.ONGOING, why)
        now[0] += 1.0
