"""The topic that others subscribe to. IAM: sns:Publish on the topic.

SNS refuses a subject that is empty, longer than 100 characters, other than ASCII, with control
characters or with a blank at its start; and an attribute without a value. The subject is made to
fit, since it is only for reading: the body carries every name in full.

Source: Amazon SNS API Reference, Publish.
"""

from typing import TYPE_CHECKING

from chalicelib.adapters.faults import passing
from chalicelib.ports import Announcement

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

SUBJECT = 100


class SnsTopic:
    """The port ``Topic``."""

    def __init__(self, client: "SNSClient", arn: str) -> None:
        self._client, self._arn = client, arn

    def publish(self, announcement: Announcement) -> None:
        attributes = ((name, value) for name, value in announcement.attributes.items() if value)
        with passing():
            self._client.publish(
                TopicArn=self._arn,
                Subject=plain_subject(announcement.subject),
                Message=announcement.body,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in attributes
                },
            )


def plain_subject(subject: str) -> str:
    """The subject as SNS takes it."""
    plain = "".join(c if " " <= c <= "~" else "?" for c in subject).strip()
    return plain[:SUBJECT] or "Manyhands"
