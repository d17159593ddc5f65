"""The bus that others have rules on: EventBridge. IAM: events:PutEvents on the bus.

PutEvents answers 200 also for what it did not take; each entry says for itself. Which of those
refusals may pass is told by the same list as everywhere (``faults``), and the others are raised as
the SDK raises a refused call, so that both are handled alike.

Source: Amazon EventBridge API Reference, PutEvents, PutEventsResultEntry.
"""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from chalicelib.adapters.faults import passing
from chalicelib.ports import Announcement

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

SOURCE = "manyhands"
KIND = "Upload ended"


class EventBus:
    """The port ``Topic``. ``name``: of the bus, or its ARN."""

    def __init__(self, client: "EventBridgeClient", name: str) -> None:
        self._client, self._name = client, name

    def publish(self, announcement: Announcement) -> None:
        with passing():
            (taken,) = self._client.put_events(
                Entries=[
                    {
                        "EventBusName": self._name,
                        "Source": SOURCE,
                        "DetailType": KIND,
                        "Detail": announcement.body,
                    }
                ]
            )["Entries"]
            if code := taken.get("ErrorCode"):
                why = taken.get("ErrorMessage", "")
                raise ClientError({"Error": {"Code": code, "Message": why}}, "PutEvents")
