import json
from collections import Counter
from dataclasses import replace

import pytest

from chalicelib.domain.errors import StorageUnavailable
from chalicelib.domain.lifetime import DAY, MINUTE, Duty
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import NoticeState, Upload
from chalicelib.ports import Announcement, PartsChanged
from chalicelib.service.assembling import ATTEMPTS, assemble
from chalicelib.service.notifying import notify
from chalicelib.service.sweeping import sweep
from chalicelib.service.uploads import cancel
from tests.fakes.mailer import FakeMailer
from tests.service.world import ANA_CALLS, BEN_CALLS, Device, World, film


@pytest.fixture
def world() -> World:
    return World()


def full(world: World, parts: int = 3) -> Upload:
    """An upload whose every part is in."""
    device = Device(world, ANA_CALLS, film(parts))
    _, upload = device.create()
    device.send_all(upload.id)
    return world.upload(upload.id)


def status(world: World, upload: Upload) -> Status:
    return world.upload(upload.id).status


def test_full_boards_become_objects_with_the_checksum_that_was_known_before(world: World) -> None:
    upload = full(world)
    assemble(world.core, upload.id)
    stored = world.store.find(upload.key)
    assert stored is not None
    assert status(world, upload) is Status.COMPLETE
    assert stored.checksum == upload.checksum


def test_files_of_no_and_of_one_byte_are_stored(world: World) -> None:
    for body in (b"", b"x"):
        device = Device(world, ANA_CALLS, body)
        _, upload = device.create()
        device.send_all(upload.id)
        assemble(world.core, upload.id)
        assert status(world, upload) is Status.COMPLETE


def test_assembling_twice_is_assembling_once(world: World) -> None:
    upload = full(world)
    assemble(world.core, upload.id)
    before = world.upload(upload.id)
    assemble(world.core, upload.id)
    assert world.upload(upload.id) is before


def test_a_part_that_was_only_said_to_be_sent_is_open_again_and_heals(world: World) -> None:
    device = Device(world, ANA_CALLS, film(3))
    _, upload = device.create()
    tickets = device.exchange(upload.id, want=3)
    device.send(tickets[:2])
    device.exchange(upload.id, done=(1, 2, 3))
    assemble(world.core, upload.id)
    assert status(world, upload) is Status.ACTIVE
    assert world.upload(upload.id).board.clients[0].strikes == 1
    Device(world, BEN_CALLS, device.body).send_all(upload.id)
    assemble(world.core, upload.id)
    assert status(world, upload) is Status.COMPLETE


class Flaky:
    """The store, whose next calls of one verb fail; ``after``: only when they have worked."""

    def __init__(self, world: World, verb: str, *faults: Exception, after: bool = False) -> None:
        self._real = getattr(world.store, verb)
        self._faults, self._after = list(faults), after
        setattr(world.store, verb, self)

    def __call__(self, *arguments: object) -> object:
        if not self._faults:
            return self._real(*arguments)
        if self._after:
            self._real(*arguments)
        raise self._faults.pop(0)


def test_a_storage_that_does_not_answer_is_asked_again(world: World) -> None:
    upload = full(world)
    Flaky(world, "join", StorageUnavailable())
    with pytest.raises(StorageUnavailable):
        assemble(world.core, upload.id)
    assert status(world, upload) is Status.ASSEMBLING
    assemble(world.core, upload.id)
    assert status(world, upload) is Status.COMPLETE


def test_a_join_whose_answer_was_lost_is_recognised_by_our_own_token(world: World) -> None:
    upload = full(world)
    Flaky(world, "join", StorageUnavailable(), after=True)
    with pytest.raises(StorageUnavailable):
        assemble(world.core, upload.id)
    assemble(world.core, upload.id)
    assert status(world, upload) is Status.COMPLETE


def test_parts_that_changed_between_the_list_and_the_join_are_listed_again(world: World) -> None:
    upload = full(world)
    Flaky(world, "join", PartsChanged())
    with pytest.raises(StorageUnavailable):
        assemble(world.core, upload.id)
    assemble(world.core, upload.id)
    assert status(world, upload) is Status.COMPLETE


def test_after_several_attempts_it_is_given_up_with_a_reason(world: World) -> None:
    upload = full(world)
    Flaky(world, "parts", *[StorageUnavailable() for _ in range(ATTEMPTS)])
    for _ in range(ATTEMPTS):
        with pytest.raises(StorageUnavailable):
            assemble(world.core, upload.id)
    assemble(world.core, upload.id)
    assert status(world, upload) is Status.FAILED
    assert "once more" in world.upload(upload.id).reason


def test_an_object_that_the_last_attempt_made_without_an_answer_is_found_before_giving_up(
    world: World,
) -> None:
    upload = full(world)
    Flaky(world, "parts", *[StorageUnavailable() for _ in range(ATTEMPTS - 1)])
    Flaky(world, "join", StorageUnavailable(), after=True)
    for _ in range(ATTEMPTS):
        with pytest.raises(StorageUnavailable):
            assemble(world.core, upload.id)
    assemble(world.core, upload.id)
    assert status(world, upload) is Status.COMPLETE


def test_what_was_joined_after_all_for_an_upload_that_failed_is_freed_with_it(world: World) -> None:
    upload = full(world)
    parts = world.store.parts(upload.key, upload.multipart_id)
    world.store.abort(upload.key, upload.multipart_id)
    assemble(world.core, upload.id)
    late = world.store.create(upload.key, "late", "x")
    world.store._unfinished[late].bodies.update({p.number: b"x" * p.size for p in parts})
    world.store.join(upload.key, late, world.store.parts(upload.key, late), upload.plan.size)
    world.clock.advance(30 * MINUTE)
    sweep(world.core, world.post)
    world.clock.advance(30 * MINUTE)
    sweep(world.core, world.post)
    assert world.store.find(upload.key) is None


def test_parts_that_the_storage_threw_away_fail_the_upload_and_say_so(world: World) -> None:
    upload = full(world)
    world.store.abort(upload.key, upload.multipart_id)
    assemble(world.core, upload.id)
    assert status(world, upload) is Status.FAILED
    assert "no longer has the parts" in world.upload(upload.id).reason


def test_an_object_of_somebody_else_in_our_place_is_never_taken_for_ours(world: World) -> None:
    upload = full(world)
    foreign = world.store.create(upload.key, "not-ours", "x")
    device = Device(world, ANA_CALLS, film(3))
    for n in (1, 2, 3):
        signed = world.store.sign_put(
            upload.key, foreign, n, upload.plan.length(n), device.digests(0)[n - 1]
        )
        world.store.put(signed, device.part(n))
    world.store.join(upload.key, foreign, world.store.parts(upload.key, foreign), upload.plan.size)
    assemble(world.core, upload.id)
    assert status(world, upload) is Status.FAILED
    for _ in range(3):
        world.clock.advance(30 * MINUTE)
        sweep(world.core, world.post)
    assert world.upload(upload.id).cleaned
    assert world.store.find(upload.key) is not None, "what is not ours is not thrown away"


def test_two_assemblies_do_not_run_at_once_and_a_dead_one_is_followed(world: World) -> None:
    upload = full(world)

    class Died(Exception):
        pass

    Flaky(world, "join", Died())
    with pytest.raises(Died):
        assemble(world.core, upload.id)
    assemble(world.core, upload.id)
    assert status(world, upload) is Status.ASSEMBLING
    world.clock.advance(15 * MINUTE)
    assert sweep(world.core, world.post) == Counter({Duty.ASSEMBLE: 1})
    assert status(world, upload) is Status.COMPLETE


def stored(world: World) -> Upload:
    upload = full(world)
    assemble(world.core, upload.id)
    return world.upload(upload.id)


def test_the_owner_gets_one_mail_and_the_topic_one_message(world: World) -> None:
    upload = stored(world)
    for _ in range(2):
        notify(world.core, world.post, upload.id)
    ((address, mail),) = world.mailer.sent
    (announcement,) = world.topic.published
    assert address == "ana@example.org"
    assert "film.mov" in mail.subject
    assert f"https://up.example.org/#/uploads/{upload.id}" in mail.text
    assert announcement.attributes == {"group": "film", "owner": "ana", "status": "complete"}
    assert json.loads(announcement.body)["upload"] == upload.id


def test_a_notice_that_broke_off_goes_on_with_its_next_step(world: World) -> None:
    upload = stored(world)
    sending = world.mailer.send

    def fail_once(*_: object) -> bool:
        world.mailer.send = sending  # type: ignore[method-assign]
        raise StorageUnavailable

    world.mailer.send = fail_once  # type: ignore[method-assign,assignment]
    with pytest.raises(StorageUnavailable):
        notify(world.core, world.post, upload.id)
    assert world.upload(upload.id).notice is NoticeState.PUBLISHED
    notify(world.core, world.post, upload.id)
    assert len(world.topic.published) == len(world.mailer.sent) == 1


def test_two_who_are_to_tell_the_same_do_not_both_tell_it(world: World) -> None:
    upload = stored(world)
    publish = world.topic.publish

    def meanwhile(announcement: Announcement) -> None:
        world.topic.publish = publish  # type: ignore[method-assign]
        notify(world.core, world.post, upload.id)
        publish(announcement)

    world.topic.publish = meanwhile  # type: ignore[method-assign]
    notify(world.core, world.post, upload.id)
    assert len(world.topic.published) == len(world.mailer.sent) == 1


def test_a_notice_whose_teller_died_is_told_by_the_sweep_once_its_deadline_is_past(
    world: World,
) -> None:
    upload = stored(world)

    class Died(Exception):
        pass

    def die(announcement: Announcement) -> None:
        del world.topic.publish  # type: ignore[method-assign]
        raise Died

    world.topic.publish = die  # type: ignore[method-assign]
    with pytest.raises(Died):
        notify(world.core, world.post, upload.id)
    notify(world.core, world.post, upload.id)
    assert world.topic.published == []
    world.clock.advance(5 * MINUTE)
    sweep(world.core, world.post)
    assert len(world.topic.published) == len(world.mailer.sent) == 1


def test_an_owner_without_a_usable_address_does_not_hold_up_the_notice(world: World) -> None:
    upload = stored(world)
    post = replace(world.post, mailer=FakeMailer(refused=["ana@example.org"]))
    notify(world.core, post, upload.id)
    assert world.upload(upload.id).notice is NoticeState.SENT


def test_nothing_is_told_of_an_upload_that_goes_on_or_was_cancelled(world: World) -> None:
    _, going = Device(world, ANA_CALLS, film(4)).create()
    _, cancelled = Device(world, ANA_CALLS, film(5)).create()
    cancel(world.core, ANA_CALLS, cancelled.id)
    for upload in (going, cancelled):
        notify(world.core, world.post, upload.id)
    assert world.mailer.sent == []


def test_the_sweep_sends_a_notice_that_the_stream_did_not(world: World) -> None:
    stored(world)
    assert sweep(world.core, world.post) == Counter()
    world.clock.advance(5 * MINUTE)
    assert sweep(world.core, world.post) == Counter({Duty.NOTIFY: 1})
    assert len(world.mailer.sent) == 1
    assert sweep(world.core, world.post) == Counter()


def test_the_sweep_assembles_what_the_stream_forgot(world: World) -> None:
    upload = full(world)
    world.clock.advance(2 * MINUTE)
    sweep(world.core, world.post)
    assert status(world, upload) is Status.COMPLETE


def test_an_assembly_is_stuck_from_its_own_beginning_not_from_the_uploads(world: World) -> None:
    device = Device(world, ANA_CALLS, film(3))
    _, upload = device.create()
    world.clock.advance(60 * MINUTE)
    device.send_all(upload.id)
    assert sweep(world.core, world.post) == Counter()


def test_an_idle_upload_is_warned_of_once_then_expires_and_is_freed(world: World) -> None:
    device = Device(world, ANA_CALLS, film(5))
    _, upload = device.create()
    device.send(device.exchange(upload.id, want=2))
    world.clock.advance(5 * DAY)
    assert sweep(world.core, world.post) == Counter({Duty.WARN: 1})
    assert sweep(world.core, world.post) == Counter()
    ((_, warning),) = world.mailer.sent
    assert "2 days" in warning.text
    world.clock.advance(2 * DAY)
    assert sweep(world.core, world.post) == Counter({Duty.EXPIRE: 1})
    assert status(world, upload) is Status.EXPIRED
    notify(world.core, world.post, upload.id)
    assert "Expired" in world.mailer.sent[-1][1].subject
    world.clock.advance(30 * MINUTE)
    assert sweep(world.core, world.post) == Counter({Duty.CLEAN: 1})
    assert world.store._unfinished == {}
    assert world.manifests.whole(upload.id, 1) == b""
    assert sweep(world.core, world.post) == Counter()


def test_a_sign_of_life_puts_the_end_off(world: World) -> None:
    device = Device(world, ANA_CALLS, film(5))
    _, upload = device.create()
    world.clock.advance(6 * DAY)
    device.exchange(upload.id, want=1)
    world.clock.advance(4 * DAY)
    assert sweep(world.core, world.post) == Counter()
    assert status(world, upload) is Status.ACTIVE


@pytest.mark.parametrize("trouble", [StorageUnavailable(), RuntimeError("a defect")])
def test_one_uploads_trouble_does_not_keep_the_others_waiting(
    world: World, trouble: Exception
) -> None:
    first, second = full(world, 3), full(world, 4)
    world.clock.advance(2 * MINUTE)
    Flaky(world, "join", trouble)
    assert sweep(world.core, world.post)[Duty.ASSEMBLE] == 1
    assert {status(world, first), status(world, second)} == {Status.ASSEMBLING, Status.COMPLETE}
