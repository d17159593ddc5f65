"""The notice of an upload's end: told once, whatever breaks off."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.domain.errors import StorageUnavailable
from chalicelib.domain.lifetime import MINUTE
from chalicelib.domain.uploads import NoticeState
from chalicelib.ports import Announcement
from chalicelib.service.notifying import DEADLINE_MS, Post, notify
from chalicelib.service.sweeping import sweep
from chalicelib.service.uploads import cancel
from tests.announcements import CheckedTopic
from tests.fakes.mailer import FakeMailer
from tests.fakes.topic import FakeTopic
from tests.service.world import ANA_CALLS, Device, Died, Flaky, World, film, stored

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def world() -> World:
    return World()


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
    Flaky(world.mailer, "send", StorageUnavailable())
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
    Flaky(world.topic, "publish", Died())
    with pytest.raises(Died):
        notify(world.core, world.post, upload.id)
    notify(world.core, world.post, upload.id)
    assert world.topic.published == []
    world.clock.advance(10 * MINUTE)
    sweep(world.core, world.post)
    assert len(world.topic.published) == len(world.mailer.sent) == 1


def test_an_owner_without_a_usable_address_does_not_hold_up_the_notice(world: World) -> None:
    upload = stored(world)
    post = replace(world.post, mailer=FakeMailer(nowhere=["ana@example.org"]))
    notify(world.core, post, upload.id)
    assert world.upload(upload.id).notice is NoticeState.SENT


def test_nothing_is_told_of_an_upload_that_goes_on_or_was_cancelled(world: World) -> None:
    _, going = Device(world, ANA_CALLS, film(4)).create()
    _, cancelled = Device(world, ANA_CALLS, film(5)).create()
    cancel(world.core, ANA_CALLS, cancelled.id)
    for upload in (going, cancelled):
        notify(world.core, world.post, upload.id)
    assert world.mailer.sent == []


def with_bus(world: World) -> tuple[Post, FakeTopic]:
    bus = CheckedTopic()
    return replace(world.post, bus=bus), bus


def test_a_bus_is_told_the_same_as_the_topic_once(world: World) -> None:
    upload = stored(world)
    post, bus = with_bus(world)
    for _ in range(2):
        notify(world.core, post, upload.id)
    assert bus.published == world.topic.published
    assert len(bus.published) == len(world.mailer.sent) == 1


def test_a_bus_that_fails_is_told_later_and_the_topic_hears_nothing_twice(world: World) -> None:
    upload = stored(world)
    post, bus = with_bus(world)
    Flaky(bus, "publish", StorageUnavailable())
    with pytest.raises(StorageUnavailable):
        notify(world.core, post, upload.id)
    assert world.upload(upload.id).notice is NoticeState.PUBLISHED
    assert world.mailer.sent == []
    notify(world.core, post, upload.id)
    assert len(world.topic.published) == len(bus.published) == len(world.mailer.sent) == 1


def test_a_mail_that_fails_tells_the_bus_nothing_twice(world: World) -> None:
    upload = stored(world)
    post, bus = with_bus(world)
    Flaky(world.mailer, "send", Died())
    with pytest.raises(Died):
        notify(world.core, post, upload.id)
    assert world.upload(upload.id).notice is NoticeState.ON_BUS
    world.clock.advance(10 * MINUTE)
    sweep(world.core, post)
    assert len(world.topic.published) == len(bus.published) == len(world.mailer.sent) == 1


def test_a_notice_begun_with_a_bus_ends_without_it(world: World) -> None:
    """An operator may take the bus away at any time."""
    upload = stored(world)
    post, bus = with_bus(world)
    Flaky(bus, "publish", StorageUnavailable())
    with pytest.raises(StorageUnavailable):
        notify(world.core, post, upload.id)
    notify(world.core, world.post, upload.id)
    assert world.upload(upload.id).notice is NoticeState.SENT
    assert (len(world.topic.published), bus.published) == (1, [])


@pytest.mark.parametrize("verb", ["publish", "send"])
def test_a_notice_that_fails_for_good_fails_at_every_attempt(world: World, verb: str) -> None:
    upload = stored(world)
    port = world.topic if verb == "publish" else world.mailer
    Flaky(port, verb, *[PermissionError("AccessDenied") for _ in range(6)])
    for _ in range(6):
        with pytest.raises(PermissionError):
            notify(world.core, world.post, upload.id)
    notify(world.core, world.post, upload.id)
    assert len(world.topic.published) == len(world.mailer.sent) == 1


def test_who_was_overtaken_while_telling_leaves_the_mail_to_the_other(world: World) -> None:
    """Two tell at once only if the first outlived its deadline; then it stops where it learns."""
    upload = stored(world)
    publish = world.topic.publish

    def slowly(announcement: Announcement) -> None:
        world.topic.publish = publish  # type: ignore[method-assign]
        publish(announcement)
        world.clock.advance(DEADLINE_MS)
        Flaky(world.mailer, "send", Died())
        with pytest.raises(Died):
            notify(world.core, world.post, upload.id)

    world.topic.publish = slowly  # type: ignore[method-assign]
    notify(world.core, world.post, upload.id)
    assert world.mailer.sent == []
    assert world.upload(upload.id).notice is NoticeState.PUBLISHED


def test_the_deadline_covers_every_function_that_tells() -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    timeouts = [
        stage["lambda_functions"][function]["lambda_timeout"] * 1000
        for stage in config["stages"].values()
        for function in ("notify", "sweep")
    ]
    assert max(timeouts) <= DEADLINE_MS
