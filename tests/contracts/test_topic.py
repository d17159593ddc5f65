import json
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from chalicelib.adapters.sns import SnsTopic
from chalicelib.ports import Announcement, Topic
from tests.fakes.topic import FakeTopic

Heard = Callable[[], list[Announcement]]
Subject = tuple[Topic, Heard]

_numbers = count(1)


@pytest.fixture(params=["fake", "sns"])
def topic(request: pytest.FixtureRequest) -> Subject:
    if request.param == "fake":
        fake = FakeTopic()
        return fake, lambda: fake.published
    cloud = request.getfixturevalue("cloud")
    sqs = cloud.client("sqs")
    queue = sqs.create_queue(QueueName=f"subscriber-{next(_numbers)}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    sns = cloud.client("sns")
    sns.subscribe(TopicArn=cloud.topic, Protocol="sqs", Endpoint=arn["Attributes"]["QueueArn"])
    return SnsTopic(sns, cloud.topic), lambda: _received(sqs, queue)


def test_what_is_published_is_heard(topic: Subject) -> None:
    told = Announcement(
        "Stored: film.mov", '{"name": "«ж».mov"}', {"group": "film", "owner": "ana"}
    )
    publisher, heard = topic
    publisher.publish(told)
    assert heard() == [told]


def test_announcements_are_separate(topic: Subject) -> None:
    publisher, heard = topic
    for n in range(3):
        publisher.publish(Announcement(f"number {n}", "{}", {"group": "film"}))
    assert sorted(a.subject for a in heard()) == ["number 0", "number 1", "number 2"]


def _received(sqs: Any, queue: str) -> list[Announcement]:
    answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
    return [_announcement(json.loads(m["Body"])) for m in answer.get("Messages", [])]


def _announcement(notice: Any) -> Announcement:
    attributes = {name: a["Value"] for name, a in notice["MessageAttributes"].items()}
    return Announcement(notice["Subject"], notice["Message"], attributes)
