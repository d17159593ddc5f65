"""Whole runs, end to end, against the fake service: straight, and with every fault on the way."""

import hashlib
import os
import threading
from pathlib import Path

import pytest

from manyhands.engine.pace import Rules
from manyhands.errors import FileChanged, OutputLost, Stopped, StorageRefused, UploadEnded
from manyhands.events import (
    Differs,
    Hashing,
    Opened,
    PartSent,
    Progress,
    Renamed,
    Retrying,
    Turned,
)
from manyhands.net.limiter import Limiter
from manyhands.parts import in_base64
from tests.client.fake_board import PART
from tests.client.fake_service import FakeService
from tests.client.runs import HASTE, QUICK, Run

ONE_BY_ONE = Rules(connections=1, busy_s=0.0, soonest_s=0.01, look_s=0.01, backoff=HASTE)
MANIFEST_OF_FILM = [1, 2]
"""Its pages, of which the create call brought the first: 10 parts, 4 a page."""


def test_a_straight_upload_is_stored_with_every_part_sent_once(
    service: FakeService, film: Path
) -> None:
    run = Run(service, film)
    ended = run.go()
    assert (ended.outcome, ended.own_parts, ended.own_bytes) == ("stored", 10, 9 * PART + 1234)
    assert sorted(put.part for put in service.puts) == list(range(1, 11))
    assert ended.checksum == service.board.checksum
    assert [page for _, page in service.pages] == MANIFEST_OF_FILM
    assert run.told(Opened)[0].outcome == "created"
    assert run.told(Hashing)[-1].bytes_hashed == ended.size
    assert run.told(Progress)[-1].bytes_done == ended.size
    assert len(run.told(PartSent)) == 10


def test_an_empty_file_is_one_empty_part(service: FakeService, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    assert Run(service, empty).go().outcome == "stored"
    assert [put.headers["content-length"] for put in service.puts] == ["0"]


def test_progress_never_goes_back(service: FakeService, film: Path) -> None:
    service.fail("PUT", r"/s3/.*/3$", status=500, times=2)
    run = Run(service, film)
    run.go()
    done = [progress.bytes_done for progress in run.told(Progress)]
    assert done == sorted(done)


def test_a_service_that_is_unavailable_for_a_moment_is_asked_again(
    service: FakeService, film: Path
) -> None:
    for path in ("/me", "/uploads$", "/tickets", "/manifest/1"):
        for method in ("GET", "POST", "PUT"):
            service.fail(method, path, status=503, times=2)
    assert Run(service, film).go().outcome == "stored"


def test_the_board_may_be_out_of_reach_for_longer_than_one_call_is_patient(
    service: FakeService, film: Path
) -> None:
    service.fail("POST", "/tickets", status=503, times=9)
    run = Run(service, film)
    assert run.go().outcome == "stored"
    assert "the board" in {retry.what for retry in run.told(Retrying)}


def test_lost_answers_change_nothing(service: FakeService, film: Path) -> None:
    service.fail("POST", "/uploads$", lose_answer=True)
    service.fail("PUT", "/manifest/1", lose_answer=True)
    service.fail("POST", "/tickets", lose_answer=True, times=3)
    service.fail("PUT", "/s3/", lose_answer=True, times=3)
    run = Run(service, film)
    assert run.go().outcome == "stored"
    assert run.told(Opened)[0].outcome == "joined"


def test_an_expired_url_is_taken_anew(service: FakeService, film: Path) -> None:
    service.fail("PUT", r"/s3/.*/2$", status=403, body=b"<Code>AccessDenied</Code>")
    run = Run(service, film)
    assert run.go().outcome == "stored"
    assert not run.told(Retrying)


def test_a_storage_that_fails_now_and_then_is_tried_again(service: FakeService, film: Path) -> None:
    service.fail("PUT", "/s3/", status=500, times=5)
    run = Run(service, film)
    assert run.go().outcome == "stored"
    assert run.told(Retrying)


def test_a_storage_that_refuses_everything_ends_the_run_with_its_reason(
    service: FakeService, film: Path
) -> None:
    service.fail("PUT", "/s3/", status=403, body=b"<Code>AccessDenied</Code>", times=1000)
    with pytest.raises(StorageRefused, match="403 AccessDenied"):
        Run(service, film).go()
    assert service.board.held == {client: [] for client in service.board.held}


def test_a_part_that_somebody_else_brought_is_stopped_on_the_way(
    service: FakeService, film: Path
) -> None:
    gone = threading.Event()

    def meanwhile() -> None:
        with service.lock:
            service.board.take_away(1)
        gone.wait(5)

    service.fail("PUT", r"/s3/.*/1$", before=meanwhile)
    run = Run(service, film)
    ended = run.go()
    gone.set()
    assert ended.own_parts == 9
    assert 1 not in {sent.part for sent in run.told(PartSent)}


def test_a_pause_for_all_stops_new_parts_and_a_resume_goes_on(
    service: FakeService, film: Path
) -> None:
    run = Run(service, film, rules=ONE_BY_ONE)
    parts_at_pause: list[int] = []

    def resume(event: object) -> None:
        if isinstance(event, Turned) and event.status == "paused":
            parts_at_pause.append(len(service.puts))
            service.board.status = "active"

    service.fail("PUT", r"/s3/.*/3$", before=lambda: setattr(service.board, "status", "paused"))
    run.hooks.append(resume)
    assert run.go().outcome == "stored"
    turns = [(turned.before, turned.status) for turned in run.told(Turned)]
    assert turns[1:3] == [("active", "paused"), ("paused", "active")]
    assert parts_at_pause == [3]


def test_a_cancelled_upload_ends_the_run(service: FakeService, film: Path) -> None:
    run = Run(service, film)

    def cancel(event: object) -> None:
        if isinstance(event, PartSent):
            service.board.status = "cancelled"

    run.hooks.append(cancel)
    with pytest.raises(UploadEnded, match="cancelled"):
        run.go()


@pytest.mark.parametrize(("method", "path"), [("POST", "/tickets$"), ("PUT", "/manifest/1$")])
def test_what_was_begun_anew_is_another_upload_to_who_joined_before(
    service: FakeService, film: Path, method: str, path: str
) -> None:
    """Nothing of this run is told to it: not a part that was sent, not a page."""

    known: list[int] = []

    def begun_anew() -> None:
        known.append(len(service.board.known))
        service.board.generation += 1

    service.fail(method, path, lose_answer=False, before=begun_anew)
    with pytest.raises(UploadEnded, match="cancelled"):
        Run(service, film).go()
    assert {said.generation for said in service.board.exchanges} <= {1}
    assert [len(service.board.known)] == known


def test_another_file_of_the_same_name_size_and_beginning_becomes_its_own_upload(
    service: FakeService, film: Path, tmp_path: Path
) -> None:
    first = Run(service, film).go()
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / film.name
    other.write_bytes(film.read_bytes()[:-1] + b"!")
    run = Run(service, other)
    ended = run.go()
    assert (ended.outcome, ended.upload == first.upload) == ("stored", False)
    assert [event.upload for event in run.told(Differs)] == [ended.upload]
    assert len(service.boards) == 2


def test_a_page_of_another_file_is_noticed_while_both_upload(
    service: FakeService, film: Path, tmp_path: Path
) -> None:
    service.fail("PUT", "/manifest/2", lose_answer=False, before=lambda: _differ(service))
    run = Run(service, film)
    assert run.go().outcome == "stored"
    assert len(service.boards) == 2


def test_who_can_no_longer_tell_anything_still_gives_everything_back(
    service: FakeService, film: Path
) -> None:
    run = Run(service, film, rules=ONE_BY_ONE)

    def deaf(_: object) -> None:
        if run.told(PartSent):
            raise OutputLost(BrokenPipeError())

    run.hooks.append(deaf)
    with pytest.raises(OutputLost):
        run.go()
    goodbye = service.board.exchanges[-1]
    assert (goodbye.holding, goodbye.want) == ([], 0)
    assert len(service.board.done) == len(service.puts)


def test_two_versions_of_a_file_that_begin_alike_are_never_mixed_in_one_manifest(
    service: FakeService, film: Path
) -> None:
    """More is known than the beginning, by another device; it is compared and not skipped."""
    service.fail("POST", "/uploads$", lose_answer=True)
    service.fail("POST", "/uploads$", lose_answer=False, before=lambda: _go_on_otherwise(service))
    assert Run(service, film).go().outcome == "stored"
    others, own = service.boards.values()
    digests = own.known
    assert len(set(digests)) == 10
    assert others.known == [*digests[:4], *4 * digests[:1]]


def _go_on_otherwise(service: FakeService) -> None:
    with service.lock:
        service.board.known += 4 * [service.board.known[0]]


def _differ(service: FakeService) -> None:
    with service.lock:
        service.board.known += service.board.known[:2]


def test_a_file_that_is_stored_already_is_not_sent_again(service: FakeService, film: Path) -> None:
    Run(service, film).go()
    before = len(service.puts)
    ended = Run(service, film).go()
    assert (ended.outcome, ended.own_parts) == ("already_stored", 0)
    assert len(service.puts) == before


def test_a_second_run_sends_only_what_the_first_had_not(service: FakeService, film: Path) -> None:
    run = Run(service, film, rules=ONE_BY_ONE)
    run.hooks.append(lambda e: run.runner.stop(2) if isinstance(e, PartSent) else None)
    with pytest.raises(Stopped) as stopped:
        run.go()
    assert stopped.value.exit_code == 130
    stored = len(service.board.done)
    assert 1 <= stored < 10
    assert service.board.exchanges[-1].want == 0
    assert service.board.exchanges[-1].holding == []
    assert Run(service, film).go().own_parts == 10 - stored


def test_two_runs_at_once_share_the_parts(service: FakeService, film: Path) -> None:
    runs = [Run(service, film, label=label) for label in ("one", "two")]
    ended = []
    threads = [threading.Thread(target=lambda r=r: ended.append(r.go())) for r in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert {end.outcome for end in ended} <= {"stored", "already_stored"}
    assert sum(end.own_parts for end in ended) == 10


def test_a_file_that_changes_meanwhile_stops_the_run_and_stores_nothing_wrong(
    service: FakeService, film: Path
) -> None:
    whole = film.read_bytes()
    run = Run(service, film, limiter=Limiter(2 * PART), rules=QUICK)

    def change(event: object) -> None:
        if isinstance(event, PartSent) and len(run.told(PartSent)) == 1:
            film.write_bytes(b"x" * len(whole))
            os.utime(film, ns=(1, 1))

    run.hooks.append(change)
    with pytest.raises(FileChanged):
        run.go()
    assert service.board.status == "active"


def test_an_expired_sign_in_is_renewed_without_losing_work(
    service: FakeService, film: Path
) -> None:
    run = Run(service, film)

    def expire(event: object) -> None:
        if isinstance(event, PartSent) and service.renewals == 0:
            service.tokens = {"token-2"}

    run.hooks.append(expire)
    assert run.go().outcome == "stored"
    assert service.renewals == 1


def test_a_name_that_cannot_be_stored_is_uploaded_under_the_suggestion(
    service: FakeService, film: Path
) -> None:
    run = Run(service, film, name="a\nb.mov")
    assert run.go().name == "a_b.mov"
    assert run.told(Renamed)[0].instead == "a_b.mov"


def test_without_waiting_the_run_ends_when_all_is_sent(service: FakeService, film: Path) -> None:
    assert Run(service, film, wait=False).go().outcome == "assembling"


def test_a_helper_puts_no_pages(service: FakeService, film: Path) -> None:
    data = film.read_bytes()
    parts = [data[at : at + PART] for at in range(0, len(data), PART)]
    service.lent = [in_base64(hashlib.sha256(part).digest()) for part in parts]
    assert Run(service, film).go().outcome == "stored"
    assert service.pages == []
