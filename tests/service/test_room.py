import pytest

from chalicelib.domain.errors import GroupFull
from chalicelib.domain.room import GroupLimits
from chalicelib.service.assembling import assemble
from chalicelib.service.uploads import cancel, delete
from tests.service.world import ANA_CALLS, BEN_CALLS, Device, World, film, stored

SIZE = len(film(3))


@pytest.fixture
def world() -> World:
    return World()


def begin(world: World, seed: int, group: str = "film") -> str:
    return Device(world, BEN_CALLS, film(3, seed), f"{seed}.mov").create(group)[1].id


def test_a_full_group_takes_no_other_file_and_begins_nothing_in_the_storage(world: World) -> None:
    world.limits.groups["film"] = GroupLimits(bytes=2 * SIZE)
    begin(world, 1), begin(world, 2)
    with pytest.raises(GroupFull) as refused:
        begin(world, 3)
    assert refused.value.details == {"limit": "bytes", "most": 2 * SIZE, "used": 2 * SIZE}
    assert len(world.store._unfinished) == 2
    begin(world, 3, "lab")


def test_who_joins_takes_no_room(world: World) -> None:
    world.limits.groups["film"] = GroupLimits(bytes=SIZE, open_bytes=SIZE, open_uploads=1)
    id = begin(world, 1)
    assert begin(world, 1) == id


def test_a_file_keeps_its_room_from_its_beginning_until_it_is_deleted(world: World) -> None:
    world.limits.groups["film"] = GroupLimits(bytes=SIZE)
    upload = stored(world)
    with pytest.raises(GroupFull):
        begin(world, 1)
    delete(world.core, ANA_CALLS, upload.id)
    begin(world, 1)


def test_what_was_cancelled_takes_no_room_and_may_be_begun_again(world: World) -> None:
    world.limits.groups["film"] = GroupLimits(bytes=SIZE, open_uploads=1)
    id = begin(world, 1)
    cancel(world.core, BEN_CALLS, id)
    assert begin(world, 1) == id
    with pytest.raises(GroupFull):
        begin(world, 2)


def test_a_stored_file_is_not_under_way(world: World) -> None:
    world.limits.groups["film"] = GroupLimits(open_bytes=SIZE, open_uploads=1)
    stored(world)
    begin(world, 1)


def test_what_was_begun_is_finished_whatever_the_limit_became(world: World) -> None:
    device = Device(world, BEN_CALLS, film(3))
    id = device.create()[1].id
    world.limits.groups["film"] = GroupLimits(bytes=0, open_bytes=0, open_uploads=0)
    device.send_all(id)
    assemble(world.core, id)
    assert world.upload(id).status.value == "complete"


def test_everybodys_own_group_has_one_limit_each(world: World) -> None:
    world.limits.groups["user:"] = GroupLimits(open_uploads=1)
    for caller in (ANA_CALLS, BEN_CALLS):
        Device(world, caller, film(3)).create(caller.groups[0])
        with pytest.raises(GroupFull):
            Device(world, caller, film(4)).create(caller.groups[0])
