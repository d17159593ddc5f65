"""What stands where a download is to be, and what becomes of it."""

import os
from pathlib import Path

import pytest

from manyhands.download import disk
from manyhands.download.part_file import part_path
from manyhands.errors import (
    DiskFull,
    NotComplete,
    TargetBusy,
    TargetExists,
    TargetUnusable,
)
from manyhands.events import Found, PartFetched, SetAside, ToFetch
from tests.client.download_runs import FILM, ONE_LANE, part_files
from tests.client.fake_board import PART
from tests.client.fake_download import ID, DownloadService, Fetch, Stored


def test_another_file_at_the_target_is_left_alone(stored: DownloadService, folder: Path) -> None:
    target = folder / "mine.mov"
    target.write_bytes(b"x" * len(FILM))
    with pytest.raises(TargetExists):
        Fetch(stored, target).go()
    assert target.read_bytes() == b"x" * len(FILM)
    assert part_files(folder) == []
    assert stored.gets == []


def test_another_file_at_the_target_is_replaced_when_that_is_said(
    stored: DownloadService, folder: Path
) -> None:
    target = folder / "mine.mov"
    target.write_bytes(b"another")
    Fetch(stored, target, overwrite=True).go()
    assert target.read_bytes() == FILM
    assert list(folder.iterdir()) == [target]


def test_the_same_file_at_the_target_is_enough(stored: DownloadService, folder: Path) -> None:
    target = folder / "film.mov"
    target.write_bytes(FILM)
    ended = Fetch(stored, folder).go()
    assert (ended.outcome, ended.own_parts) == ("already_there", 0)
    assert stored.gets == []


def test_a_longer_file_that_begins_alike_is_another(stored: DownloadService, folder: Path) -> None:
    (folder / "film.mov").write_bytes(FILM + b"x")
    with pytest.raises(TargetExists):
        Fetch(stored, folder).go()


def test_another_file_under_the_same_id_is_noticed(stored: DownloadService, folder: Path) -> None:
    def exchange(event: object) -> None:
        if isinstance(event, Found):
            stored.board.known[0] = stored.board.known[1]

    fetch = Fetch(stored, folder)
    fetch.hooks.append(exchange)
    with pytest.raises(NotComplete, match="another file"):
        fetch.go()
    assert stored.gets == []


def test_a_machine_that_died_between_the_two_steps_of_the_rename_has_its_file(
    stored: DownloadService, folder: Path
) -> None:
    target = folder / "film.mov"
    target.write_bytes(FILM)
    os.link(target, part_path(target, ID))
    assert Fetch(stored, folder).go().outcome == "already_there"
    assert list(folder.iterdir()) == [target]


def test_a_target_that_appears_meanwhile_is_left_alone_and_nothing_is_lost(
    stored: DownloadService, folder: Path
) -> None:
    target = folder / "film.mov"
    fetch = Fetch(stored, folder)
    fetch.hooks.append(lambda e: target.write_bytes(b"new") if isinstance(e, PartFetched) else None)
    with pytest.raises(TargetExists, match="left alone"):
        fetch.go()
    assert target.read_bytes() == b"new"
    target.unlink()
    stored.gets.clear()
    again = Fetch(stored, folder)
    assert again.go().own_parts == 0
    assert stored.gets == []
    assert fetch.told(ToFetch) and not again.told(ToFetch)
    assert target.read_bytes() == FILM


def test_a_second_process_with_the_same_wish_is_told(stored: DownloadService, folder: Path) -> None:
    stored.spoil("stall", part=2)
    first = Fetch(stored, folder)
    complaints: list[object] = []

    def again(event: object) -> None:
        if isinstance(event, PartFetched) and not complaints:
            with pytest.raises(TargetBusy) as busy:
                Fetch(stored, folder).go()
            complaints.append(busy.value)
            stored.go_on.set()

    first.hooks.append(again)
    assert first.go().outcome == "fetched"
    assert complaints


def test_what_stands_in_the_way_is_set_aside(stored: DownloadService, folder: Path) -> None:
    path = part_path(folder / "film.mov", ID)
    path.write_bytes(b"z" * (len(FILM) + 1))
    fetch = Fetch(stored, folder)
    fetch.go()
    (aside,) = fetch.told(SetAside)
    assert Path(aside.instead).read_bytes() == b"z" * (len(FILM) + 1)
    assert (folder / "film.mov").read_bytes() == FILM


def test_a_disk_that_fills_up_on_the_way_keeps_what_has_arrived(
    stored: DownloadService, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, room = disk.write_at, [3 * PART]

    def writes(file: int, data: memoryview, offset: int) -> None:
        room[0] -= len(data)
        if room[0] < 0:
            raise OSError(28, "No space left on device")
        write(file, data, offset)

    monkeypatch.setattr(disk, "write_at", writes)
    with pytest.raises(DiskFull, match="kept"):
        Fetch(stored, folder, rules=ONE_LANE).go()
    room[0] = 10**9
    assert Fetch(stored, folder).go().own_parts == 7
    assert (folder / "film.mov").read_bytes() == FILM


def test_a_name_that_would_leave_the_folder_stays_in_it(folder: Path) -> None:
    with DownloadService(Stored(b"x", "../../etc/passwd")).running() as running:
        ended = Fetch(running, folder).go()
    assert Path(ended.path).parent == folder
    assert Path(ended.path).read_bytes() == b"x"


def test_a_folder_that_is_not_there_is_said(stored: DownloadService, folder: Path) -> None:
    with pytest.raises(TargetUnusable, match="no folder"):
        Fetch(stored, folder / "none" / "film.mov").go()
