"""What is on its way is told while the first parts are not in yet, and never counted as done."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.client.commands import Command
from tests.client.fake_board import PART, content
from tests.client.fake_download import ID, DownloadService
from tests.client.fake_service import FakeService
from tests.client.runs import signed_in

SLOW = ("--limit-rate", "50K", "--json")


def figures(command: Command, kind: str) -> list[tuple[int, int]]:
    """Bytes done and bytes under way, each time they were told."""
    told = [event for event in command.events if event["event"] == kind]
    return [(int(str(e["bytes_done"])), int(str(e["under_way"]))) for e in told]


@pytest.mark.usefixtures("service")
def test_a_slow_upload_says_what_has_left_before_the_first_part_is_in(
    member: Command, tmp_path: Path
) -> None:
    film = tmp_path / "film.mov"
    film.write_bytes(content(PART))
    assert member("upload", str(film), *SLOW) == 0
    told = figures(member, "progress")
    assert any(done == 0 < under_way for done, under_way in told)
    assert all(done + under_way <= PART for done, under_way in told)
    assert told[-1] == (PART, 0)


def test_a_slow_download_says_what_has_come_before_the_first_part_is_whole(
    stored: DownloadService, folder: Path, tmp_path: Path, command: Command
) -> None:
    signed_in(stored, tmp_path)
    assert command("download", ID, "-o", f"{folder}/", "--limit-rate", "300K", "--json") == 0
    told = figures(command, "fetching")
    assert any(under_way for _, under_way in told)
    whole = told[-1][0]
    assert told[-1] == (whole, 0)
    assert all(done + under_way <= whole for done, under_way in told)


def test_a_part_that_failed_is_no_longer_on_its_way(
    service: FakeService, member: Command, tmp_path: Path
) -> None:
    film = tmp_path / "film.mov"
    film.write_bytes(content(PART))
    service.fail("PUT", "/s3/", status=503, times=1)
    assert member("upload", str(film), *SLOW) == 0
    told = figures(member, "progress")
    drops = [n for n, (one, other) in enumerate(pairwise(told)) if one[1] > other[1]]
    assert any(0 < under_way < PART for _, under_way in told[drops[0] + 1 :])
    assert told[-1] == (PART, 0)
