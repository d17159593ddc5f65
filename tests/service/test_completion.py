from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.errors import StorageUnavailable
from chalicelib.domain.lifetime import DAY, MINUTE, Duty
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import Upload
from chalicelib.ports import PartsChanged, StoredObject
from chalicelib.service.assembling import ATTEMPTS, DAMAGED, assemble
from chalicelib.service.sweeping import sweep
from tests.service.world import ANA_CALLS, BEN_CALLS, Device, Died, Flaky, World, film, full


@pytest.fixture
def world() -> World:
    return World()


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


def test_a_storage_that_does_not_answer_is_asked_again(world: World) -> None:
    upload = full(world)
    Flaky(world.store, "join", StorageUnavailable())
    with pytest.raises(StorageUnavailable):
        assemble(world.core, upload.id)
    assert status(world, upload) is Status.ASSEMBLING
    assemble(world.core, upload.id)
    assert status(world, upload) is Status.COMPLETE


def test_a_join_whose_answer_was_lost_is_recognised_by_our_own_token(world: World) -> None:
    upload = full(world)
    Flaky(world.store, "join", StorageUnavailable(), after=True)
    with pytest.raises(StorageUnavailable):
        assemble(world.core, upload.id)
    assemble(world.core, upload.id)
    assert status(world, upload) is Status.COMPLETE


def test_parts_that_changed_between_the_list_and_the_join_are_listed_again(world: World) -> None:
    upload = full(world)
    Flaky(world.store, "join", PartsChanged())
    with pytest.raises(StorageUnavailable):
        assemble(world.core, upload.id)
    assemble(world.core, upload.id)
    assert status(world, upload) is Status.COMPLETE


def test_after_several_attempts_it_is_given_up_with_a_reason(world: World) -> None:
    upload = full(world)
    Flaky(world.store, "parts", *[StorageUnavailable() for _ in range(ATTEMPTS)])
    for _ in range(ATTEMPTS):
        with pytest.raises(StorageUnavailable):
            assemble(world.core, upload.id)
    world.clock.advance(DAY)
    assemble(world.core, upload.id)
    assert status(world, upload) is Status.FAILED
    assert "once more" in world.upload(upload.id).reason


def test_a_storage_that_is_away_for_hours_does_not_cost_the_file(world: World) -> None:
    upload = full(world)
    Flaky(world.store, "parts", *[StorageUnavailable() for _ in range(4 * ATTEMPTS)])
    for _ in range(4 * ATTEMPTS):
        with pytest.raises(StorageUnavailable):
            assemble(world.core, upload.id)
        world.clock.advance(30 * MINUTE)
    assemble(world.core, upload.id)
    assert status(world, upload) is Status.COMPLETE


def test_an_object_that_the_last_attempt_made_without_an_answer_is_found_before_giving_up(
    world: World,
) -> None:
    upload = full(world)
    Flaky(world.store, "parts", *[StorageUnavailable() for _ in range(ATTEMPTS - 1)])
    Flaky(world.store, "join", StorageUnavailable(), after=True)
    for _ in range(ATTEMPTS):
        with pytest.raises(StorageUnavailable):
            assemble(world.core, upload.id)
    world.clock.advance(DAY)
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


@pytest.mark.parametrize("checksum", ["", "of-other-bytes"])
def test_our_own_object_with_a_wrong_checksum_fails_for_that_reason_and_does_not_stay(
    world: World, checksum: str
) -> None:
    upload = full(world)
    join = world.store.join

    def damage(*arguments: Any) -> str:
        join(*arguments)
        found, body = world.store._objects[upload.key]
        world.store._objects[upload.key] = replace(found, checksum=checksum), body
        return checksum

    world.store.join = damage  # type: ignore[method-assign]
    assemble(world.core, upload.id)
    assert world.upload(upload.id).reason == DAMAGED
    assert not world.upload(upload.id).foreign
    world.clock.advance(30 * MINUTE)
    sweep(world.core, world.post)
    assert world.store.find(upload.key) is None


def test_whose_object_it_is_is_not_read_from_the_sentence_for_people(world: World) -> None:
    upload = full(world)
    world.store._objects[upload.key] = StoredObject(1, "", "not-ours"), b"x"
    assemble(world.core, upload.id)
    world.uploads.save(replace(world.upload(upload.id), reason="Ein anderes Objekt liegt dort."))
    world.clock.advance(30 * MINUTE)
    sweep(world.core, world.post)
    assert world.upload(upload.id).cleaned
    assert world.store.find(upload.key) is not None


def test_an_answer_to_the_join_that_lacks_the_checksum_is_made_up_for_by_a_look(
    world: World,
) -> None:
    upload = full(world)
    join = world.store.join
    world.store.join = lambda *arguments: join(*arguments) and ""  # type: ignore[method-assign]
    assemble(world.core, upload.id)
    assert status(world, upload) is Status.COMPLETE


def test_a_defect_is_seen_at_every_attempt_costs_none_and_heals_once_mended(world: World) -> None:
    upload = full(world)
    Flaky(world.store, "parts", *[RuntimeError("AccessDenied") for _ in range(ATTEMPTS + 3)])
    for _ in range(ATTEMPTS + 3):
        with pytest.raises(RuntimeError):
            assemble(world.core, upload.id)
    assemble(world.core, upload.id)
    assert status(world, upload) is Status.COMPLETE


def test_two_assemblies_do_not_run_at_once_and_a_dead_one_is_followed(world: World) -> None:
    upload = full(world)
    Flaky(world.store, "join", Died())
    with pytest.raises(Died):
        assemble(world.core, upload.id)
    assemble(world.core, upload.id)
    assert status(world, upload) is Status.ASSEMBLING
    world.clock.advance(15 * MINUTE)
    assert sweep(world.core, world.post) == Counter({Duty.ASSEMBLE: 1})
    assert status(world, upload) is Status.COMPLETE
