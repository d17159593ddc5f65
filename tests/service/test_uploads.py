import pytest

from chalicelib.domain.errors import NoSuchUpload, NotInGroup, NotOwner, WrongStatus
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import Upload
from chalicelib.service import uploads
from chalicelib.service.assembling import assemble
from chalicelib.service.boards import read_page
from tests.fakes.part_store import Refused
from tests.service.world import ANA_CALLS, BEN_CALLS, EVE_CALLS, Device, World, film


@pytest.fixture
def world() -> World:
    return World()


def complete(world: World) -> tuple[Device, Upload]:
    device = Device(world, ANA_CALLS, film(3))
    _, upload = device.create()
    device.send_all(upload.id)
    assemble(world.core, upload.id)
    return device, world.upload(upload.id)


def test_what_is_not_shared_with_the_caller_is_not_there(world: World) -> None:
    device, upload = complete(world)
    eve = Device(world, EVE_CALLS, device.body)
    for call in (
        lambda: uploads.looked_at(world.core, EVE_CALLS, upload.id),
        lambda: uploads.pause(world.core, EVE_CALLS, upload.id),
        lambda: uploads.resume(world.core, EVE_CALLS, upload.id),
        lambda: uploads.cancel(world.core, EVE_CALLS, upload.id),
        lambda: uploads.delete(world.core, EVE_CALLS, upload.id),
        lambda: uploads.download(world.core, EVE_CALLS, upload.id),
        lambda: read_page(world.core, EVE_CALLS, upload.id, 0),
        lambda: eve.add_page(upload.id, 0),
        lambda: eve.exchange(upload.id, want=1),
    ):
        with pytest.raises(NoSuchUpload):
            call()


def test_a_list_of_a_group_one_is_not_in_is_refused(world: World) -> None:
    with pytest.raises(NotInGroup):
        uploads.listed(world.core, EVE_CALLS, "film", None, 10)


def test_anybody_in_the_group_may_pause_and_resume_and_both_may_be_repeated(world: World) -> None:
    device = Device(world, ANA_CALLS, film(9))
    _, upload = device.create()
    device.exchange(upload.id, want=1)
    for _ in range(2):
        assert uploads.pause(world.core, BEN_CALLS, upload.id).status is Status.PAUSED
    assert device.exchange(upload.id, want=1) == []
    for _ in range(2):
        assert uploads.resume(world.core, BEN_CALLS, upload.id).status is Status.ACTIVE
    assert len(device.exchange(upload.id, want=1)) == 1


def test_resuming_what_was_finished_in_flight_goes_straight_to_assembly(world: World) -> None:
    device = Device(world, ANA_CALLS, film(2))
    _, upload = device.create()
    done = device.send(device.exchange(upload.id, want=2))
    uploads.pause(world.core, ANA_CALLS, upload.id)
    device.exchange(upload.id, done=done)
    assert world.upload(upload.id).status is Status.PAUSED
    assert uploads.resume(world.core, BEN_CALLS, upload.id).status is Status.ASSEMBLING


def test_only_the_owner_cancels_and_deletes(world: World) -> None:
    _, done = complete(world)
    _, begun = Device(world, ANA_CALLS, film(4)).create()
    with pytest.raises(NotOwner):
        uploads.delete(world.core, BEN_CALLS, done.id)
    with pytest.raises(NotOwner):
        uploads.cancel(world.core, BEN_CALLS, begun.id)


def test_cancelling_frees_the_parts_and_revokes_what_is_held(world: World) -> None:
    device = Device(world, ANA_CALLS, film(5))
    _, upload = device.create()
    ticket, *_ = device.exchange(upload.id, want=2)
    for _ in range(2):
        assert uploads.cancel(world.core, ANA_CALLS, upload.id).status is Status.CANCELLED
    with pytest.raises(Refused, match="NoSuchUpload"):
        device.world.store.put(ticket.signed, device.part(ticket.part))
    assert device.exchange(upload.id, want=2, holding=(1,)) == []


def test_a_complete_file_comes_back_as_it_was_and_only_then(world: World) -> None:
    device, upload = complete(world)
    _, signed = uploads.download(world.core, BEN_CALLS, upload.id)
    assert world.store.fetch(signed) == device.body
    _, begun = Device(world, ANA_CALLS, film(4)).create()
    with pytest.raises(WrongStatus):
        uploads.download(world.core, ANA_CALLS, begun.id)


def test_a_deleted_file_is_gone_and_can_be_uploaded_again(world: World) -> None:
    device, upload = complete(world)
    for _ in range(2):
        assert uploads.delete(world.core, ANA_CALLS, upload.id).status is Status.DELETED
    with pytest.raises(NoSuchUpload):
        uploads.looked_at(world.core, ANA_CALLS, upload.id)
    assert uploads.listed(world.core, ANA_CALLS, "film", None, 10).uploads == []
    assert device.create()[0]


def test_what_is_complete_cannot_be_cancelled(world: World) -> None:
    _, upload = complete(world)
    with pytest.raises(WrongStatus):
        uploads.cancel(world.core, ANA_CALLS, upload.id)


def test_a_group_is_listed_newest_first_in_pages(world: World) -> None:
    made = []
    for seed in range(3):
        world.clock.advance(1_000)
        made.append(Device(world, ANA_CALLS, film(3, seed)).create()[1].id)
    first = uploads.listed(world.core, BEN_CALLS, "film", None, 2)
    rest = uploads.listed(world.core, BEN_CALLS, "film", first.next, 2)
    assert [u.id for u in (*first.uploads, *rest.uploads)] == made[::-1]
    assert rest.next is None
