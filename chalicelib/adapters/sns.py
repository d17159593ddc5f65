"""The topic that others subscribe to. IAM: Publish on the topic.

SNS refuses a subject with line ends, other than ASCII, or of more than 100 characters; the body
carries the name in full.
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
        attributes = announcement.attributes.items()
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
    plain = "".join(c if " " <= c <= "~" else "?" for c in subject)
    return plain[:SUBJECT]
