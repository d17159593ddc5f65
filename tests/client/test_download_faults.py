"""Downloads from a storage and a service with faults: what is tried again, and what ends it."""

import threading
from pathlib import Path

import msgspec
import pytest

from manyhands import wire
from manyhands.errors import (
    NotComplete,
    NotUnderstood,
    Refused,
    StoredDiffers,
    Withheld,
)
from manyhands.events import PartFetched, Retrying
from tests.client.download_runs import FILM, ONE_LANE, interrupted, part_files
from tests.client.fake_download import DownloadService, Fetch, digests_of


def test_waking_begins_the_parts_under_way_anew_at_once(
    stored: DownloadService, folder: Path
) -> None:
    stored.spoil("stall", part=1)
    fetch = Fetch(stored, folder, rules=ONE_LANE, stall_s=60.0)
    threading.Timer(0.4, fetch.runner.woke).start()
    assert fetch.go().own_parts == 10
    assert not fetch.told(Retrying)


def test_wrong_bytes_never_count_and_are_fetched_again(
    stored: DownloadService, folder: Path
) -> None:
    stored.spoil("wrong", part=3, times=2)
    fetch = Fetch(stored, folder)
    fetch.go()
    assert (folder / "film.mov").read_bytes() == FILM
    assert {e.what for e in fetch.told(Retrying)} == {"part 3"}


def test_wrong_bytes_without_end_are_an_error_and_the_rest_is_kept(
    stored: DownloadService, folder: Path
) -> None:
    stored.spoil("wrong", part=3, times=99)
    with pytest.raises(StoredDiffers, match="Part 3"):
        Fetch(stored, folder).go()
    assert not (folder / "film.mov").exists()
    assert len(part_files(folder)) == 1


@pytest.mark.parametrize("how", ["range", "size", "whole", "short", 503, 500, 429, 416, 404])
def test_an_answer_that_is_not_the_part_is_tried_again(
    stored: DownloadService, folder: Path, how: str | int
) -> None:
    stored.spoil(how, part=4)
    assert Fetch(stored, folder).go().outcome == "fetched"
    assert (folder / "film.mov").read_bytes() == FILM
    assert stored.counted()[4] == 1


def test_a_storage_that_stalls_in_the_middle_is_asked_again(
    stored: DownloadService, folder: Path
) -> None:
    stored.spoil("stall", part=2)
    fetch = Fetch(stored, folder, stall_s=0.2)
    assert fetch.go().outcome == "fetched"
    assert [e.reason for e in fetch.told(Retrying)] == ["no answer from the storage in time"]


def test_an_expired_url_is_renewed_once_for_all_lanes(
    stored: DownloadService, folder: Path
) -> None:
    def expire() -> None:
        with stored.lock:
            stored.oldest_url = 2

    stored.fail("GET", "/s3/", before=lambda: None, times=3)
    stored.fail("GET", "/s3/", before=expire)
    fetch = Fetch(stored, folder)
    assert fetch.go().own_parts == 10
    assert stored.signed == 2
    assert not fetch.told(Retrying)
    assert stored.counted() == dict.fromkeys(range(1, 11), 1)


def test_urls_that_never_work_end_it_soon(stored: DownloadService, folder: Path) -> None:
    stored.oldest_url = 10**9
    with pytest.raises(Withheld, match="status 403"):
        Fetch(stored, folder).go()
    assert stored.signed == 4


def test_a_file_that_is_deleted_on_the_way_ends_it_with_what_has_become_of_it(
    stored: DownloadService, folder: Path
) -> None:
    def delete(event: object) -> None:
        if isinstance(event, PartFetched):
            stored.board.status = "deleted"
            stored.spoil(404, times=10**9)

    fetch = Fetch(stored, folder)
    fetch.hooks.append(delete)
    with pytest.raises(NotComplete, match="is deleted"):
        fetch.go()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("active", "not stored yet: it is uploading"),
        ("paused", "paused"),
        ("assembling", "joins"),
        ("cancelled", "is cancelled; there is nothing"),
        ("a newer status", "a newer status"),
    ],
)
def test_an_upload_that_is_not_complete_says_what_it_is(
    stored: DownloadService, folder: Path, status: str, said: str
) -> None:
    stored._look = lambda board: _reply_as(stored, status)  # type: ignore[method-assign]
    with pytest.raises(NotComplete, match=said):
        Fetch(stored, folder).go()
    assert list(folder.iterdir()) == []


def _reply_as(stored: DownloadService, status: str) -> object:
    view = msgspec.structs.replace(stored.board.view(), status=status)
    return wire.UploadReply(view, wire.Board("", []))


def test_an_upload_that_is_not_there_is_the_services_refusal(
    stored: DownloadService, folder: Path
) -> None:
    with pytest.raises(Refused) as refused:
        Fetch(stored, folder, upload="another").go()
    assert refused.value.code == "no_such_upload"


def test_a_manifest_that_is_not_the_uploads_is_not_believed(
    stored: DownloadService, folder: Path
) -> None:
    view = stored.board.view()
    stored.board.known[3] = stored.board.known[2]
    stored.board.view = lambda: view  # type: ignore[method-assign]
    with pytest.raises(NotUnderstood, match="do not add up"):
        Fetch(stored, folder).go()
    assert stored.gets == []


def test_digests_that_the_caller_kept_save_the_calls(stored: DownloadService, folder: Path) -> None:
    first = interrupted(stored, folder)
    assert first.runner.digests == digests_of(FILM)
    stored.calls.clear()
    Fetch(stored, folder, digests=first.runner.digests).go()
    assert not [call for call in stored.calls if "manifest" in call]


def test_digests_of_something_else_are_read_anew(stored: DownloadService, folder: Path) -> None:
    Fetch(stored, folder, digests=digests_of(FILM[::-1])).go()
    assert [call for call in stored.calls if "manifest" in call]
    assert (folder / "film.mov").read_bytes() == FILM


def test_an_outage_of_the_service_is_waited_for(stored: DownloadService, folder: Path) -> None:
    stored.fail("GET", "/download", status=503, times=9)
    fetch = Fetch(stored, folder)
    assert fetch.go().outcome == "fetched"
    assert {e.what for e in fetch.told(Retrying)} == {"the download's address"}
