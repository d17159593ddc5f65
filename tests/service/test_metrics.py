"""What is counted, where it happens and nowhere else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.domain.errors import StaleExchange, StorageUnavailable
from chalicelib.domain.lifetime import DAY, MINUTE
from chalicelib.domain.status import Status
from chalicelib.ports import Announcement, Beaten, Metric
from chalicelib.service.assembling import assemble
from chalicelib.service.notifying import notify
from chalicelib.service.sweeping import sweep
from chalicelib.service.uploads import cancel
from tests.fakes.mailer import FakeMailer
from tests.service.world import ANA_CALLS, BEN_CALLS, Device, World

BODY = bytes(range(250)) * 3


@pytest.fixture
def world() -> World:
    return World()


def counted(world: World, do: Callable[[], object]) -> dict[Metric, int]:
    """What this adds, metrics that were said to be 0 among it."""
    world.meter.counted.clear()
    world.meter.said.clear()
    do()
    return {metric: world.meter.counted[metric] for metric in world.meter.said}


def sent(world: World) -> tuple[Device, str]:
    device = Device(world, ANA_CALLS, BODY)
    id = device.create()[1].id
    device.send_all(id)
    assert world.upload(id).status is Status.ASSEMBLING
    return device, id


def test_an_exchange_counts_itself_and_the_parts_that_it_brings(world: World) -> None:
    device = Device(world, ANA_CALLS, BODY)
    id = device.create()[1].id
    tickets = device.exchange(id, want=3)
    done = device.send(tickets)
    told = counted(world, lambda: device.exchange(id, done=done))
    assert told == {Metric.EXCHANGES: 1, Metric.PARTS_DONE: len(done)}


def test_what_is_only_answered_again_brings_no_part_twice(world: World) -> None:
    device = Device(world, ANA_CALLS, BODY)
    id = device.create()[1].id
    done = device.send(device.exchange(id, want=2))
    device.exchange(id, done=done)
    device.seq -= 1
    assert counted(world, lambda: device.exchange(id, done=done)) == {Metric.EXCHANGES: 1}


def test_a_refused_exchange_counts_nothing(world: World) -> None:
    device = Device(world, ANA_CALLS, BODY)
    id = device.create()[1].id
    device.exchange(id)
    device.exchange(id)
    device.seq -= 2

    def late() -> None:
        with pytest.raises(StaleExchange):
            device.exchange(id)

    assert counted(world, late) == {}


def test_a_ticket_that_another_holds_as_well_is_a_rescue(world: World) -> None:
    slow, fast = Device(world, ANA_CALLS, BODY), Device(world, BEN_CALLS, BODY)
    id = slow.create()[1].id
    held = tuple(t.part for t in slow.exchange(id, want=8, rate=10))
    while tickets := fast.exchange(id, want=8, rate=100_000, done=fast.send(())):
        if {t.part for t in tickets} & set(held):
            break
        fast.exchange(id, done=fast.send(tickets), rate=100_000)
        world.clock.advance(100)
    rescued = len({t.part for t in tickets} & set(held))
    assert rescued and world.meter.counted[Metric.RESCUES] == rescued


def test_who_writes_too_late_is_a_conflict(world: World) -> None:
    device, other = Device(world, ANA_CALLS, BODY), Device(world, BEN_CALLS, BODY)
    id = device.create()[1].id
    save, beaten = world.uploads.save, []

    def beaten_once(upload: object) -> object:
        if not beaten:
            beaten.append(True)
            other.exchange(id)
            raise Beaten(world.upload(id))
        return save(upload)  # type: ignore[arg-type]

    world.uploads.save = beaten_once  # type: ignore[assignment, method-assign]
    told = counted(world, lambda: device.exchange(id))
    assert told == {Metric.CONFLICTS: 1, Metric.EXCHANGES: 2}


def test_what_is_stored_counts_with_its_bytes_and_the_time_that_people_waited(
    world: World,
) -> None:
    _, id = sent(world)
    world.clock.advance(2_500)
    told = counted(world, lambda: assemble(world.core, id))
    assert told == {
        Metric.UPLOADS_STORED: 1,
        Metric.BYTES_STORED: len(BODY),
        Metric.ASSEMBLY_SECONDS: 2.5,
    }
    assert counted(world, lambda: assemble(world.core, id)) == {}, "it is stored once"


def test_a_part_that_the_storage_lacks_is_a_strike(world: World) -> None:
    device = Device(world, ANA_CALLS, BODY)
    id = device.create()[1].id
    while tickets := device.exchange(id, want=8):
        device.exchange(id, done=tuple(t.part for t in tickets))
    assert counted(world, lambda: assemble(world.core, id)) == {Metric.STRIKES: 1}


def test_an_upload_whose_parts_are_gone_has_failed(world: World) -> None:
    _, id = sent(world)
    upload = world.upload(id)
    world.store.abort(upload.key, upload.multipart_id)
    assert counted(world, lambda: assemble(world.core, id)) == {Metric.UPLOADS_FAILED: 1}


def test_cancelling_counts_once_however_often_it_is_said(world: World) -> None:
    id = Device(world, ANA_CALLS, BODY).create()[1].id
    assert counted(world, lambda: cancel(world.core, ANA_CALLS, id)) == {
        Metric.UPLOADS_CANCELLED: 1
    }
    assert counted(world, lambda: cancel(world.core, ANA_CALLS, id)) == {}


def test_a_notice_is_counted_as_sent_or_as_failed(world: World) -> None:
    _, id = sent(world)
    assemble(world.core, id)
    publish = world.topic.publish

    def down(_: Announcement) -> None:
        raise StorageUnavailable

    def vain() -> None:
        with pytest.raises(StorageUnavailable):
            notify(world.core, world.post, id)

    world.topic.publish = down  # type: ignore[method-assign]
    assert counted(world, vain) == {Metric.NOTICES_FAILED: 1}
    world.topic.publish = publish  # type: ignore[method-assign]
    assert counted(world, lambda: notify(world.core, world.post, id)) == {Metric.NOTICES_SENT: 1}
    assert counted(world, lambda: notify(world.core, world.post, id)) == {}


def test_a_mail_that_the_service_takes_from_nobody_of_ours_is_counted_and_not_repeated(
    world: World,
) -> None:
    _, id = sent(world)
    assemble(world.core, id)
    post = replace(world.post, mailer=FakeMailer(closed=True))
    told = counted(world, lambda: notify(world.core, post, id))
    assert told == {Metric.NOTICES_SENT: 1, Metric.MAILS_REFUSED: 1}
    assert counted(world, lambda: notify(world.core, post, id)) == {}


def test_a_warning_that_the_service_takes_from_nobody_of_ours_is_counted(world: World) -> None:
    Device(world, ANA_CALLS, BODY).create()
    world.clock.advance(6 * DAY)
    post = replace(world.post, mailer=FakeMailer(closed=True))
    assert counted(world, lambda: sweep(world.core, post))[Metric.MAILS_REFUSED] == 1


def test_an_address_that_is_none_rings_nobody(world: World) -> None:
    _, id = sent(world)
    assemble(world.core, id)
    post = replace(world.post, mailer=FakeMailer(nowhere=["ana@example.org"]))
    assert counted(world, lambda: notify(world.core, post, id)) == {Metric.NOTICES_SENT: 1}


def test_a_sweep_says_that_it_ran_also_when_nothing_was_due(world: World) -> None:
    told = counted(world, lambda: sweep(world.core, world.post))
    assert told == {Metric.SWEEP_RUNS: 1, Metric.UPLOADS_STUCK: 0}


def test_an_upload_that_the_sweep_cannot_finish_is_stuck(world: World) -> None:
    sent(world)
    world.clock.advance(5 * MINUTE)

    def away(*_: object) -> None:
        raise StorageUnavailable

    world.store.join = away  # type: ignore[method-assign, assignment]
    told = counted(world, lambda: sweep(world.core, world.post))
    assert told == {Metric.SWEEP_RUNS: 1, Metric.UPLOADS_STUCK: 1}


def test_an_upload_that_nobody_touches_is_counted_when_it_expires(world: World) -> None:
    Device(world, ANA_CALLS, BODY).create()
    world.clock.advance(8 * DAY)
    told = counted(world, lambda: sweep(world.core, world.post))
    assert told[Metric.UPLOADS_EXPIRED] == 1
    world.clock.advance(MINUTE)
    assert Metric.UPLOADS_EXPIRED not in counted(world, lambda: sweep(world.core, world.post))
