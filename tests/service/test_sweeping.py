"""What the sweep does, and leaves alone."""

from collections import Counter
from itertools import pairwise

import pytest

from chalicelib.domain.errors import StorageUnavailable
from chalicelib.domain.lifetime import DAY, HOUR, MINUTE, Duty
from chalicelib.domain.status import Event, Status
from chalicelib.domain.uploads import Upload, moved
from chalicelib.service.notifying import notify
from chalicelib.service.sweeping import sweep
from tests.service.world import ANA_CALLS, Device, Flaky, World, film, full, stored


@pytest.fixture
def world() -> World:
    return World()


def status(world: World, upload: Upload) -> Status:
    return world.upload(upload.id).status


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
    Flaky(world.store, "join", trouble)
    assert sweep(world.core, world.post)[Duty.ASSEMBLE] == 1
    assert {status(world, first), status(world, second)} == {Status.ASSEMBLING, Status.COMPLETE}


def test_uploads_that_fail_for_good_do_not_keep_others_out_of_the_sweep(world: World) -> None:
    hopeless = {full(world, parts).multipart_id for parts in (3, 4)}
    world.clock.advance(MINUTE)
    other, parts = full(world, 6), world.store.parts

    def without_permission(key: str, multipart_id: str) -> object:
        if multipart_id in hopeless:
            raise PermissionError("AccessDenied")
        return parts(key, multipart_id)

    world.store.parts = without_permission  # type: ignore[assignment, method-assign]
    for _ in range(3):
        world.clock.advance(5 * MINUTE)
        sweep(world.core, world.post, at_once=2)
    assert status(world, other) is Status.COMPLETE


def test_what_the_sweep_fails_at_is_tried_again_every_quarter_of_an_hour_for_ever(
    world: World,
) -> None:
    full(world)
    attempts: list[int] = []

    def without_permission(key: str, multipart_id: str) -> object:
        attempts.append(world.clock.now())
        raise PermissionError("AccessDenied")

    world.store.parts = without_permission  # type: ignore[assignment, method-assign]
    for _ in range(300):
        world.clock.advance(5 * MINUTE)
        sweep(world.core, world.post)
    waits = [later - sooner for sooner, later in pairwise(attempts)]
    assert waits[0] <= 10 * MINUTE
    assert waits == sorted(waits), "at first soon, then seldom"
    assert set(waits[-10:]) == {15 * MINUTE}


def failed(world: World) -> Upload:
    """An upload that ended, and holds a part that came late."""
    device = Device(world, ANA_CALLS, film(5))
    _, upload = device.create()
    device.send(device.exchange(upload.id, want=2))
    world.uploads.save(moved(world.upload(upload.id), Event.EXPIRE, world.clock.now()))
    return world.upload(upload.id)


def test_what_ended_is_freed_though_its_notice_cannot_be_told(world: World) -> None:
    upload = failed(world)
    Flaky(world.topic, "publish", PermissionError("AccessDenied"), PermissionError("AccessDenied"))
    world.clock.advance(30 * MINUTE)
    assert sweep(world.core, world.post) == Counter({Duty.CLEAN: 1})
    assert world.upload(upload.id).cleaned
    assert world.store._unfinished == {}
    world.clock.advance(HOUR)
    assert sweep(world.core, world.post) == Counter(), "the notice is still owed, and tried"
    world.clock.advance(HOUR)
    assert sweep(world.core, world.post) == Counter({Duty.NOTIFY: 1})
    assert len(world.mailer.sent) == 1
    assert world.uploads.due(world.clock.now() + 1000 * DAY, 10) == []


def test_an_end_is_told_though_the_storage_cannot_be_freed(world: World) -> None:
    upload = failed(world)
    Flaky(world.store, "abort", PermissionError("AccessDenied"))
    world.clock.advance(30 * MINUTE)
    assert sweep(world.core, world.post) == Counter({Duty.NOTIFY: 1})
    assert not world.upload(upload.id).cleaned
    world.clock.advance(HOUR)
    assert sweep(world.core, world.post) == Counter({Duty.CLEAN: 1})
    assert sweep(world.core, world.post) == Counter()
