import threading

import pytest

from chalicelib.domain.errors import (
    BegunAnew,
    ContentDiffers,
    FileTooLarge,
    InvalidRequest,
    NameNotUsable,
    NotInGroup,
    NotOwner,
    PageOutOfOrder,
    PartSizeDiffers,
    TooManyUploads,
    WrongStatus,
)
from chalicelib.domain.manifest import composite, pack, page_count
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import Upload
from chalicelib.service.boards import add_page, read_page
from chalicelib.service.cleaning import free
from chalicelib.service.creating import NewFile, create
from chalicelib.service.uploads import cancel
from tests.service.world import ANA_CALLS, BEN_CALLS, EVE_CALLS, Device, World, film


@pytest.fixture
def world() -> World:
    return World()


def whole_checksum(device: Device) -> str:
    pages = page_count(device.plan.count)
    return composite(b"".join(pack(device.digests(p)) for p in range(pages)))


def test_a_new_file_becomes_an_upload_with_its_first_page_known(world: World) -> None:
    created, upload = Device(world, ANA_CALLS, film(3)).create()
    assert created
    assert (upload.status, upload.board.known, upload.plan.count) == (Status.INITIALIZED, 3, 3)
    assert upload.checksum == whole_checksum(Device(world, ANA_CALLS, film(3)))


def test_the_same_file_on_another_device_joins_the_same_upload(world: World) -> None:
    _, first = Device(world, ANA_CALLS, film(3)).create()
    created, second = Device(world, BEN_CALLS, film(3)).create()
    assert (created, second.id, second.owner) == (False, first.id, ANA_CALLS.person)


def test_another_file_of_the_same_name_and_size_is_another_upload(world: World) -> None:
    _, first = Device(world, ANA_CALLS, film(3, seed=1)).create()
    created, second = Device(world, BEN_CALLS, film(3, seed=2)).create()
    assert created
    assert second.id != first.id


def test_the_same_file_in_another_group_is_another_upload(world: World) -> None:
    _, first = Device(world, BEN_CALLS, film(3)).create("film")
    created, second = Device(world, BEN_CALLS, film(3)).create("lab")
    assert created
    assert second.id != first.id


def test_an_empty_file_is_an_upload_of_one_empty_part(world: World) -> None:
    _, upload = Device(world, ANA_CALLS, b"").create()
    assert (upload.plan.count, upload.plan.length(1)) == (1, 0)


def test_two_who_create_at_once_get_one_upload_and_leave_no_multipart_upload(world: World) -> None:
    gate = threading.Barrier(2)
    getting = world.uploads.get

    def get_together(id: str) -> object:
        found = getting(id)
        gate.wait(timeout=5)
        return found

    world.uploads.get = get_together  # type: ignore[method-assign,assignment]
    outcomes: list[bool] = []
    devices = [Device(world, c, film(3)) for c in (ANA_CALLS, BEN_CALLS)]
    threads = [threading.Thread(target=lambda d=d: outcomes.append(d.create()[0])) for d in devices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, True]
    assert len(world.store._unfinished) == 1


def test_a_group_one_is_not_in_is_refused(world: World) -> None:
    with pytest.raises(NotInGroup):
        Device(world, EVE_CALLS, film(3)).create("film")


def test_an_unusable_name_is_refused_with_a_better_one(world: World) -> None:
    with pytest.raises(NameNotUsable) as refused:
        Device(world, ANA_CALLS, film(3), name="../a\n.mov").create()
    assert refused.value.details["suggestion"] == ".._a_.mov"


def new_file(**fields: object) -> NewFile:
    device = Device(World(), ANA_CALLS, film(3))
    base = {
        "group": "film",
        "name": "a",
        "size": 207,
        "part_size": 100,
        "digests": device.digests(0),
    }
    return NewFile(**(base | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("file", "refusal"),
    [
        (new_file(part_size=200), PartSizeDiffers),
        (new_file(size=10_000_001), FileTooLarge),
        (new_file(digests=[]), InvalidRequest),
        (new_file(digests=new_file().digests[:2]), InvalidRequest),
        (new_file(checksum="A" * 43 + "=-3"), InvalidRequest),
    ],
)
def test_a_file_that_does_not_fit_its_description_is_refused(
    world: World, file: NewFile, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        create(world.core, ANA_CALLS, file)


def test_a_person_may_not_have_too_many_unfinished_uploads(world: World) -> None:
    for seed in range(3):
        _, upload = Device(world, ANA_CALLS, film(3, seed)).create()
    with pytest.raises(TooManyUploads):
        Device(world, ANA_CALLS, film(3, 9)).create()
    Device(world, BEN_CALLS, film(3, 9)).create()
    cancel(world.core, ANA_CALLS, upload.id)
    assert Device(world, ANA_CALLS, film(3, 10)).create()[0]


def test_a_cancelled_upload_begins_anew_as_the_next_generation(world: World) -> None:
    device = Device(world, ANA_CALLS, film(3))
    _, first = device.create()
    device.exchange(first.id, want=1)
    cancel(world.core, ANA_CALLS, first.id)
    created, second = Device(world, BEN_CALLS, film(3)).create()
    assert created
    assert (second.id, second.generation, second.owner) == (first.id, 2, BEN_CALLS.person)
    assert second.key != first.key
    assert second.board.clients == ()
    Device(world, BEN_CALLS, film(3)).send_all(second.id)
    assert world.upload(second.id).status is Status.ASSEMBLING


def test_pages_are_added_in_order_and_make_more_parts_known(world: World) -> None:
    device = Device(world, ANA_CALLS, film(40))
    _, upload = device.create()
    assert (upload.board.known, upload.checksum) == (8, "")
    assert device.add_page(upload.id, 1).board.known == 32
    whole = device.add_page(upload.id, 2)
    assert (whole.board.known, whole.checksum) == (40, whole_checksum(device))
    assert read_page(world.core, BEN_CALLS, upload.id, 2) == device.digests(2)


def test_the_same_page_again_is_welcome_and_changes_nothing(world: World) -> None:
    device = Device(world, ANA_CALLS, film(40))
    _, upload = device.create()
    first = device.add_page(upload.id, 1)
    assert device.add_page(upload.id, 1) == first
    assert device.add_page(upload.id, 0) == first


def test_a_page_ahead_of_its_turn_is_refused_with_the_one_to_send(world: World) -> None:
    device = Device(world, ANA_CALLS, film(40))
    _, upload = device.create()
    with pytest.raises(PageOutOfOrder) as refused:
        device.add_page(upload.id, 2)
    assert refused.value.details == {"next_page": 1}


def test_a_page_of_another_file_is_refused_and_that_file_gets_an_upload_of_its_own(
    world: World,
) -> None:
    ours, theirs = film(40), film(40)[:-7] + b"THE END"
    device = Device(world, ANA_CALLS, ours)
    _, upload = device.create()
    device.add_page(upload.id, 1)
    device.add_page(upload.id, 2)
    other = Device(world, ANA_CALLS, theirs)
    assert other.create() == (False, world.upload(upload.id))
    with pytest.raises(ContentDiffers):
        other.add_page(upload.id, 2)
    created, own = other.create(checksum=whole_checksum(other))
    assert created
    assert own.id != upload.id


def test_only_the_owners_devices_write_the_manifest(world: World) -> None:
    _, upload = Device(world, ANA_CALLS, film(40)).create()
    with pytest.raises(NotOwner):
        Device(world, BEN_CALLS, film(40)).add_page(upload.id, 1)


def test_pages_of_an_ended_upload_are_refused(world: World) -> None:
    device = Device(world, ANA_CALLS, film(40))
    _, upload = device.create()
    cancel(world.core, ANA_CALLS, upload.id)
    with pytest.raises(WrongStatus):
        device.add_page(upload.id, 1)


@pytest.mark.parametrize("page", [0, 1])
@pytest.mark.parametrize("begun_anew", [False, True])
def test_pages_of_an_upload_that_ends_and_is_freed_meanwhile_are_refused_like_those_of_an_ended_one(
    world: World, page: int, begun_anew: bool
) -> None:
    """Page 0 is known and was freed; page 1 is new."""
    device = Device(world, ANA_CALLS, film(40))
    _, upload = device.create()
    get = world.uploads.get

    def before_it_ended(id: str) -> Upload | None:
        found = get(id)
        world.uploads.get = get  # type: ignore[method-assign]
        cancel(world.core, ANA_CALLS, id)
        free(world.core, upload)
        if begun_anew:
            device.create()
        return found

    world.uploads.get = before_it_ended  # type: ignore[method-assign]
    with pytest.raises(BegunAnew if begun_anew else WrongStatus):
        device.add_page(upload.id, page)


def test_a_page_with_too_few_digests_is_refused(world: World) -> None:
    device = Device(world, ANA_CALLS, film(40))
    _, upload = device.create()
    with pytest.raises(InvalidRequest):
        add_page(world.core, ANA_CALLS, upload.id, 1, device.digests(1)[:5])
