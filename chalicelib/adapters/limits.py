"""What a group may use: an item of its own in the table, written by ``manyhands admin``.

    pk  group:<name>           sk  LIMITS
    bytes, open_bytes, open_uploads, each only where there is such a limit

``group:user:`` is everybody's own group: one limit for each of them. It is read at each create and
not kept, so that a limit which was raised holds at once; it costs half a read unit. Refused: limits
in the functions' environment, for which each group would be a deployment.

IAM: dynamodb:GetItem on the table.
"""

from typing import TYPE_CHECKING, Any

from chalicelib.adapters.cognito import PERSONAL
from chalicelib.adapters.faults import passing
from chalicelib.domain.room import GroupLimits

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoLimits:
    """The port ``Limits``."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client, self._table = client, table

    def of_group(self, group: str) -> GroupLimits:
        with passing():
            answer = self._client.get_item(TableName=self._table, Key=limits_key(group))
        item = answer.get("Item", {})
        return GroupLimits(*(_number(item.get(name)) for name in GroupLimits.__slots__))


def limits_key(group: str) -> dict[str, Any]:
    whose = PERSONAL if group.startswith(PERSONAL) else group
    return {"pk": {"S": f"group:{whose}"}, "sk": {"S": "LIMITS"}}


def _number(attribute: Any) -> int | None:
    return int(attribute["N"]) if attribute else None
