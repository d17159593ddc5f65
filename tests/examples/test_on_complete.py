"""The example that starts a job when a file is complete, from the upload to the job's result."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from examples.on_complete.handler import handler
from local.stack import REGION, Stack
from local.template import load
from tests.announcements import check
from tests.calls import PART, Caller, Device, File

TEMPLATE = Path(__file__).parents[2] / "examples" / "on_complete" / "template.yaml"
PATTERN = {"source": ["manyhands"], "detail": {"status": ["complete"]}}
"""The one in docs/events.md."""


class Queue:
    """What Lambda would poll."""

    def __init__(self, stack: Stack, name: str) -> None:
        self._sqs = stack.client("sqs")
        self.url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        asked = self._sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])
        self.arn = asked["Attributes"]["QueueArn"]

    def event_of(self, upload: str) -> Any:
        """The event that Lambda makes of the message about this upload."""
        for _ in range(200):
            answer = self._sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
            for message in answer.get("Messages", []):
                if upload in message["Body"]:
                    return {"Records": [{"messageId": "1", "body": message["Body"]}]}
            time.sleep(0.05)
        raise AssertionError("nothing was told")


@pytest.fixture
def results(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> str:
    name = f"results-{time.time_ns()}"
    stack.client("s3").create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    monkeypatch.setenv("RESULTS", name)
    return name


@pytest.fixture(params=["topic", "bus"])
def queue(request: pytest.FixtureRequest, stack: Stack) -> Queue:
    queue = Queue(stack, f"jobs-{request.param}-{time.time_ns()}")
    subscribe: Callable[[Stack, Queue], None] = {"topic": _to_topic, "bus": _to_bus}[request.param]
    subscribe(stack, queue)
    return queue


def _to_topic(stack: Stack, queue: Queue) -> None:
    asked = load(TEMPLATE)["Resources"]["Subscription"]["Properties"]
    stack.client("sns").subscribe(
        TopicArn=stack.resources.references.ref("Topic"),
        Protocol=asked["Protocol"],
        Endpoint=queue.arn,
        Attributes={
            "RawMessageDelivery": json.dumps(asked["RawMessageDelivery"]),
            "FilterPolicy": json.dumps(asked["FilterPolicy"]),
        },
    )


def _to_bus(stack: Stack, queue: Queue) -> None:
    events = stack.client("events")
    name = queue.arn.rpartition(":")[2]
    events.put_rule(Name=name, EventPattern=json.dumps(PATTERN))
    events.put_targets(Rule=name, Targets=[{"Id": "jobs", "Arn": queue.arn}])


def test_a_job_runs_once_for_a_file_that_is_complete(
    stack: Stack, ana: Caller, queue: Queue, results: str
) -> None:
    file = File(os.urandom(PART + 9), name=f"Übung {time.time_ns()}.mov")
    upload = str(ana.post("/uploads", file.described()).body["upload"]["id"])
    Device(ana, upload).send_all(file)
    event = queue.event_of(upload)
    body = json.loads(event["Records"][0]["body"])
    check(body.get("detail", body))
    for _ in range(2):
        handler(event, None)
    s3 = stack.client("s3")
    (only,) = s3.list_objects_v2(Bucket=results)["Contents"]
    assert only["Key"] == f"{upload}.1.json"
    found = json.loads(s3.get_object(Bucket=results, Key=only["Key"])["Body"].read())
    right = hashlib.sha256(file.body).hexdigest()
    assert found == {"name": file.name, "size": PART + 9, "sha256": right}


def test_what_it_does_not_know_or_cannot_read_is_left_to_the_queue(
    stack: Stack, results: str
) -> None:
    told: dict[str, Any] = {
        "version": 1,
        "status": "complete",
        "object": {"bucket": results, "key": "missing"},
    }
    with pytest.raises(ClientError, match="NoSuchKey"):
        handler({"Records": [{"body": json.dumps(told)}]}, None)
    with pytest.raises(ValueError, match="version 2"):
        handler({"Records": [{"body": json.dumps(told | {"version": 2})}]}, None)
    handler({"Records": [{"body": json.dumps(told | {"status": "expired"})}]}, None)


def test_the_linter_of_cloudformation_finds_nothing_in_the_examples_template() -> None:
    linted = subprocess.run(
        [str(Path(sys.executable).with_name("cfn-lint")), str(TEMPLATE)],
        env=os.environ | {"AWS_DEFAULT_REGION": REGION},
        capture_output=True,
        text=True,
    )
    assert (linted.returncode, linted.stdout) == (0, "")
