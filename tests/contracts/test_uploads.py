import base64
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from chalicelib.adapters.dynamodb import DynamoUploads
from chalicelib.domain.errors import InvalidRequest
from chalicelib.domain.lifetime import DAY, HOUR, MINUTE, Lifetime
from chalicelib.domain.room import Usage
from chalicelib.domain.status import ENDED, OPEN, Status
from chalicelib.domain.uploads import NoticeState, Upload
from chalicelib.ports import Beaten, Uploads
from tests.contracts.samples import ANA, BEN, NOW, an_upload
from tests.fakes.uploads import FakeUploads
from tests.races.others import OTHERS, fresh_table


@pytest.fixture(params=["fake", "dynamodb", "dynalite", "ministack"])
def uploads(request: pytest.FixtureRequest) -> Uploads:
    if request.param == "fake":
        return FakeUploads()
    if request.param in OTHERS:
        client = request.getfixturevalue(request.param).dynamodb()
        return DynamoUploads(client, fresh_table(client), Lifetime())
    cloud = request.getfixturevalue("cloud")
    return DynamoUploads(cloud.client("dynamodb"), cloud.fresh_table(), Lifetime())


def test_what_was_never_added_is_none(uploads: Uploads) -> None:
    assert uploads.get("nothing") is None


def test_what_was_added_is_there_as_version_1(uploads: Uploads) -> None:
    added = uploads.add(an_upload())
    assert added.version == 1
    assert uploads.get(added.id) == added


def test_the_second_who_adds_is_told_what_the_first_added(uploads: Uploads) -> None:
    first = uploads.add(an_upload())
    with pytest.raises(Beaten) as beaten:
        uploads.add(replace(first, name="other.mov"))
    assert beaten.value.current == first == uploads.get(first.id)


def test_saving_replaces_and_counts_the_version(uploads: Uploads) -> None:
    added = uploads.add(an_upload())
    saved = uploads.save(replace(added, name="renamed.mov"))
    assert saved.version == 2
    assert uploads.get(added.id) == saved == replace(added, name="renamed.mov", version=2)


def test_saving_an_old_version_fails_and_tells_what_stands_there(uploads: Uploads) -> None:
    added = uploads.add(an_upload())
    saved = uploads.save(replace(added, name="first.mov"))
    with pytest.raises(Beaten) as beaten:
        uploads.save(replace(added, name="second.mov"))
    assert beaten.value.current == saved == uploads.get(added.id)


def test_saving_the_very_same_change_twice_fails_as_well(uploads: Uploads) -> None:
    added = uploads.add(an_upload())
    saved = uploads.save(added)
    with pytest.raises(Beaten) as beaten:
        uploads.save(added)
    assert beaten.value.current == saved


def test_saving_what_is_not_there_tells_that_nothing_is(uploads: Uploads) -> None:
    with pytest.raises(Beaten) as beaten:
        uploads.save(an_upload(version=3))
    assert beaten.value.current is None


def test_of_many_who_add_at_once_one_wins(uploads: Uploads) -> None:
    upload = an_upload()
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda n: _added(uploads, upload, n), range(16)))
    assert Counter(outcomes) == {True: 1, False: 15}


def test_no_change_is_lost_when_many_save_at_once(uploads: Uploads) -> None:
    upload = uploads.add(an_upload(warned_at=0))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: _count_up(uploads, upload, times=5), range(8)))
    final = uploads.get(upload.id)
    assert final is not None
    assert (final.warned_at, final.version) == (40, 41)


def test_a_group_is_listed_newest_first_and_page_by_page(uploads: Uploads) -> None:
    added = [uploads.add(an_upload(at=NOW + n)) for n in range(5)]
    uploads.add(an_upload(group="lab"))
    assert _walk(uploads, "film", limit=2) == [
        [added[4], added[3]],
        [added[2], added[1]],
        added[:1],
    ]


def test_the_list_ends_with_its_last_full_page(uploads: Uploads) -> None:
    added = [uploads.add(an_upload(at=NOW + n)) for n in range(4)]
    assert _walk(uploads, "film", limit=2) == [[added[3], added[2]], [added[1], added[0]]]


def test_uploads_of_the_same_moment_are_each_listed_once(uploads: Uploads) -> None:
    added = {uploads.add(an_upload()).id for _ in range(5)}
    seen = [u.id for page in _walk(uploads, "film", limit=2) for u in page]
    assert len(seen) == 5
    assert set(seen) == added


def test_more_than_a_hundred_uploads_fit_on_one_page(uploads: Uploads) -> None:
    added = [uploads.add(an_upload(at=NOW + n)) for n in range(103)]
    assert list(uploads.in_group("film", None, 200).uploads) == added[::-1]


def test_every_upload_but_a_deleted_one_is_listed(uploads: Uploads) -> None:
    for status in Status:
        uploads.add(an_upload(status))
    page = uploads.in_group("film", None, 50)
    assert {u.status for u in page.uploads} == set(Status) - {Status.DELETED}


def test_an_upload_that_is_deleted_leaves_the_list(uploads: Uploads) -> None:
    added = uploads.add(an_upload(Status.COMPLETE))
    uploads.save(replace(added, board=replace(added.board, status=Status.DELETED)))
    assert uploads.in_group("film", None, 50).uploads == []


def test_an_empty_group_is_an_empty_list(uploads: Uploads) -> None:
    page = uploads.in_group("nobody", None, 50)
    assert (list(page.uploads), page.next) == ([], None)


HUGE = base64.urlsafe_b64encode(b"1#" + b"a" * 3_000).decode()
"""DynamoDB takes no key of 2 KB."""


@pytest.mark.parametrize(
    "cursor",
    ["x", "%%%", "é", "W10", "bnVsbA", "eyJhIjoxLCJiIjoyfQ", "I2E", HUGE],
    ids=lambda cursor: cursor[:8],
)
def test_a_cursor_that_was_never_given_out_is_refused(uploads: Uploads, cursor: str) -> None:
    with pytest.raises(InvalidRequest):
        uploads.in_group("film", cursor, 2)


def test_a_cursor_is_safe_in_an_address(uploads: Uploads) -> None:
    for n in range(3):
        uploads.add(an_upload(at=NOW + n))
    cursor = uploads.in_group("film", None, 1).next
    assert cursor is not None
    assert cursor.replace("-", "a").replace("_", "a").replace("=", "").isalnum()


def test_a_cursor_outlives_the_upload_it_points_to(uploads: Uploads) -> None:
    added = [uploads.add(an_upload(at=NOW + n)) for n in range(3)]
    cursor = uploads.in_group("film", None, 2).next
    uploads.save(replace(added[1], board=replace(added[1].board, status=Status.DELETED)))
    assert list(uploads.in_group("film", cursor, 2).uploads) == added[:1]


def test_a_cursor_of_one_group_shows_nothing_of_another(uploads: Uploads) -> None:
    for n in range(3):
        uploads.add(an_upload(at=NOW + n, group="lab"))
    mine = uploads.add(an_upload(at=NOW))
    page = uploads.in_group("film", uploads.in_group("lab", None, 1).next, 9)
    assert [u.id for u in page.uploads] in ([], [mine.id])


def test_what_is_due_is_listed_the_longest_due_first(uploads: Uploads) -> None:
    late = uploads.add(an_upload(Status.ASSEMBLING, at=NOW + HOUR))
    early = uploads.add(an_upload(Status.ASSEMBLING, at=NOW))
    uploads.add(an_upload(Status.ASSEMBLING, at=NOW + 9 * HOUR))
    due = NOW + HOUR + 2 * MINUTE
    assert list(uploads.due(due, 10)) == [early.id, late.id]
    assert list(uploads.due(due - 1, 10)) == [early.id]
    assert list(uploads.due(due, 1)) == [early.id]


def test_an_idle_upload_is_due_within_the_hour_after_its_warning(uploads: Uploads) -> None:
    idle = uploads.add(an_upload(at=NOW))
    assert list(uploads.due(NOW + 5 * DAY - 1, 10)) == []
    assert list(uploads.due(NOW + 5 * DAY + HOUR, 10)) == [idle.id]


def test_a_sign_of_life_puts_it_off(uploads: Uploads) -> None:
    idle = uploads.add(an_upload(at=NOW))
    uploads.save(replace(idle, touched_at=NOW + DAY))
    assert list(uploads.due(NOW + 6 * DAY - 1, 10)) == []


def test_an_upload_of_which_all_is_done_is_never_due(uploads: Uploads) -> None:
    for status in (*ENDED, Status.COMPLETE):
        uploads.add(an_upload(status, notice=NoticeState.SENT, cleaned=True))
    assert list(uploads.due(NOW + 900 * DAY, 10)) == []


def test_only_unfinished_uploads_of_the_person_count(uploads: Uploads) -> None:
    for status in Status:
        uploads.add(an_upload(status))
    uploads.add(an_upload(owner=BEN))
    assert uploads.open_of(ANA) == len(OPEN)
    assert uploads.open_of(BEN) == 1


def test_a_groups_uploads_take_room_until_they_end_or_are_deleted(uploads: Uploads) -> None:
    for status in Status:
        uploads.add(an_upload(status))
    uploads.add(an_upload(group="lab"))
    under_way = len(OPEN)
    assert uploads.usage_of("film", stored=True) == Usage(300, 300 * under_way, under_way)
    assert uploads.usage_of("film", stored=False) == Usage(0, 300 * under_way, under_way)
    assert uploads.usage_of("nobody's", stored=True) == Usage()


def test_room_moves_with_the_upload(uploads: Uploads) -> None:
    upload = uploads.add(an_upload(Status.ASSEMBLING))
    for status, usage in (
        (Status.COMPLETE, Usage(stored_bytes=300)),
        (Status.DELETED, Usage()),
        (Status.INITIALIZED, Usage(open_bytes=300, open_uploads=1)),
    ):
        upload = uploads.save(replace(upload, board=replace(upload.board, status=status)))
        assert uploads.usage_of("film", stored=True) == usage


def _added(uploads: Uploads, upload: Upload, number: int) -> bool:
    try:
        uploads.add(replace(upload, name=f"{number}.mov"))
    except Beaten:
        return False
    return True


def _count_up(uploads: Uploads, upload: Upload, times: int) -> None:
    current: Upload | None = upload
    while times:
        assert current is not None
        try:
            current = uploads.save(replace(current, warned_at=current.warned_at + 1))
            times -= 1
        except Beaten as beaten:
            current = beaten.current


def _walk(uploads: Uploads, group: str, limit: int) -> list[list[Upload]]:
    page = uploads.in_group(group, None, limit)
    pages = [list(page.uploads)]
    while page.next:
        page = uploads.in_group(group, page.next, limit)
        pages.append(list(page.uploads))
    return pages
