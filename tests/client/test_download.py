"""Whole downloads: from an upload's id to a file on this disk, and on where it was."""

from pathlib import Path
from random import Random

import pytest

from manyhands.download import disk
from manyhands.errors import (
    Stopped,
    StoredDiffers,
    Withheld,
)
from manyhands.events import Checking, Downloaded, Fetching, Found, PartFetched
from manyhands.net.limiter import Limiter
from tests.client.download_runs import FILM, ONE_LANE, interrupted, part_files, stop_after
from tests.client.fake_board import PART, content
from tests.client.fake_download import DownloadService, Fetch, Stored


def test_a_file_arrives_whole_under_its_own_name(stored: DownloadService, folder: Path) -> None:
    fetch = Fetch(stored, folder)
    ended = fetch.go()
    assert (folder / "film.mov").read_bytes() == FILM
    assert part_files(folder) == []
    assert (ended.outcome, ended.own_parts, ended.own_bytes) == ("fetched", 10, len(FILM))
    assert ended.checksum == stored.board.checksum
    assert stored.counted() == dict.fromkeys(range(1, 11), 1)
    assert stored.signed == 1
    assert fetch.told(Found)[0].path == str(folder / "film.mov")
    last = fetch.told(Fetching)[-1]
    assert (last.bytes_done, last.parts_done, last.lanes) == (len(FILM), 10, 0)


def test_a_run_that_was_stopped_goes_on_without_fetching_anything_twice(
    stored: DownloadService, folder: Path
) -> None:
    first = interrupted(stored, folder)
    kept = {event.part for event in first.told(PartFetched)}
    stored.gets.clear()
    again = Fetch(stored, folder)
    assert again.go().own_parts == len(stored.counted()) <= 10 - len(kept)
    assert not set(stored.counted()) & kept
    assert (folder / "film.mov").read_bytes() == FILM
    checked = again.told(Checking)[-1]
    assert checked.bytes_checked == checked.bytes >= len(kept) * PART


def test_a_part_that_rotted_on_the_disk_is_fetched_again(
    stored: DownloadService, folder: Path
) -> None:
    interrupted(stored, folder)
    (path,) = part_files(folder)
    with path.open("r+b") as file:
        file.seek(PART + 7)
        file.write(b"rot")
    stored.gets.clear()
    Fetch(stored, folder).go()
    assert 2 in stored.counted()
    assert 1 not in stored.counted()
    assert (folder / "film.mov").read_bytes() == FILM


def test_rest_finishes_what_is_under_way_and_a_later_run_goes_on(
    stored: DownloadService, folder: Path
) -> None:
    fetch = Fetch(stored, folder, rules=ONE_LANE)
    fetch.hooks.append(lambda e: fetch.runner.rest() if isinstance(e, PartFetched) else None)
    ended = fetch.go()
    assert ended.outcome == "resting"
    assert 1 <= ended.own_parts <= 2
    assert not (folder / "film.mov").exists()
    assert Fetch(stored, folder).go().own_parts == 10 - ended.own_parts


def test_rest_while_a_file_at_the_target_is_compared_does_not_call_it_another(
    stored: DownloadService, folder: Path
) -> None:
    (folder / "film.mov").write_bytes(FILM)
    fetch = Fetch(stored, folder)
    fetch.hooks.append(lambda e: fetch.runner.rest() if isinstance(e, Found) else None)
    assert fetch.go().outcome == "resting"


@pytest.mark.parametrize("status", ["the manifest", "the check"])
def test_a_stop_before_anything_is_fetched_is_heard(
    stored: DownloadService, folder: Path, status: str
) -> None:
    interrupted(stored, folder)
    fetch = Fetch(stored, folder)
    if status == "the manifest":
        fetch.runner.stop(15)
    fetch.hooks.append(lambda e: fetch.runner.stop(15) if isinstance(e, Found) else None)
    with pytest.raises(Stopped) as stopped:
        fetch.go()
    assert stopped.value.exit_code == 143


@pytest.mark.parametrize("seed", range(8))
def test_after_any_story_of_faults_and_stops_no_part_came_twice(
    stored: DownloadService, folder: Path, seed: int
) -> None:
    rng, finished = Random(seed), list[int]()
    for _ in range(12):
        for how in ("wrong", "range", "whole", "short", 503, 403):
            stored.spoil(how, part=rng.randint(1, 10))
    for _ in range(100):
        fetch = Fetch(stored, folder)
        stop_after(fetch, rng.randint(1, 4))
        try:
            fetch.go()
        except (Stopped, StoredDiffers, Withheld):
            finished += [event.part for event in fetch.told(PartFetched)]
        else:
            finished += [event.part for event in fetch.told(PartFetched)]
            break
    assert len(finished) == len(set(finished))
    assert (folder / "film.mov").read_bytes() == FILM


def test_the_bytes_are_on_the_disk_before_the_name_is_given(
    stored: DownloadService, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    for name in ("flush", "move_new", "sync_folder"):
        real = getattr(disk, name)
        noted = lambda *a, name=name, real=real: (steps.append(name), real(*a))  # noqa: E731
        monkeypatch.setattr(disk, name, noted)
    Fetch(stored, folder).go()
    assert steps == ["flush", "move_new", "sync_folder"]


def test_rest_during_the_check_fetches_nothing(stored: DownloadService, folder: Path) -> None:
    interrupted(stored, folder)
    signed = stored.signed
    fetch = Fetch(stored, folder)
    fetch.hooks.append(lambda e: fetch.runner.rest() if isinstance(e, Found) else None)
    assert fetch.go().outcome == "resting"
    assert stored.signed == signed, "not even a URL was asked for"


@pytest.mark.parametrize("data", [b"", b"x", content(PART), content(PART + 1)])
def test_files_of_every_shape_arrive(tmp_path: Path, data: bytes) -> None:
    with DownloadService(Stored(data)).running() as running:
        assert isinstance(running, DownloadService)
        assert Fetch(running, tmp_path).go().outcome == "fetched"
        assert (tmp_path / "film.mov").read_bytes() == data
        assert sum(running.counted().values()) == -(-len(data) // PART)


def test_the_limit_holds_for_all_lanes_together(stored: DownloadService, folder: Path) -> None:
    fetch = Fetch(stored, folder, limiter=Limiter(len(FILM)))
    ended: Downloaded = fetch.go()
    assert 0.8 < ended.seconds < 3
