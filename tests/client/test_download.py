"""Whole downloads against a storage with faults: from an upload's id to a file on this disk."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec
import pytest

from manyhands import wire
from manyhands.download import disk
from manyhands.download.part_file import part_path
from manyhands.download.rules import Rules
from manyhands.errors import (
    DiskFull,
    NotComplete,
    NotUnderstood,
    Refused,
    Stopped,
    StoredDiffers,
    TargetBusy,
    TargetExists,
    TargetUnusable,
    Withheld,
)
from manyhands.events import Checking, Downloaded, Fetching, Found, PartFetched, Retrying, SetAside
from manyhands.net.limiter import Limiter
from tests.client.conftest import content
from tests.client.fake_board import PART
from tests.client.fake_download import ID, DownloadService, Fetch, Stored, digests_of
from tests.client.runs import HASTE

FILM = content(9 * PART + 1234)
ONE_LANE = Rules(connections=1, first=1, backoff=HASTE)


@pytest.fixture
def service() -> Iterator[DownloadService]:
    with DownloadService(Stored(FILM)).running() as running:
        assert isinstance(running, DownloadService)
        yield running
        running.go_on.set()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "films"
    made.mkdir()
    return made


def part_files(folder: Path) -> list[Path]:
    return list(folder.glob("*.part-*"))


def stop_after(fetch: Fetch, parts: int) -> None:
    def stop(event: object) -> None:
        if isinstance(event, PartFetched) and len(fetch.told(PartFetched)) == parts:
            fetch.runner.stop(2)

    fetch.hooks.append(stop)


def interrupted(service: DownloadService, folder: Path, parts: int = 3) -> Fetch:
    """A run that was stopped after so many parts."""
    fetch = Fetch(service, folder, rules=ONE_LANE)
    stop_after(fetch, parts)
    with pytest.raises(Stopped) as stopped:
        fetch.go()
    assert stopped.value.exit_code == 130
    assert "has arrived is kept" in stopped.value.message
    return fetch


def test_a_file_arrives_whole_under_its_own_name(service: DownloadService, folder: Path) -> None:
    fetch = Fetch(service, folder)
    ended = fetch.go()
    assert (folder / "film.mov").read_bytes() == FILM
    assert part_files(folder) == []
    assert (ended.outcome, ended.own_parts, ended.own_bytes) == ("fetched", 10, len(FILM))
    assert ended.checksum == service.board.checksum
    assert service.counted() == dict.fromkeys(range(1, 11), 1)
    assert service.signed == 1
    assert fetch.told(Found)[0].path == str(folder / "film.mov")
    last = fetch.told(Fetching)[-1]
    assert (last.bytes_done, last.parts_done, last.lanes) == (len(FILM), 10, 0)


def test_a_run_that_was_stopped_goes_on_without_fetching_anything_twice(
    service: DownloadService, folder: Path
) -> None:
    first = interrupted(service, folder)
    kept = {event.part for event in first.told(PartFetched)}
    service.gets.clear()
    again = Fetch(service, folder)
    assert again.go().own_parts == len(service.counted()) <= 10 - len(kept)
    assert not set(service.counted()) & kept
    assert (folder / "film.mov").read_bytes() == FILM
    checked = again.told(Checking)[-1]
    assert checked.bytes_checked == checked.bytes >= len(kept) * PART


def test_a_part_that_rotted_on_the_disk_is_fetched_again(
    service: DownloadService, folder: Path
) -> None:
    interrupted(service, folder)
    (path,) = part_files(folder)
    with path.open("r+b") as file:
        file.seek(PART + 7)
        file.write(b"rot")
    service.gets.clear()
    Fetch(service, folder).go()
    assert 2 in service.counted()
    assert 1 not in service.counted()
    assert (folder / "film.mov").read_bytes() == FILM


def test_rest_finishes_what_is_under_way_and_a_later_run_goes_on(
    service: DownloadService, folder: Path
) -> None:
    fetch = Fetch(service, folder, rules=ONE_LANE)
    fetch.hooks.append(lambda e: fetch.runner.rest() if isinstance(e, PartFetched) else None)
    ended = fetch.go()
    assert ended.outcome == "resting"
    assert 1 <= ended.own_parts <= 2
    assert not (folder / "film.mov").exists()
    assert Fetch(service, folder).go().own_parts == 10 - ended.own_parts


def test_rest_while_a_file_at_the_target_is_compared_does_not_call_it_another(
    service: DownloadService, folder: Path
) -> None:
    (folder / "film.mov").write_bytes(FILM)
    fetch = Fetch(service, folder)
    fetch.hooks.append(lambda e: fetch.runner.rest() if isinstance(e, Found) else None)
    assert fetch.go().outcome == "resting"


@pytest.mark.parametrize("status", ["the manifest", "the check"])
def test_a_stop_before_anything_is_fetched_is_heard(
    service: DownloadService, folder: Path, status: str
) -> None:
    interrupted(service, folder)
    fetch = Fetch(service, folder)
    if status == "the manifest":
        fetch.runner.stop(15)
    fetch.hooks.append(lambda e: fetch.runner.stop(15) if isinstance(e, Found) else None)
    with pytest.raises(Stopped) as stopped:
        fetch.go()
    assert stopped.value.exit_code == 143


@pytest.mark.parametrize("seed", range(8))
def test_after_any_story_of_faults_and_stops_no_part_came_twice(
    service: DownloadService, folder: Path, seed: int
) -> None:
    rng, finished = Random(seed), list[int]()
    for _ in range(12):
        for how in ("wrong", "range", "whole", "short", 503, 403):
            service.spoil(how, part=rng.randint(1, 10))
    for _ in range(100):
        fetch = Fetch(service, folder)
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
    service: DownloadService, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    for name in ("flush", "move_new", "sync_folder"):
        real = getattr(disk, name)
        noted = lambda *a, name=name, real=real: (steps.append(name), real(*a))  # noqa: E731
        monkeypatch.setattr(disk, name, noted)
    Fetch(service, folder).go()
    assert steps == ["flush", "move_new", "sync_folder"]


def test_rest_during_the_check_fetches_nothing(service: DownloadService, folder: Path) -> None:
    interrupted(service, folder)
    signed = service.signed
    fetch = Fetch(service, folder)
    fetch.hooks.append(lambda e: fetch.runner.rest() if isinstance(e, Found) else None)
    assert fetch.go().outcome == "resting"
    assert service.signed == signed, "not even a URL was asked for"


def test_waking_begins_the_parts_under_way_anew_at_once(
    service: DownloadService, folder: Path
) -> None:
    service.spoil("stall", part=1)
    fetch = Fetch(service, folder, rules=ONE_LANE, stall_s=60.0)
    threading.Timer(0.4, fetch.runner.woke).start()
    assert fetch.go().own_parts == 10
    assert not fetch.told(Retrying)


def test_wrong_bytes_never_count_and_are_fetched_again(
    service: DownloadService, folder: Path
) -> None:
    service.spoil("wrong", part=3, times=2)
    fetch = Fetch(service, folder)
    fetch.go()
    assert (folder / "film.mov").read_bytes() == FILM
    assert {e.what for e in fetch.told(Retrying)} == {"part 3"}


def test_wrong_bytes_without_end_are_an_error_and_the_rest_is_kept(
    service: DownloadService, folder: Path
) -> None:
    service.spoil("wrong", part=3, times=99)
    with pytest.raises(StoredDiffers, match="Part 3"):
        Fetch(service, folder).go()
    assert not (folder / "film.mov").exists()
    assert len(part_files(folder)) == 1


@pytest.mark.parametrize("how", ["range", "size", "whole", "short", 503, 500, 429, 416, 404])
def test_an_answer_that_is_not_the_part_is_tried_again(
    service: DownloadService, folder: Path, how: str | int
) -> None:
    service.spoil(how, part=4)
    assert Fetch(service, folder).go().outcome == "fetched"
    assert (folder / "film.mov").read_bytes() == FILM
    assert service.counted()[4] == 1


def test_a_storage_that_stalls_in_the_middle_is_asked_again(
    service: DownloadService, folder: Path
) -> None:
    service.spoil("stall", part=2)
    fetch = Fetch(service, folder, stall_s=0.2)
    assert fetch.go().outcome == "fetched"
    assert [e.reason for e in fetch.told(Retrying)] == ["no answer from the storage in time"]


def test_an_expired_url_is_renewed_once_for_all_lanes(
    service: DownloadService, folder: Path
) -> None:
    def expire() -> None:
        with service.lock:
            service.oldest_url = 2

    service.fail("GET", "/s3/", before=lambda: None, times=3)
    service.fail("GET", "/s3/", before=expire)
    fetch = Fetch(service, folder)
    assert fetch.go().own_parts == 10
    assert service.signed == 2
    assert not fetch.told(Retrying)
    assert service.counted() == dict.fromkeys(range(1, 11), 1)


def test_urls_that_never_work_end_it_soon(service: DownloadService, folder: Path) -> None:
    service.oldest_url = 10**9
    with pytest.raises(Withheld, match="status 403"):
        Fetch(service, folder).go()
    assert service.signed == 4


def test_a_file_that_is_deleted_on_the_way_ends_it_with_what_has_become_of_it(
    service: DownloadService, folder: Path
) -> None:
    def delete(event: object) -> None:
        if isinstance(event, PartFetched):
            service.board.status = "deleted"
            service.spoil(404, times=10**9)

    fetch = Fetch(service, folder)
    fetch.hooks.append(delete)
    with pytest.raises(NotComplete, match="is deleted"):
        fetch.go()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("active", "not complete yet: it is active"),
        ("paused", "paused"),
        ("assembling", "joining"),
        ("cancelled", "is cancelled; there is nothing"),
        ("a newer status", "a newer status"),
    ],
)
def test_an_upload_that_is_not_complete_says_what_it_is(
    service: DownloadService, folder: Path, status: str, said: str
) -> None:
    service._look = lambda board: _reply_as(service, status)  # type: ignore[method-assign]
    with pytest.raises(NotComplete, match=said):
        Fetch(service, folder).go()
    assert list(folder.iterdir()) == []


def _reply_as(service: DownloadService, status: str) -> object:
    view = msgspec.structs.replace(service.board.view(), status=status)
    return wire.UploadReply(view, wire.Board("", []))


def test_an_upload_that_is_not_there_is_the_services_refusal(
    service: DownloadService, folder: Path
) -> None:
    with pytest.raises(Refused) as refused:
        Fetch(service, folder, upload="another").go()
    assert refused.value.code == "no_such_upload"


def test_a_manifest_that_is_not_the_uploads_is_not_believed(
    service: DownloadService, folder: Path
) -> None:
    view = service.board.view()
    service.board.known[3] = service.board.known[2]
    service.board.view = lambda: view  # type: ignore[method-assign]
    with pytest.raises(NotUnderstood, match="do not add up"):
        Fetch(service, folder).go()
    assert service.gets == []


def test_digests_that_the_caller_kept_save_the_calls(
    service: DownloadService, folder: Path
) -> None:
    first = interrupted(service, folder)
    assert first.runner.digests == digests_of(FILM)
    service.calls.clear()
    Fetch(service, folder, digests=first.runner.digests).go()
    assert not [call for call in service.calls if "manifest" in call]


def test_digests_of_something_else_are_read_anew(service: DownloadService, folder: Path) -> None:
    Fetch(service, folder, digests=digests_of(FILM[::-1])).go()
    assert [call for call in service.calls if "manifest" in call]
    assert (folder / "film.mov").read_bytes() == FILM


def test_another_file_at_the_target_is_left_alone(service: DownloadService, folder: Path) -> None:
    target = folder / "mine.mov"
    target.write_bytes(b"x" * len(FILM))
    with pytest.raises(TargetExists):
        Fetch(service, target).go()
    assert target.read_bytes() == b"x" * len(FILM)
    assert part_files(folder) == []
    assert service.gets == []


def test_another_file_at_the_target_is_replaced_when_that_is_said(
    service: DownloadService, folder: Path
) -> None:
    target = folder / "mine.mov"
    target.write_bytes(b"another")
    Fetch(service, target, overwrite=True).go()
    assert target.read_bytes() == FILM
    assert list(folder.iterdir()) == [target]


def test_the_same_file_at_the_target_is_enough(service: DownloadService, folder: Path) -> None:
    target = folder / "film.mov"
    target.write_bytes(FILM)
    ended = Fetch(service, folder).go()
    assert (ended.outcome, ended.own_parts) == ("already_there", 0)
    assert service.gets == []


def test_a_longer_file_that_begins_alike_is_another(service: DownloadService, folder: Path) -> None:
    (folder / "film.mov").write_bytes(FILM + b"x")
    with pytest.raises(TargetExists):
        Fetch(service, folder).go()


def test_another_file_under_the_same_id_is_noticed(service: DownloadService, folder: Path) -> None:
    def exchange(event: object) -> None:
        if isinstance(event, Found):
            service.board.known[0] = service.board.known[1]

    fetch = Fetch(service, folder)
    fetch.hooks.append(exchange)
    with pytest.raises(NotComplete, match="another file"):
        fetch.go()
    assert service.gets == []


def test_a_machine_that_died_between_the_two_steps_of_the_rename_has_its_file(
    service: DownloadService, folder: Path
) -> None:
    target = folder / "film.mov"
    target.write_bytes(FILM)
    os.link(target, part_path(target, ID))
    assert Fetch(service, folder).go().outcome == "already_there"
    assert list(folder.iterdir()) == [target]


def test_a_target_that_appears_meanwhile_is_left_alone_and_nothing_is_lost(
    service: DownloadService, folder: Path
) -> None:
    target = folder / "film.mov"
    fetch = Fetch(service, folder)
    fetch.hooks.append(lambda e: target.write_bytes(b"new") if isinstance(e, PartFetched) else None)
    with pytest.raises(TargetExists, match="left alone"):
        fetch.go()
    assert target.read_bytes() == b"new"
    target.unlink()
    service.gets.clear()
    assert Fetch(service, folder).go().own_parts == 0
    assert service.gets == []
    assert target.read_bytes() == FILM


def test_a_second_process_with_the_same_wish_is_told(
    service: DownloadService, folder: Path
) -> None:
    service.spoil("stall", part=2)
    first = Fetch(service, folder)
    complaints: list[object] = []

    def again(event: object) -> None:
        if isinstance(event, PartFetched) and not complaints:
            with pytest.raises(TargetBusy) as busy:
                Fetch(service, folder).go()
            complaints.append(busy.value)
            service.go_on.set()

    first.hooks.append(again)
    assert first.go().outcome == "fetched"
    assert complaints


def test_what_stands_in_the_way_is_set_aside(service: DownloadService, folder: Path) -> None:
    path = part_path(folder / "film.mov", ID)
    path.write_bytes(b"z" * (len(FILM) + 1))
    fetch = Fetch(service, folder)
    fetch.go()
    (aside,) = fetch.told(SetAside)
    assert Path(aside.instead).read_bytes() == b"z" * (len(FILM) + 1)
    assert (folder / "film.mov").read_bytes() == FILM


def test_a_disk_that_fills_up_on_the_way_keeps_what_has_arrived(
    service: DownloadService, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, room = disk.write_at, [3 * PART]

    def writes(file: int, data: memoryview, offset: int) -> None:
        room[0] -= len(data)
        if room[0] < 0:
            raise OSError(28, "No space left on device")
        write(file, data, offset)

    monkeypatch.setattr(disk, "write_at", writes)
    with pytest.raises(DiskFull, match="kept"):
        Fetch(service, folder, rules=ONE_LANE).go()
    room[0] = 10**9
    assert Fetch(service, folder).go().own_parts == 7
    assert (folder / "film.mov").read_bytes() == FILM


@pytest.mark.parametrize("data", [b"", b"x", content(PART), content(PART + 1)])
def test_files_of_every_shape_arrive(tmp_path: Path, data: bytes) -> None:
    with DownloadService(Stored(data)).running() as running:
        assert isinstance(running, DownloadService)
        assert Fetch(running, tmp_path).go().outcome == "fetched"
        assert (tmp_path / "film.mov").read_bytes() == data
        assert sum(running.counted().values()) == -(-len(data) // PART)


def test_a_name_that_would_leave_the_folder_stays_in_it(folder: Path) -> None:
    with DownloadService(Stored(b"x", "../../etc/passwd")).running() as running:
        ended = Fetch(running, folder).go()
    assert Path(ended.path).parent == folder
    assert Path(ended.path).read_bytes() == b"x"


def test_a_folder_that_is_not_there_is_said(service: DownloadService, folder: Path) -> None:
    with pytest.raises(TargetUnusable, match="no folder"):
        Fetch(service, folder / "none" / "film.mov").go()


def test_the_limit_holds_for_all_lanes_together(service: DownloadService, folder: Path) -> None:
    fetch = Fetch(service, folder, limiter=Limiter(len(FILM)))
    ended: Downloaded = fetch.go()
    assert 0.8 < ended.seconds < 3


def test_an_outage_of_the_service_is_waited_for(service: DownloadService, folder: Path) -> None:
    service.fail("GET", "/download", status=503, times=9)
    fetch = Fetch(service, folder)
    assert fetch.go().outcome == "fetched"
    assert {e.what for e in fetch.told(Retrying)} == {"the download's address"}
