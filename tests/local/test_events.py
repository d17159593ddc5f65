"""The stream's filter, the pump and the schedule."""

import json
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

import app
from local.pump import Pump, Source, as_lambda_gives_it
from local.resources import Resources
from local.schedule import scheduled_event
from local.stack import Stack
from local.stream_filter import matches


def change(before: str | None, after: str | None) -> dict[str, Any]:
    images = {"OldImage": before, "NewImage": after}
    dynamodb = {k: {"status": {"S": v}} for k, v in images.items() if v}
    kind = "MODIFY" if before and after else "INSERT" if after else "REMOVE"
    return {"eventName": kind, "dynamodb": dynamodb}


@pytest.fixture
def resources(stack: Stack) -> Resources:
    return stack.resources


@pytest.mark.parametrize(
    ("function", "record", "passes"),
    [
        ("Assemble", change("active", "assembling"), True),
        ("Assemble", change("paused", "assembling"), True),
        ("Assemble", change("assembling", "assembling"), False),
        ("Assemble", change("assembling", "complete"), False),
        ("Assemble", change(None, "assembling"), False),
        ("Notify", change("assembling", "complete"), True),
        ("Notify", change("assembling", "failed"), True),
        ("Notify", change("active", "expired"), True),
        ("Notify", change("complete", "complete"), False),
        ("Notify", change("complete", "deleted"), False),
        ("Notify", change("active", "cancelled"), False),
        ("Notify", change("complete", None), False),
        ("Notify", {"eventName": "MODIFY", "dynamodb": {"NewImage": {}, "OldImage": {}}}, False),
    ],
)
def test_the_deployed_filter_lets_through_just_the_change_that_matters(
    resources: Resources, function: str, record: dict[str, Any], passes: bool
) -> None:
    assert any(matches(p, record) for p in resources.patterns(function)) is passes


def test_a_filter_operator_that_is_not_known_is_an_error() -> None:
    with pytest.raises(ValueError, match="prefix"):
        matches({"a": [{"prefix": "x"}]}, {"a": "xy"})


def test_records_look_as_lambda_gives_them() -> None:
    record = as_lambda_gives_it({"dynamodb": {"B": b"\0\1"}}, "arn:stream")
    assert record == {"dynamodb": {"B": "AAE="}, "eventSourceARN": "arn:stream"}


def test_a_scheduled_event_is_one_that_the_sweep_takes(stack: Stack) -> None:
    app.sweep(scheduled_event(datetime(2026, 1, 1, tzinfo=UTC)), None)


class Streams:
    """A stream of one shard with these records; ``DynamoDB Streams`` as the pump sees it."""

    def __init__(self, *records: dict[str, Any]) -> None:
        self._records = records

    def describe_stream(self, **_: Any) -> Any:
        return {"StreamDescription": {"Shards": [{"ShardId": "s"}]}}

    def get_shard_iterator(self, SequenceNumber: str = "0", **_: Any) -> Any:
        return {"ShardIterator": SequenceNumber}

    def get_records(self, ShardIterator: str) -> Any:
        after = [r for r in self._records if r["dynamodb"]["SequenceNumber"] > ShardIterator]
        return {"Records": after}


class Queue:
    def __init__(self) -> None:
        self.messages: list[Any] = []

    def send_message(self, QueueUrl: str, MessageBody: str) -> None:
        self.messages.append(json.loads(MessageBody))


def numbered(number: int) -> dict[str, Any]:
    return {"eventName": "MODIFY", "dynamodb": {"SequenceNumber": str(number)}}


def test_the_pump_retries_within_bounds_reports_and_goes_on() -> None:
    tried: list[str] = []
    over = threading.Event()

    def function(event: dict[str, Any]) -> None:
        number = event["Records"][0]["dynamodb"]["SequenceNumber"]
        tried.append(number)
        if number == "1":
            raise RuntimeError("poison")
        over.set()

    queue = Queue()
    source = Source(
        name="f", function=function, stream_arn="arn", patterns=[{}], retries=1, failures_url="q"
    )
    pump = Pump(source, Streams(numbered(1), numbered(2)), queue)
    pump.start()
    assert over.wait(10)
    pump.stop()
    assert tried == ["1", "1", "2"]
    assert [m["dynamodb"]["SequenceNumber"] for m in queue.messages] == ["1"]
