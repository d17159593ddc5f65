"""``python -m tools.restore --from TABLE --stack NAME``: bring back boards from a restored table.

Point-in-time recovery restores into a table of its own, which has no stream and is none that the
functions know. This copies its items into the table that they use: those that are missing there,
or, with ``--over``, all. What was done since the moment restored is not lost with a board, since
the storage is the truth about parts: parts sent since are sent once more, and an upload that was
joined since finds its own object when it is joined again.
"""

import argparse
import sys
from typing import Any

from chalicelib import wiring
from tools.installed import client, enter


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.restore", description=__doc__)
    parser.add_argument("--from", required=True, dest="source", help="the restored table")
    parser.add_argument("--stack", required=True, help="the CloudFormation stack's name")
    parser.add_argument("--over", action="store_true", help="also what is there already")
    asked = parser.parse_args()
    enter(asked.stack)
    table = wiring.settings().table
    print(f"{restore(client('dynamodb'), asked.source, table, over=asked.over)} items copied")
    return 0


def restore(dynamodb: Any, source: str, table: str, *, over: bool) -> int:
    """How many items were copied."""
    pages = dynamodb.get_paginator("scan").paginate(TableName=source, ConsistentRead=True)
    return sum(_copied(dynamodb, table, item, over) for page in pages for item in page["Items"])


def _copied(dynamodb: Any, table: str, item: dict[str, Any], over: bool) -> bool:
    only = {} if over else {"ConditionExpression": "attribute_not_exists(pk)"}
    try:
        dynamodb.put_item(TableName=table, Item=item, **only)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
