"""What the event functions gave up on is done again, with the letters that spoke of it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.domain.errors import StorageUnavailable
from chalicelib.domain.lifetime import MINUTE
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import NoticeState
from chalicelib.service.assembling import assemble
from chalicelib.service.sweeping import sweep
from tests.adapters.cloud import Cloud
from tests.service.world import ANA_CALLS, Device, World
from tools.replay import replay, told

LETTER = {
    "requestContext": {
        "functionArn": "arn:aws:lambda:eu-central-1:123456789012:function:manyhands-Assemble",
        "condition": "RetryAttemptsExhausted",
        "approximateInvokeCount": 6,
    },
    "timestamp": "2026-11-21T20:00:00.000Z",
    "DDBStreamBatchInfo": {"startSequenceNumber": "1", "endSequenceNumber": "1", "batchSize": 1},
}
"""As Lambda writes it: where the record was in the stream, and not the record."""

OF_THE_SWEEP = {
    "version": "1.0",
    "timestamp": "2026-11-21T20:15:00.000Z",
    "requestContext": {
        "functionArn": "arn:aws:lambda:eu-central-1:123456789012:function:manyhands-Sweep:$LATEST",
        "condition": "RetriesExhausted",
        "approximateInvokeCount": 2,
    },
    "requestPayload": {"detail-type": "Scheduled Event"},
    "responsePayload": {"errorMessage": "Task timed out after 600.00 seconds"},
}
"""As Lambda writes it of a call that nobody waits for."""


class Scattered:
    """A queue as SQS keeps it, on many servers: a short poll asks some, here those without letters.

    A long poll asks all; what it then waits is left out.
    """

    def __init__(self, sqs: Any) -> None:
        self._sqs = sqs

    def receive_message(self, *, WaitTimeSeconds: int = 0, **asked: Any) -> Any:
        return self._sqs.receive_message(**asked) if WaitTimeSeconds else {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sqs, name)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def queue(cloud: Cloud) -> Iterator[tuple[Any, str]]:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="failures-replayed")["QueueUrl"]
    yield Scattered(sqs), url
    sqs.delete_queue(QueueUrl=url)


def left(queue: tuple[Any, str]) -> int:
    sqs, url = queue
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(found[name]) for name in names)


def given_up(world: World) -> str:
    """An upload whose parts are all there, and which nobody joins."""
    device = Device(world, ANA_CALLS, bytes(500))
    id = device.create()[1].id
    device.send_all(id)
    world.clock.advance(5 * MINUTE)
    return id


def test_what_is_owed_is_done_and_its_letters_are_taken(
    world: World, queue: tuple[Any, str]
) -> None:
    id, said = given_up(world), []
    sqs, url = queue
    for _ in range(12):
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(LETTER))
    assert replay(world.core, world.post, sqs, url, said.append)
    assert world.upload(id).status is Status.COMPLETE
    assert left(queue) == 0
    assert said[0].endswith("manyhands-Assemble: RetryAttemptsExhausted, after 6 attempts")
    assert said[-1] == "Nothing is owed any more; letters taken from the queue: 12."


def test_a_notice_that_was_not_sent_is_sent(world: World, queue: tuple[Any, str]) -> None:
    id = given_up(world)
    assemble(world.core, id)
    world.clock.advance(6 * MINUTE)
    assert replay(world.core, world.post, *queue, print)
    assert world.upload(id).notice is NoticeState.SENT


def test_what_still_fails_keeps_its_letters_and_is_named(
    world: World, queue: tuple[Any, str]
) -> None:
    id, said = given_up(world), []
    sqs, url = queue
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(LETTER))
    join = world.store.join

    def away(*_: object) -> str:
        raise StorageUnavailable

    world.store.join = away  # type: ignore[method-assign, assignment]
    assert not replay(world.core, world.post, sqs, url, said.append)
    assert f"Still owed: {id}. The letters stay in the queue." in said
    assert left(queue) == 1
    world.store.join = join  # type: ignore[method-assign]
    assert replay(world.core, world.post, sqs, url, said.append)


def test_what_the_sweep_put_off_is_done_at_once(world: World, queue: tuple[Any, str]) -> None:
    id, join = given_up(world), world.store.join

    def away(*_: object) -> str:
        raise StorageUnavailable

    world.store.join = away  # type: ignore[method-assign, assignment]
    sweep(world.core, world.post)
    assert world.upload(id).put_off > world.clock.now()
    world.store.join = join  # type: ignore[method-assign]
    assert replay(world.core, world.post, *queue, print)
    assert world.upload(id).status is Status.COMPLETE


def test_a_letter_of_the_sweep_is_told_and_taken(world: World, queue: tuple[Any, str]) -> None:
    said: list[str] = []
    sqs, url = queue
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(OF_THE_SWEEP))
    assert replay(world.core, world.post, sqs, url, said.append)
    assert said == [
        "2026-11-21T20:15:00.000Z  manyhands-Sweep: RetriesExhausted, after 2 attempts",
        "Nothing is owed any more; letters taken from the queue: 1.",
    ]
    assert left(queue) == 0


def test_a_letter_of_another_shape_is_told_all_the_same() -> None:
    assert told("{}") == "some time  a function: gave up, after ? attempts"
