"""A DynamoDB table in memory that keeps the bill, behind a real client or in its place.

    answering(session, table)   real botocore clients of the session; only the network is left out
    Client(table)               what the adapters call, without botocore's own work: for long runs

It answers at once, so what is timed is ours and botocore's, and it knows of DynamoDB just what the
adapters use: whole items, conditions on one version, a query for pages. Units are DynamoDB's rules
applied to the very items, because moto's account is wrong: a write costs a unit for each KB begun
of the larger of old and new item, a refused one likewise; a consistent read one for each 4 KB; an
entry that enters or leaves an index one more each, and one that moves within it two.

Source: Amazon DynamoDB Developer Guide, "Read and write operations", "Item sizes and formats".
"""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import msgspec
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError

Item = Mapping[str, Mapping[str, Any]]

INDEXES = (("group", "listed"), ("due_in", "due_at"), ("open_of",), ("group", "use"))
REFUSED = "ConditionalCheckFailedException"


class ConditionFailed(Exception):
    def __init__(self, standing: Item) -> None:
        super().__init__(REFUSED)
        self.standing = standing


class Table:
    """One call at a time. ``bill`` counts calls by name, ``RRU``, ``WRU`` and ``refused``."""

    def __init__(self) -> None:
        self.bill: Counter[str] = Counter()
        self._items: dict[tuple[str, str], Item] = {}
        self._lock = threading.Lock()

    def fill(self, id: str) -> None:
        """One more board, which nobody asks for."""
        item = next(iter(self._items.values()))
        self._items[id, "BOARD"] = dict(item) | {"pk": {"S": id}}

    def answer(self, operation: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Raises ConditionFailed."""
        calls = {"GetItem": self._get, "PutItem": self._put, "Query": self._query}
        with self._lock:
            self.bill[operation] += 1
            return calls[operation](asked)

    def _get(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        item = self._items.get(_key(asked["Key"]))
        self.bill["RRU"] += _units(item, 4096)
        return {"Item": item} if item else {}

    def _put(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        item, old = asked["Item"], self._items.get(_key(asked["Item"]))
        self.bill["WRU"] += max(_units(item, 1024), _units(old, 1024))
        if not _holds(asked, old):
            self.bill["refused"] += 1
            raise ConditionFailed(old or {})
        self.bill["WRU"] += sum(_moves(old, item, index) for index in INDEXES)
        self._items[_key(item)] = item
        return {}

    def _query(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Pages of a manifest; an index is never asked for more here than whether it is empty."""
        if "IndexName" in asked:
            self.bill["RRU"] += 1
            return {"Items": [], "Count": 0}
        values = asked["ExpressionAttributeValues"]
        id, prefix = values[":id"]["S"], values[":pages"]["S"]
        keys = sorted(k for k in self._items if k[0] == id and k[1].startswith(prefix))
        found = [self._items[key] for key in keys]
        self.bill["RRU"] += -(-sum(map(size_of, found)) // 4096)
        return {"Items": found, "Count": len(found)}


def size_of(item: Item) -> int:
    """Bytes as DynamoDB counts them: names and values."""
    return sum(len(name) + _length(value) for name, value in item.items())


def _length(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "N":
        return len(content.strip("-0.")) // 2 + 2
    if kind == "B":
        return len(content) if isinstance(content, bytes) else len(content) * 3 // 4
    return len(content.encode()) if kind == "S" else 1


def _units(item: Item | None, step: int) -> int:
    return max(1, -(-size_of(item or {}) // step))


def _key(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def _moves(old: Item | None, new: Item, index: tuple[str, ...]) -> int:
    """Entries removed and written in an index of keys."""
    before, after = ([(each or {}).get(name) for name in index] for each in (old, new))
    return 0 if before == after else (None not in before) + (None not in after)


def _holds(asked: Mapping[str, Any], old: Item | None) -> bool:
    """Whether one of the clauses of the condition is true of what stands there."""
    names = asked.get("ExpressionAttributeNames", {})
    values = asked.get("ExpressionAttributeValues", {})

    def true(clause: str) -> bool:
        if clause == "attribute_not_exists(pk)":
            return old is None
        name, _, value = clause.partition(" = ")
        standing: Mapping[str, Any] = old or {}
        return bool(standing.get(names[name]) == values[value])

    return any(true(clause) for clause in asked["ConditionExpression"].split(" OR "))


class Client:
    """In place of boto3's DynamoDB client."""

    class exceptions:
        class ConditionalCheckFailedException(ClientError):
            pass

    def __init__(self, table: Table) -> None:
        self._table = table

    def get_item(self, **asked: Any) -> dict[str, Any]:
        return self._table.answer("GetItem", asked)

    def put_item(self, **asked: Any) -> dict[str, Any]:
        try:
            return self._table.answer("PutItem", asked)
        except ConditionFailed as failed:
            said: Any = {"Error": {"Code": REFUSED, "Message": ""}, "Item": failed.standing}
            raise self.exceptions.ConditionalCheckFailedException(said, "PutItem") from None

    def query(self, **asked: Any) -> dict[str, Any]:
        return self._table.answer("Query", asked)

    def get_paginator(self, _: str) -> "Client":
        return self

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        yield self.query(**asked)


def answering(session: Any, table: Table) -> None:
    """Let the table answer every DynamoDB client that the session makes from now on."""

    def send(request: Any, **_: Any) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        try:
            return _said(
                request.url, 200, table.answer(operation, msgspec.json.decode(request.body))
            )
        except ConditionFailed as failed:
            error = {"__type": f"com.amazonaws.dynamodb.v20120810#{REFUSED}"}
            return _said(request.url, 400, error | {"Item": failed.standing})

    session.events.register("before-send.dynamodb.*", send)


def _said(url: str, status: int, body: dict[str, Any]) -> AWSResponse:
    headers = HTTPHeaders()
    headers["Content-Type"] = "application/x-amz-json-1.0"
    return AWSResponse(url, status, headers, _Raw(msgspec.json.encode(body)))


class _Raw(BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()
