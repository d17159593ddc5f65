"""An upload that ends and is freed while it is read says how it ended, not that it is gone."""

from collections.abc import Callable

import pytest

from chalicelib.domain.errors import BegunAnew, WrongStatus
from chalicelib.domain.status import Event
from chalicelib.domain.uploads import Upload, moved
from chalicelib.service.boards import read_page
from chalicelib.service.cleaning import free
from tests.service.world import ANA_CALLS, BEN_CALLS, Device, World, film

Call = Callable[[Device, str], object]

CALLS: dict[str, Call] = {
    "take": lambda device, id: device.exchange(id, want=1),
    "read_page": lambda device, id: read_page(device.world.core, BEN_CALLS, id, 0),
}


@pytest.fixture
def device() -> Device:
    return Device(World(), ANA_CALLS, film(3))


def meanwhile(world: World, happens: Callable[[], object]) -> None:
    """Happens when the next page of a manifest is asked for, just before it is read."""
    real = world.manifests.get

    def get(id: str, generation: int, page: int) -> bytes | None:
        world.manifests.get = real  # type: ignore[method-assign]
        happens()
        return real(id, generation, page)

    world.manifests.get = get  # type: ignore[method-assign]


def ended(world: World, upload: Upload, event: Event) -> None:
    world.uploads.save(moved(world.upload(upload.id), event, world.clock.now()))
    free(world.core, world.upload(upload.id))


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("event", [Event.CANCEL, Event.EXPIRE])
def test_what_ended_meanwhile_says_how(device: Device, event: Event, call: Call) -> None:
    _, upload = device.create()
    meanwhile(device.world, lambda: ended(device.world, upload, event))
    with pytest.raises(WrongStatus) as refused:
        call(device, upload.id)
    now = device.world.upload(upload.id).status
    assert refused.value.details == {"status": now.value}
    assert device.exchange(upload.id, want=1) == [], "and so it does from then on"


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_what_was_begun_anew_meanwhile_says_so(device: Device, call: Call) -> None:
    _, upload = device.create()

    def begun_anew() -> None:
        ended(device.world, upload, Event.CANCEL)
        device.create()

    meanwhile(device.world, begun_anew)
    with pytest.raises(BegunAnew):
        call(device, upload.id)
    call(device, upload.id)
