"""Records of the table's stream. The event source's filter lets through only the change of status
that the function is for (``infra/resources.yaml``), so a record says nothing but which upload."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.adapters.logs import about


def each_upload(event: Mapping[str, Any], do: Callable[[str], None]) -> None:
    """Call ``do`` with the id of each record's upload. What it raises, Lambda retries."""
    for record in event["Records"]:
        id = record["dynamodb"]["Keys"]["pk"]["S"]
        about(upload=id)
        do(id)
