"""Why a stack did not come to be: what CloudFormation said of each of its resources."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any


def last_event(client: Any, stack: str) -> datetime | None:
    return next((event["Timestamp"] for event in _newest_first(client, stack)), None)


def reasons(client: Any, stack: str, began: datetime | None) -> str:
    """Why resources failed since then; who was only stopped for others' sake is left out."""
    told = (e for e in _newest_first(client, stack) if began is None or e["Timestamp"] > began)
    lines = [
        f"  {e['LogicalResourceId']}: {e['ResourceStatusReason']}"
        for e in told
        if e["ResourceStatus"].endswith("_FAILED")
        and "cancelled" not in e.get("ResourceStatusReason", "cancelled")
    ]
    return "\n".join(reversed(lines)) or "  no reason was given"


def _newest_first(client: Any, stack: str) -> Iterator[Any]:
    pages = client.get_paginator("describe_stack_events").paginate(StackName=stack)
    return (event for page in pages for event in page["StackEvents"])
