"""Before parts of a lost client are handed out, the storage is asked for them: once."""

import logging
from collections.abc import Sequence
from dataclasses import replace

import pytest

from chalicelib.adapters.caches import CachedManifests
from chalicelib.domain.board import Rules
from chalicelib.domain.errors import StaleExchange, StorageUnavailable
from chalicelib.domain.inspection import StoredPart
from chalicelib.domain.status import Status
from chalicelib.ports import PartsGone
from chalicelib.service import uploads
from tests.service.world import ANA_CALLS, BEN_CALLS, Device, Flaky, World, film

LEASE_MS = Rules().lease_ms


class Listed:
    """The storage's list, and how often it was asked for which parts."""

    def __init__(self, world: World) -> None:
        self._real, self.asked = world.store.parts_between, list[tuple[int, int]]()
        world.store.parts_between = self  # type: ignore[assignment, method-assign]

    def __call__(self, key: str, id: str, first: int, last: int) -> Sequence[StoredPart]:
        self.asked.append((first, last))
        return self._real(key, id, first, last)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def lost(world: World) -> tuple[str, Device]:
    """The upload, and who is lost: it brought part 1, sent 2 and 4 and holds 3 as well."""
    gone = Device(world, ANA_CALLS, film(8))
    _, upload = gone.create()
    done = gone.send(gone.exchange(upload.id, want=1))
    tickets = gone.exchange(upload.id, want=3, done=done)
    gone.send([tickets[0], tickets[2]])
    world.clock.advance(LEASE_MS + 1)
    return upload.id, gone


@pytest.fixture
def helper(world: World) -> Device:
    return Device(world, BEN_CALLS, film(8))


def parts(device: Device, id: str, want: int) -> list[int]:
    return [ticket.part for ticket in device.exchange(id, want=want)]


def test_what_a_lost_client_had_sent_is_credited_to_it_and_not_sent_again(
    world: World, lost: tuple[str, Device], helper: Device
) -> None:
    id, gone = lost
    listed = Listed(world)
    assert parts(helper, id, 3) == [3, 5, 6]
    assert listed.asked == [(2, 4)]
    board = world.upload(id).board
    assert [(c.id, c.parts, c.strikes) for c in board.clients] == [
        (gone.client, 3, 0),
        (helper.client, 0, 0),
    ]


def test_it_is_asked_once_for_each_loss(
    world: World, lost: tuple[str, Device], helper: Device
) -> None:
    id, _ = lost
    listed = Listed(world)
    for _ in range(3):
        parts(helper, id, 1)
        parts(Device(world, BEN_CALLS, film(8)), id, 1)
    assert len(listed.asked) == 1


def test_nothing_is_asked_while_nothing_of_it_is_wanted(
    world: World, lost: tuple[str, Device], helper: Device
) -> None:
    id, _ = lost
    listed = Listed(world)
    parts(helper, id, 0)
    uploads.pause(world.core, ANA_CALLS, id)
    parts(helper, id, 3)
    assert listed.asked == []


def test_a_request_that_is_repeated_or_refused_makes_nobody_look(world: World) -> None:
    slow, helper = (Device(world, who, film(4)) for who in (ANA_CALLS, BEN_CALLS))
    _, upload = slow.create()
    done = slow.send(slow.exchange(upload.id, want=1))
    slow.exchange(upload.id, want=3, done=done, rate=1)
    helper.exchange(upload.id, want=1, rate=10**6)
    world.clock.advance(LEASE_MS + 1)
    listed = Listed(world)
    helper.seq -= 1
    assert parts(helper, upload.id, 1) == [4]
    helper.seq -= 1
    with pytest.raises(StaleExchange):
        helper.seq -= 1
        helper.exchange(upload.id, want=1)
    assert listed.asked == []


@pytest.mark.parametrize(
    "fault", [StorageUnavailable(), PartsGone(), RuntimeError("a permission is missing")]
)
def test_if_the_storage_does_not_say_the_parts_are_handed_out_and_nobody_asks_again(
    world: World,
    lost: tuple[str, Device],
    helper: Device,
    fault: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:
    id, gone = lost
    Flaky(world.store, "parts_between", fault)
    with caplog.at_level(logging.WARNING):
        assert parts(helper, id, 3) == [2, 3, 4]
    assert id in caplog.text
    listed = Listed(world)
    world.clock.advance(LEASE_MS + 1)
    parts(Device(world, BEN_CALLS, film(8)), id, 3)
    assert listed.asked == []
    row = world.upload(id).board.client(gone.client)
    assert row is not None
    assert row.parts == 1


def test_a_part_of_another_size_or_digest_is_not_found(
    world: World, lost: tuple[str, Device], helper: Device
) -> None:
    id, _ = lost
    real = world.store.parts_between

    def damaged(key: str, multipart: str, first: int, last: int) -> Sequence[StoredPart]:
        two, four = real(key, multipart, first, last)
        return [replace(two, digest=four.digest), replace(four, size=four.size - 1)]

    world.store.parts_between = damaged  # type: ignore[method-assign]
    assert parts(helper, id, 3) == [2, 3, 4]


def test_a_page_that_is_gone_proves_nothing(
    world: World, lost: tuple[str, Device], helper: Device
) -> None:
    id, _ = lost
    real, pages = world.manifests.get, iter([None])
    world.manifests.get = lambda *asked: next(pages, real(*asked))  # type: ignore[method-assign]
    assert parts(helper, id, 4) == [2, 3, 5, 6]


def test_what_is_found_of_an_upload_that_was_begun_anew_meanwhile_is_not_the_new_ones(
    world: World, lost: tuple[str, Device], helper: Device
) -> None:
    id, gone = lost
    elsewhere = world.core
    world.core = replace(elsewhere, manifests=CachedManifests(world.manifests))
    world.core.manifests.get(id, 1, 0)
    real = world.store.parts_between

    def begun_anew(key: str, multipart: str, first: int, last: int) -> Sequence[StoredPart]:
        found = real(key, multipart, first, last)
        world.core = elsewhere
        uploads.cancel(world.core, ANA_CALLS, id)
        gone.create()
        gone.exchange(id, want=4)
        return found

    world.store.parts_between = begun_anew  # type: ignore[method-assign]
    parts(helper, id, 2)
    assert world.upload(id).board.parts_done == 0


def test_the_last_parts_found_make_the_upload_assembling(world: World, helper: Device) -> None:
    gone = Device(world, ANA_CALLS, film(8))
    _, upload = gone.create()
    done = gone.send(gone.exchange(upload.id, want=4, rate=10**6))
    gone.send(gone.exchange(upload.id, want=4, done=done))
    world.clock.advance(LEASE_MS + 1)
    assert parts(helper, upload.id, 2) == []
    assert world.upload(upload.id).status is Status.ASSEMBLING
