"""What groups may use and do use: the stack's table.

Limits are an item of their own for each group, which the server reads at each create. What is used
is not counted anywhere: it is added up here from the index ``by_use``, as the server does it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import Any

from manyhands.admin.aws import Aws, told
from manyhands.errors import Unreachable

EVERYBODY = "user:"
"""Whose limits are those of everybody's own group, each for itself."""

LIMITS = ("bytes", "open_bytes", "open_uploads")
AT_ONCE = 100
TRIES = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """None is no limit."""

    bytes: int | None = None
    open_bytes: int | None = None
    open_uploads: int | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    stored_bytes: int = 0
    stored_files: int = 0
    open_bytes: int = 0
    open_uploads: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


class Room:
    """All methods raise what ``told`` does."""

    def __init__(self, aws: Aws) -> None:
        self._dynamodb, self._table = aws.client("dynamodb"), aws.table
        self._no_table = f"There is no table «{self._table}» in this account and region."

    def limits(self, groups: Iterable[str]) -> dict[str, Limits]:
        """Of those that have any."""
        wanted, found = [_key(group) for group in groups], {}
        for at in range(0, len(wanted), AT_ONCE):
            for item in self._items(wanted[at : at + AT_ONCE]):
                found[item["pk"]["S"].removeprefix("group:")] = _limits(item)
        return found

    def set_limits(self, group: str, changes: Mapping[str, int | None]) -> Limits:
        """All that are named change, None lifts; the others stay. Answers what holds now."""
        values = {
            f":{name}": {"N": str(most)} for name, most in changes.items() if most is not None
        }
        sets = ", ".join(f"#{name[1:]} = {name}" for name in values)
        lifts = ", ".join(f"#{name}" for name, most in changes.items() if most is None)
        verbs = [f"SET {sets}"] * bool(sets) + [f"REMOVE {lifts}"] * bool(lifts)
        with told(ResourceNotFoundException=self._no_table):
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(group),
                UpdateExpression=" ".join(verbs),
                ExpressionAttributeNames={f"#{name}": name for name in changes},
                **({"ExpressionAttributeValues": values} if values else {}),
                ReturnValues="ALL_NEW",
            )
        return _limits(answer.get("Attributes", {}))

    def forget_limits(self, group: str) -> None:
        with told(ResourceNotFoundException=self._no_table):
            self._dynamodb.delete_item(TableName=self._table, Key=_key(group))

    def usage(self, group: str = "") -> dict[tuple[str, str], Usage]:
        """By group and owner's name; of one group, or of all."""
        found: defaultdict[tuple[str, str], Usage] = defaultdict(Usage)
        for item in self._entries(group):
            found[item["group"]["S"], item["owner_name"]["S"]] += _usage(item)
        return dict(found)

    def _entries(self, group: str) -> Iterator[Any]:
        index = {"TableName": self._table, "IndexName": "by_use"}
        condition = {
            "KeyConditionExpression": "#group = :group",
            "ExpressionAttributeNames": {"#group": "group"},
            "ExpressionAttributeValues": {":group": {"S": group}},
        }
        verb, asked = ("query", index | condition) if group else ("scan", index)
        with told(ResourceNotFoundException=self._no_table):
            for page in self._dynamodb.get_paginator(verb).paginate(**asked):
                yield from page["Items"]

    def _items(self, keys: list[Any]) -> Iterator[Any]:
        """Until none is left undone."""
        with told(ResourceNotFoundException=self._no_table):
            for _ in range(TRIES):
                if not keys:
                    return
                answer = self._dynamodb.batch_get_item(RequestItems={self._table: {"Keys": keys}})
                yield from answer["Responses"].get(self._table, [])
                keys = answer["UnprocessedKeys"].get(self._table, {}).get("Keys", [])
        raise Unreachable("AWS does not answer for all groups at once. Please try again.")


def total(usages: Iterable[Usage]) -> Usage:
    return sum(usages, start=Usage())


def _usage(item: Any) -> Usage:
    size = int(item["size"]["N"])
    return Usage(0, 0, size, 1) if item["use"]["S"] == "open" else Usage(size, 1, 0, 0)


def _limits(item: Any) -> Limits:
    return Limits(*(int(item[name]["N"]) if name in item else None for name in LIMITS))


def _key(group: str) -> Any:
    return {"pk": {"S": f"group:{group}"}, "sk": {"S": "LIMITS"}}
