import json
from dataclasses import replace

import pytest

from chalicelib.domain.board import Client
from chalicelib.domain.shares import shares, single_line_ms, took_ms
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import FileIdentity, Upload, new_upload
from chalicelib.letters import announcement, duration, ending, size, warning
from tests.announcements import check
from tests.unit.boards import ANA, BEN, NOW, board_of

PAGE = "https://up.example.org/"


def client(number: int, label: str, parts: int, worked_ms: int, **fields: object) -> Client:
    base = Client(
        number=number,
        id=f"client-{number}",
        person=ANA if number == 1 else BEN,
        label=label,
        joined_at=NOW,
        seen_at=NOW,
        parts=parts,
        bytes=parts * 100,
        delivered_at=NOW + worked_ms,
    )
    return replace(base, **fields)  # type: ignore[arg-type]


def ended(status: Status, *clients: Client, name: str = "film.mov", reason: str = "") -> Upload:
    board = replace(board_of(10), status=status, clients=clients, tickets=b"\1" * 10)
    file = FileIdentity("film", name, board.plan, bytes(320))
    new = new_upload(file, 1, ANA, "multipart", NOW)
    return replace(new, board=board, changed_at=NOW + 20_000, reason=reason)


LAPTOP = client(1, "laptop", 7, 10_000)
PHONE = client(2, "phone", 3, 15_000)


def test_shares_are_sorted_and_say_how_fast_each_line_was() -> None:
    first, second = shares(ended(Status.COMPLETE, PHONE, LAPTOP))
    assert (first.label, first.percent, first.rate) == ("laptop", 70.0, 70)
    assert (second.label, second.percent, second.rate) == ("phone", 30.0, 20)


def test_two_lives_of_one_device_are_one_share() -> None:
    again = replace(PHONE, number=3, parts=2, bytes=200)
    (_, phone) = shares(ended(Status.COMPLETE, replace(LAPTOP), PHONE, again))
    assert (phone.parts, phone.bytes) == (5, 500)


def test_who_brought_nothing_is_not_named() -> None:
    idle = client(3, "idle", 0, 0)
    assert [s.label for s in shares(ended(Status.COMPLETE, LAPTOP, idle))] == ["laptop"]


def test_a_single_line_is_the_fastest_one_alone() -> None:
    assert single_line_ms(ended(Status.COMPLETE, LAPTOP, PHONE)) == 1_000 * 1_000 // 70
    assert single_line_ms(ended(Status.COMPLETE)) is None
    assert took_ms(ended(Status.COMPLETE, LAPTOP)) == 20_000


def test_the_mail_tells_the_whole_story() -> None:
    mail = ending(ended(Status.COMPLETE, LAPTOP, PHONE), PAGE)
    upload = ended(Status.COMPLETE).id
    assert mail.subject == "Stored: film.mov (1.0 kB)"
    for part in ("It took 20 s", "alone it would have taken 14 s", "70.0 %", "laptop (ana)"):
        assert part in mail.text
        assert part in mail.html or part in mail.html.replace("<td>", "")
    assert f"https://up.example.org/#/uploads/{upload}" in mail.text


def test_one_device_alone_is_not_compared_with_itself() -> None:
    assert "alone" not in ending(ended(Status.COMPLETE, LAPTOP), PAGE).text


def test_failure_and_expiry_say_what_to_do() -> None:
    failed = ending(ended(Status.FAILED, reason="The storage did not join the parts."), PAGE)
    assert "could not be stored" in failed.text
    assert "did not join" in failed.text
    assert "upload the file once more" in ending(ended(Status.EXPIRED), PAGE).text
    assert "2 days" in warning(ended(Status.ACTIVE), 2 * 86_400_000, PAGE).text


def test_names_of_others_do_no_harm() -> None:
    evil = client(1, "<script>alert(1)</script>", 10, 1_000)
    mail = ending(ended(Status.COMPLETE, evil, name="<b>\u2028x"), PAGE)
    assert "<script" not in mail.html
    assert "<b>" not in mail.html
    assert len(mail.subject.splitlines()) == 1


def test_subscribers_get_a_versioned_message() -> None:
    upload = replace(ended(Status.COMPLETE, LAPTOP, PHONE), checksum=f"{'A' * 43}=-10")
    told = announcement(upload, PAGE, "bucket")
    body = json.loads(told.body)
    check(body)
    assert (body["version"], body["status"], body["size"]) == (1, "complete", 1_000)
    assert body["object"] == {"bucket": "bucket", "key": upload.key}
    assert [s["label"] for s in body["shares"]] == ["laptop", "phone"]
    assert told.attributes == {"group": "film", "owner": "ana", "status": "complete"}


@pytest.mark.parametrize("status", [Status.FAILED, Status.EXPIRED])
def test_what_is_not_stored_is_told_without_an_object(status: Status) -> None:
    told = announcement(ended(status, LAPTOP, reason="«lost»"), PAGE, "bucket")
    body = json.loads(told.body)
    check(body)
    assert (body["status"], body["object"], body["reason"]) == (status.value, None, "«lost»")


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1_500, "1.5 kB"), (999_960, "1.0 MB"), (52_428_800, "52.4 MB"),
     (10**10, "10.0 GB"), (5 * 10**13, "50.0 TB")],
)  # fmt: skip
def test_sizes_for_people(count: int, text: str) -> None:
    assert size(count) == text


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0, "0.0 s"), (840, "0.8 s"), (41_400, "41 s"), (60_000, "1 min"), (725_000, "12 min 5 s"),
     (12_000_000, "3 h 20 min"), (172_800_000, "2 days")],
)  # fmt: skip
def test_spans_for_people(ms: int, text: str) -> None:
    assert duration(ms) == text
