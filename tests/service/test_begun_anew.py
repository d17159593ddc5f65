"""An upload that is begun anew while something of its former generation is still on its way."""

import pytest

from chalicelib.domain.errors import BegunAnew, NoSuchUpload, StorageUnavailable
from chalicelib.domain.inspection import StoredPart
from chalicelib.domain.lifetime import DAY, HOUR, MINUTE
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import Upload
from chalicelib.ports import StoredObject
from chalicelib.service.assembling import ATTEMPTS, NO_ANSWER, assemble
from chalicelib.service.boards import add_page
from chalicelib.service.sweeping import sweep
from chalicelib.service.uploads import cancel
from tests.service.world import ANA_CALLS, EVE_CALLS, Device, World, film


class Joining:
    """S3 takes the parts and joins for hours, whatever becomes of the multipart upload."""

    def __init__(self, world: World) -> None:
        self.world, self.real = world, world.store.join
        self.keys: list[str] = []
        world.store.join = self  # type: ignore[assignment, method-assign]

    def __call__(self, key: str, id: str, parts: list[StoredPart], size: int) -> str:
        self.keys.append(key)
        raise StorageUnavailable

    def ends(self, upload: Upload, token: str = "") -> None:
        """The former generation's object is there."""
        ours = token or f"{upload.id}.{upload.generation}"
        found = StoredObject(upload.plan.size, upload.checksum, ours)
        self.world.store._objects[upload.key] = found, b"late"


@pytest.fixture
def world() -> World:
    return World()


def swept(world: World, ms: int) -> None:
    for _ in range(ms // (5 * MINUTE)):
        world.clock.advance(5 * MINUTE)
        sweep(world.core, world.post)


def given_up(device: Device) -> Upload:
    """Its parts were being joined for a day, without an answer."""
    _, upload = device.create()
    device.send_all(upload.id)
    for _ in range(ATTEMPTS):
        with pytest.raises(StorageUnavailable):
            assemble(device.world.core, upload.id)
    device.world.clock.advance(DAY)
    assemble(device.world.core, upload.id)
    failed = device.world.upload(upload.id)
    assert (failed.status, failed.reason) == (Status.FAILED, NO_ANSWER)
    return failed


def test_what_s3_joined_after_all_is_freed_though_the_upload_was_begun_anew(world: World) -> None:
    joining, device = Joining(world), Device(world, ANA_CALLS, film(3))
    former = given_up(device)
    device.create()
    joining.ends(former)
    world.store.join = joining.real  # type: ignore[method-assign]
    device.send_all(former.id)
    assemble(world.core, former.id)
    new = world.upload(former.id)
    assert (new.generation, new.status) == (2, Status.COMPLETE)
    swept(world, 2 * HOUR)
    assert list(world.store._objects) == [new.key], "one object, and it is the complete upload's"
    assert set(joining.keys) == {former.key}, "nothing joins both"
    assert world.upload(former.id).unsettled == 0
    assert world.uploads.due(world.clock.now() + 1000 * DAY, 10) == []


def test_so_it_is_however_often_it_was_begun_anew_since(world: World) -> None:
    joining, device = Joining(world), Device(world, ANA_CALLS, film(3))
    former = given_up(device)
    for _ in range(3):
        _, new = device.create()
        cancel(world.core, ANA_CALLS, new.id)
        world.clock.advance(10 * MINUTE)
    _, new = device.create()
    joining.ends(former)
    swept(world, 2 * HOUR)
    assert (world.upload(new.id).status, new.generation) == (Status.INITIALIZED, 5)
    assert world.store._objects == {}


def test_who_begins_a_file_anew_hundreds_of_times_does_not_keep_the_sweep_busy(
    world: World,
) -> None:
    device, find, asked = Device(world, ANA_CALLS, film(3)), world.store.find, []
    for _ in range(250):
        cancel(world.core, ANA_CALLS, device.create()[1].id)
    _, new = device.create()

    def counted(key: str) -> StoredObject | None:
        asked.append(key)
        return find(key)

    world.store.find = counted  # type: ignore[method-assign]
    world.clock.advance(30 * MINUTE)
    each = []
    for _ in range(4):
        sweep(world.core, world.post)
        each.append(len(asked))
    assert each == [100, 200, 250, 250]
    assert len(set(asked)) == 250
    assert world.upload(new.id).unsettled == 0


def test_an_object_that_is_not_ours_stays_in_the_former_generations_place(world: World) -> None:
    joining, device = Joining(world), Device(world, ANA_CALLS, film(3))
    former = given_up(device)
    device.create()
    joining.ends(former, token="not-ours")
    swept(world, 2 * HOUR)
    assert list(world.store._objects) == [former.key]


def test_a_page_of_the_former_generation_that_came_late_does_not_stay(world: World) -> None:
    device = Device(world, ANA_CALLS, film(300))
    _, former = device.create()
    put = world.manifests.put

    def late(id: str, generation: int, page: int, digests: bytes) -> bytes:
        world.manifests.put = put  # type: ignore[method-assign]
        cancel(world.core, ANA_CALLS, id)
        device.create()
        return put(id, generation, page, digests)

    world.manifests.put = late  # type: ignore[method-assign]
    with pytest.raises(BegunAnew):
        device.add_page(former.id, 1)
    assert world.manifests.get(former.id, 1, 1) is not None
    swept(world, 2 * HOUR)
    assert world.manifests.whole(former.id, 1) == b""
    assert len(world.manifests.whole(former.id, 2)) == 8 * 32


def test_nothing_comes_late_of_what_had_been_over_for_long(world: World) -> None:
    device = Device(world, ANA_CALLS, film(3))
    _, former = device.create()
    cancel(world.core, ANA_CALLS, former.id)
    swept(world, HOUR)
    _, new = device.create()
    assert (new.generation, new.unsettled) == (2, 0)


def begun_anew(device: Device) -> tuple[Upload, Upload]:
    _, former = device.create()
    device.send(device.exchange(former.id, want=2))
    cancel(device.world.core, ANA_CALLS, former.id)
    return former, device.create()[1]


def test_what_was_sent_to_the_former_one_does_not_count_for_the_new_one(world: World) -> None:
    device = Device(world, ANA_CALLS, film(3))
    former, new = begun_anew(device)
    said = {"done": (1, 2), "holding": (3,), "want": 2}
    with pytest.raises(BegunAnew):
        device.exchange(new.id, generation=former.generation, **said)
    assert world.upload(new.id) == new


def test_the_former_ones_pages_are_none_of_the_new_one(world: World) -> None:
    """The device may be at a later page, of another version of the file that begins alike."""
    device = Device(world, ANA_CALLS, film(40))
    former, new = begun_anew(device)
    with pytest.raises(BegunAnew):
        add_page(world.core, ANA_CALLS, new.id, 1, device.digests(1), former.generation)
    assert world.upload(new.id).board.known == 8


@pytest.mark.parametrize("generation", [0, 2])
def test_who_joined_the_new_one_or_does_not_say_is_served(world: World, generation: int) -> None:
    device = Device(world, ANA_CALLS, film(40))
    _, new = begun_anew(device)
    assert len(device.exchange(new.id, want=3, generation=generation)) == 3
    known = add_page(world.core, ANA_CALLS, new.id, 1, device.digests(1), generation).board.known
    assert known == 32


def test_a_stranger_is_not_told_that_it_was_begun_anew(world: World) -> None:
    device = Device(world, ANA_CALLS, film(3))
    former, new = begun_anew(device)
    with pytest.raises(NoSuchUpload):
        Device(world, EVE_CALLS, film(3)).exchange(new.id, generation=former.generation)
