"""``list``, ``status``, ``board`` and ``verify`` as somebody types them."""

import base64
import hashlib
import json
import time
from pathlib import Path

import pytest

from chalicelib.domain.manifest import FIRST_PAGES, PAGE_PARTS
from chalicelib.domain.parts import S3_LIMITS
from manyhands import wire
from manyhands.cli.verifying import USUAL
from tests.client.fake_board import PART, FakeBoard
from tests.client.fake_service import FakeService
from tests.client.runs import signed_in
from tests.client.test_cli import Command

DIGEST = "VEXD55QPek8dljf58Vid+QsL0OjbdGF3HoEHwygA1BU="


@pytest.fixture
def guest(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Command:
    """Somebody who is not signed in."""
    monkeypatch.setenv("MANYHANDS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("COLUMNS", raising=False)
    return Command(capsys)


@pytest.fixture
def ana(service: FakeService, tmp_path: Path, guest: Command) -> Command:
    signed_in(service, tmp_path)
    return guest


def a_board(service: FakeService, id: str, group: str = "film", age_s: int = 0) -> FakeBoard:
    board = FakeBoard(id, group, f"{id}.mov", 3 * PART, PART, [DIGEST] * 3)
    board.created_at = board.touched_at = int(time.time() - age_s) * 1000
    service.boards[id] = board
    return board


def many(service: FakeService) -> None:
    """60 uploads, the older the higher their number; every third is personal."""
    for number in range(60):
        group = "user:1" if number % 3 == 0 else "film"
        a_board(service, f"u{number:02}", group, age_s=100 * number)


def ids(command: Command) -> list[object]:
    return [event["id"] for event in command.events]


def test_the_newest_twenty_of_all_groups_are_listed(service: FakeService, ana: Command) -> None:
    many(service)
    assert ana("list", "--json") == 0
    assert ids(ana) == [f"u{number:02}" for number in range(20)]
    assert ana.err == "These are the newest 20; --all lists older ones too.\n"
    assert ana.events[0]["event"] == "upload"


def test_all_of_them_are_read_page_by_page(service: FakeService, ana: Command) -> None:
    many(service)
    for number in range(60, 130):
        a_board(service, f"v{number}", age_s=100 * number)
    assert ana("list", "--all", "--json") == 0
    assert len(ids(ana)) == len(set(map(str, ids(ana)))) == 130
    assert ana.err == ""


def test_older_ones_are_hinted_at_only_if_there_are_any(service: FakeService, ana: Command) -> None:
    for number in range(20):
        a_board(service, f"u{number}", age_s=number)
    assert ana("list") == 0
    assert ana.err == ""
    a_board(service, "of another group", "user:1")
    assert ana("list") == 0
    assert "older ones" in ana.err
    assert ana("list", "--group", "film") == 0
    assert ana.err == ""
    a_board(service, "one more")
    assert ana("list", "--group", "film") == 0
    assert "older ones" in ana.err


def test_one_group_is_listed_by_name(service: FakeService, ana: Command) -> None:
    many(service)
    assert ana("list", "--group", "Personal", "--json") == 0
    assert ids(ana) == [f"u{number:02}" for number in range(0, 60, 3)]
    assert ana.err == ""
    assert ana("list", "--group", "lab") == 252


def test_a_list_has_whole_rows_where_no_terminal_is(service: FakeService, ana: Command) -> None:
    a_board(service, "u1").status = "active"
    a_board(service, "u2", "user:1", age_s=200).status = "active"
    assert ana("list") == 0
    heading, first, second = ana.out.splitlines()
    assert " ".join(heading.split()) == "upload name size status done owner group begun"
    assert " ".join(first.split()) == "u1 u1.mov 197 kB uploading 0 % you film now"
    assert " ".join(second.split()) == (
        "u2 u2.mov 197 kB waiting for a device 0 % you Personal 3 min ago"
    )


def test_an_empty_list_says_so(ana: Command) -> None:
    assert ana("list") == 0
    assert (ana.out, ana.err) == ("", "No uploads yet.\n")


def test_status_without_an_id_is_the_list(service: FakeService, ana: Command) -> None:
    a_board(service, "u1")
    assert ana("list") == 0
    listed = ana.out
    assert ana("status") == 0
    assert ana.out == listed
    assert ana("status", "--watch") == 252


def test_status_of_one_is_a_page_or_one_line_of_json(service: FakeService, ana: Command) -> None:
    board = a_board(service, "u1", age_s=70)
    board.status, board.labels, board.done = "active", {"c1": "the studio"}, {1: "c1"}
    assert ana("status", "u1") == 0
    assert "waiting for a device" in ana.out
    assert "the studio" in ana.out
    assert "Upload u1 by you, begun 1 min ago" in ana.out
    assert ana("status", "u1", "--json") == 0
    (event,) = ana.events
    assert (event["event"], event["id"], event["parts_done"]) == ("upload", "u1", 1)
    assert event["clients"][0]["label"] == "the studio"  # type: ignore[index]


def test_the_board_is_printed_once_where_no_terminal_is(service: FakeService, ana: Command) -> None:
    board = a_board(service, "u1")
    board.status, board.labels, board.done = "active", {"c1": "x", "c2": "y"}, {1: "c1"}
    board.held = {"c1": [3], "c2": [2, 3]}
    assert ana("board", "u1") == 0
    assert "1   A  b  2\n" in ana.out
    legend = "A stored (1)   b on its way (1)   2 sent by two, to end sooner (1)"
    assert legend in ana.out
    assert len(ana.out.splitlines()[0]) == 100
    assert "\x1b" not in ana.out


def test_watching_what_is_over_ends_at_once_and_says_how(
    service: FakeService, ana: Command
) -> None:
    board = a_board(service, "u1")
    board.status = "complete"
    assert ana("status", "u1", "--watch") == 0
    assert ana("board", "u1", "--watch") == 0
    board.status = "failed"
    assert ana("status", "u1", "--watch") == 1
    assert ana("board", "u1", "--watch") == 1


# -- verify


@pytest.fixture
def stored(service: FakeService, ana: Command, film: Path) -> FakeBoard:
    """The film, uploaded: ten parts, three pages of manifest."""
    assert ana("upload", str(film), "--quiet") == 0
    return service.board


def changed(film: Path, *parts: int) -> Path:
    other = film.with_name("other.mov")
    content = bytearray(film.read_bytes())
    for part in parts:
        content[(part - 1) * PART] ^= 1
    other.write_bytes(content)
    return other


def test_the_same_file_is_the_same(ana: Command, film: Path, stored: FakeBoard) -> None:
    assert ana("verify", str(film), stored.id) == 0
    assert ana.out == f"The file is the same as «film.mov» (stored).\n{stored.checksum}\n"
    assert ana("verify", str(film), stored.id, "--json") == 0
    (event,) = ana.events
    assert (event["same"], event["differing"], event["parts_compared"]) == (True, [], 10)


def test_parts_that_differ_are_named(ana: Command, film: Path, stored: FakeBoard) -> None:
    assert ana("verify", str(changed(film, 3, 6, 7)), stored.id) == 1
    assert ana.out == (
        "The file is not the same as «film.mov»: parts 3, 6–7 of 10 differ, "
        "first from byte 131,072 on.\n"
    )
    assert ana("verify", str(changed(film, 10)), stored.id) == 1
    assert "part 10 of 10 differs, first from byte 589,824 on." in ana.out


def test_of_many_parts_that_differ_the_first_are_named(
    service: FakeService, ana: Command, film: Path, stored: FakeBoard
) -> None:
    service.calls.clear()
    assert ana("verify", str(changed(film, *range(1, 11))), stored.id, "--json") == 1
    (event,) = ana.events
    assert (event["differing"], event["more"]) == ([1, 2, 3, 4, 5], True)
    assert [call.rpartition("/")[2] for call in service.calls if "manifest" in call] == ["0", "1"]


def test_another_size_is_said_without_reading_the_file(
    service: FakeService, ana: Command, film: Path, stored: FakeBoard
) -> None:
    film.write_bytes(b"short")
    assert ana("verify", str(film), stored.id) == 1
    assert "it has 5 bytes, the upload 591,058." in ana.out
    del stored.known[4:]
    assert ana("verify", str(film), stored.id) == 1


def test_a_manifest_that_is_not_whole_yet_proves_nothing_but_a_difference(
    service: FakeService, ana: Command, film: Path, stored: FakeBoard
) -> None:
    del stored.known[4:]
    stored.status = "active"
    assert ana("verify", str(film), stored.id) == 1
    assert "cannot be said yet" in ana.out
    assert "4 of 10 parts" in ana.out
    assert sum("GET" in call and "manifest" in call for call in service.calls) == 1
    assert ana("verify", str(changed(film, 2)), stored.id) == 1
    assert "part 2 of 10 differs" in ana.out


def test_a_manifest_that_is_gone_leaves_the_checksum(
    service: FakeService, ana: Command, film: Path, stored: FakeBoard
) -> None:
    gone = wire.encode(wire.ErrorReply("no_such_upload", "Gone."))
    service.fail("GET", "/manifest/", status=404, body=gone)
    assert ana("verify", str(changed(film, 2)), stored.id) == 1
    assert "its checksum is another" in ana.out


def test_without_an_upload_those_with_the_same_content_are_named(
    ana: Command, film: Path, stored: FakeBoard
) -> None:
    assert ana("verify", str(film)) == 0
    assert ana.out == f"{stored.checksum}\n{stored.id}  stored  «film.mov» by you\n"
    other = changed(film, 1)
    assert ana("verify", str(other), "--json") == 0
    (event,) = ana.events
    assert (event["parts"], event["uploads"]) == (10, [])
    assert ana("verify", str(other)) == 0
    assert ana.err == "No upload of your groups has this content.\n"


def test_nobody_needs_to_be_signed_in_for_a_checksum(guest: Command, film: Path) -> None:
    assert guest("verify", str(film)) == 0
    digest = hashlib.sha256(hashlib.sha256(film.read_bytes()).digest()).digest()
    assert guest.out == f"{base64.b64encode(digest).decode()}-1\n"
    assert guest.err == "Not signed in, so no uploads were looked at.\n"
    assert guest("verify", str(film), "--json") == 0
    assert json.loads(guest.out)["uploads"] is None
    assert guest("verify", str(film), "some-upload") == 253
    assert guest("verify", str(film.with_name("none"))) == 252


def test_a_file_that_changes_while_it_is_read_is_no_verdict(
    service: FakeService, ana: Command, film: Path, stored: FakeBoard
) -> None:
    def edit() -> None:
        film.write_bytes(bytes(film.stat().st_size))

    service.fail("GET", f"/uploads/{stored.id}$", before=edit)
    assert ana("verify", str(film), stored.id) == 1
    assert "changed while it was being read" in ana.err
    assert ana.out == ""


def test_the_usual_numbers_are_the_servers_own() -> None:
    usual = (USUAL.min_part_size, USUAL.part_size_step, USUAL.max_parts, USUAL.max_file_size)
    server = (S3_LIMITS.min_part, S3_LIMITS.step, S3_LIMITS.max_parts, S3_LIMITS.max_file)
    assert usual == server
    assert (USUAL.first_pages, USUAL.page_parts) == (list(FIRST_PAGES), PAGE_PARTS)
