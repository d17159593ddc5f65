"""What EventBridge is given, and what its refusals mean."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters.eventbridge import EventBus
from chalicelib.domain.errors import StorageUnavailable
from chalicelib.ports import Announcement
from tests.adapters.cloud import Cloud

TOLD = Announcement("Stored", json.dumps({"name": "Übung ж.mov"}), {"group": "film"})


def test_a_rule_hears_what_the_topic_hears(cloud: Cloud) -> None:
    events, sqs = cloud.client("events"), cloud.client("sqs")
    queue = sqs.create_queue(QueueName="rule")["QueueUrl"]
    asked = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    pattern = {"source": ["manyhands"], "detail-type": ["Upload ended"]}
    events.put_rule(Name="heard", EventPattern=json.dumps(pattern))
    target = {"Id": "1", "Arn": asked["Attributes"]["QueueArn"]}
    events.put_targets(Rule="heard", Targets=[target])
    EventBus(events, "default").publish(TOLD)
    (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(message["Body"])["detail"] == {"name": "Übung ж.mov"}


@pytest.mark.parametrize(
    ("code", "raised"),
    [
        ("ThrottlingException", StorageUnavailable),
        ("InternalFailure", StorageUnavailable),
        ("NotAuthorizedForSourceException", ClientError),
    ],
)
def test_an_event_that_was_not_taken_is_not_taken_for_told(code: str, raised: Any) -> None:
    """The call itself succeeds."""
    refusal = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": code, "ErrorMessage": "no"}]}
    client: Any = SimpleNamespace(put_events=lambda **_: refusal)
    with pytest.raises(raised):
        EventBus(client, "default").publish(TOLD)


def test_a_bus_that_is_out_of_reach_is_unavailable(cloud: Cloud) -> None:
    events = cloud.client("events")
    refuse = {"Error": {"Code": "ServiceUnavailable"}, "ResponseMetadata": {"HTTPStatusCode": 503}}

    def fail(**_: Any) -> None:
        raise ClientError(refuse, "PutEvents")

    with pytest.raises(StorageUnavailable):
        EventBus(SimpleNamespace(put_events=fail), "default").publish(TOLD)  # type: ignore[arg-type]
    EventBus(events, "default").publish(TOLD)
