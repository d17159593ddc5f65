from dataclasses import replace

import pytest

from chalicelib.domain.lifetime import DAY, MINUTE, Duty, Lifetime, due_at, duties, expires_in_ms
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import Assembly, FileIdentity, NoticeState, Upload, new_upload
from tests.unit.boards import ANA, NOW, board_of

LIFETIME = Lifetime()


def upload_in(status: Status, **fields: object) -> Upload:
    board = replace(board_of(2), status=status)
    file = FileIdentity("film", "a", board.plan, bytes(64))
    new = new_upload(file, 1, ANA, "multipart", NOW)
    return replace(new, board=board, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("upload", "after", "owed"),
    [
        (upload_in(Status.ACTIVE), 5 * DAY, Duty.WARN),
        (upload_in(Status.PAUSED), 5 * DAY, Duty.WARN),
        (upload_in(Status.INITIALIZED, warned_at=NOW + 5 * DAY), 7 * DAY, Duty.EXPIRE),
        (upload_in(Status.ASSEMBLING), 2 * MINUTE, Duty.ASSEMBLE),
        (
            upload_in(Status.ASSEMBLING, assembly=Assembly(1, NOW + 15 * MINUTE)),
            15 * MINUTE,
            Duty.ASSEMBLE,
        ),
        (upload_in(Status.COMPLETE), 5 * MINUTE, Duty.NOTIFY),
        (upload_in(Status.COMPLETE, notice=NoticeState.PUBLISHED), 5 * MINUTE, Duty.NOTIFY),
        (upload_in(Status.FAILED), 5 * MINUTE, Duty.NOTIFY),
        (upload_in(Status.EXPIRED, notice=NoticeState.SENT), 30 * MINUTE, Duty.CLEAN),
        (upload_in(Status.CANCELLED), 30 * MINUTE, Duty.CLEAN),
        (upload_in(Status.DELETED), 30 * MINUTE, Duty.CLEAN),
    ],
)
def test_what_is_owed_is_owed_from_its_due_date_on(upload: Upload, after: int, owed: Duty) -> None:
    assert due_at(upload, LIFETIME) == NOW + after
    assert duties(upload, NOW + after - 1, LIFETIME) == (Duty.NOTHING,)
    assert duties(upload, NOW + after, LIFETIME) == (owed,)


@pytest.mark.parametrize(
    "upload",
    [
        upload_in(Status.COMPLETE, notice=NoticeState.SENT),
        upload_in(Status.CANCELLED, cleaned=True),
        upload_in(Status.EXPIRED, notice=NoticeState.SENT, cleaned=True),
    ],
)
def test_what_is_done_with_is_never_due_again(upload: Upload) -> None:
    assert due_at(upload, LIFETIME) is None
    assert duties(upload, NOW + 1000 * DAY, LIFETIME) == (Duty.NOTHING,)


def test_an_upload_nobody_was_warned_of_in_time_expires_all_the_same() -> None:
    assert duties(upload_in(Status.ACTIVE), NOW + 8 * DAY, LIFETIME) == (Duty.EXPIRE,)


def test_an_end_that_is_not_told_does_not_put_off_its_freeing_nor_the_other_way_round() -> None:
    upload, later = upload_in(Status.FAILED), NOW + 30 * MINUTE
    assert duties(upload, later, LIFETIME) == (Duty.NOTIFY, Duty.CLEAN)
    assert duties(replace(upload, cleaned=True), later, LIFETIME) == (Duty.NOTIFY,)
    assert due_at(replace(upload, cleaned=True), LIFETIME) == NOW + 5 * MINUTE


def test_what_another_tells_just_now_is_freed_meanwhile() -> None:
    upload = upload_in(Status.FAILED, notice_until=NOW + 35 * MINUTE)
    assert due_at(upload, LIFETIME) == NOW + 30 * MINUTE
    assert duties(upload, NOW + 30 * MINUTE, LIFETIME) == (Duty.CLEAN,)


def test_how_long_is_left_is_counted_from_the_last_sign_of_life() -> None:
    upload = upload_in(Status.ACTIVE, touched_at=NOW + DAY)
    assert expires_in_ms(upload, NOW + DAY, LIFETIME) == 7 * DAY
