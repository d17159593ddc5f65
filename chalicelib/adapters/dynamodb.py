"""Uploads and manifests in one DynamoDB table. How an item looks stands in ``items``.

A write names the version that it replaces. Of several that name the same one, DynamoDB takes
exactly one; the others are told what stands there now in the same answer, so losing costs no
read, but where nothing is told: nothing stands there, or it is not Amazon's and does not tell. The
SDK sends a write again when its answer got lost, and would then find the version gone, replaced by
itself; so each write bears a mark of its own and is welcome a second time.

    read v7 ──> write v8 if v7, mark q ──✗ answer lost
                write v8 if v7, mark q ──> v8 stands there, but with mark q: ours, taken

No transactions: a board is one item, so nothing needs two. Listing reads the keys from an index
and the boards by BatchGetItem: an index with whole boards in it would be written, and paid, with
every exchange.

IAM for ``DynamoUploads``: dynamodb:GetItem, dynamodb:PutItem and dynamodb:BatchGetItem on the
table, dynamodb:Query on its indexes. For ``DynamoManifests``: dynamodb:GetItem, dynamodb:PutItem,
dynamodb:Query and dynamodb:BatchWriteItem on the table.
"""

import base64
import binascii
import random
import re
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chalicelib.adapters.faults import passing
from chalicelib.adapters.items import (
    DUE,
    USE_OPEN,
    board_key,
    item_of,
    page_key,
    page_prefix,
    upload_of,
)
from chalicelib.domain.board import Person
from chalicelib.domain.errors import InvalidRequest, StorageUnavailable
from chalicelib.domain.lifetime import Lifetime
from chalicelib.domain.room import Usage
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import Upload
from chalicelib.domain.values import replace
from chalicelib.ports import Beaten, Page

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TRIES = 5
PAUSE_S = 0.05
READ_AT_ONCE = 100
WRITE_AT_ONCE = 25
USAGE_PAGES = 100
"""Of 1 MB each, with some thousands of uploads."""

KEYS = "pk, sk"
DIGESTS = "digests"

NOT_THERE = "attribute_not_exists(pk)"
"""Nobody stored this upload, or this page, before."""

UNCHANGED = "#version = :replaced"
"""Nobody wrote since the version that this one was made of was read."""

OURS = "#mark = :mark"
"""This very write stands there already: it was sent twice, because the first answer was lost."""

_LISTED = re.compile(r"\d{1,15}#([\w-]{1,64})", re.ASCII)
"""Bounded, because DynamoDB takes a key that is too long for a defect of ours."""


class DynamoUploads:
    """The port ``Uploads``."""

    def __init__(self, client: "DynamoDBClient", table: str, lifetime: Lifetime) -> None:
        self._client, self._table, self._lifetime = client, table, lifetime

    def get(self, id: str) -> Upload | None:
        with passing():
            answer = self._client.get_item(
                TableName=self._table, Key=board_key(id), ConsistentRead=True
            )
        item = answer.get("Item")
        return upload_of(item) if item else None

    def add(self, upload: Upload) -> Upload:
        return self._put(replace(upload, version=1), NOT_THERE, {}, {})

    def save(self, upload: Upload) -> Upload:
        following = replace(upload, version=upload.version + 1)
        replaced = {":replaced": {"N": str(upload.version)}}
        return self._put(following, UNCHANGED, {"#version": "version"}, replaced)

    def _put(
        self, upload: Upload, clause: str, names: dict[str, str], values: dict[str, Any]
    ) -> Upload:
        mark = {"B": secrets.token_bytes(8)}
        try:
            with passing():
                self._client.put_item(
                    TableName=self._table,
                    Item=item_of(upload, self._lifetime) | {"mark": mark},
                    ConditionExpression=f"{clause} OR {OURS}",
                    ExpressionAttributeNames=names | {"#mark": "mark"},
                    ExpressionAttributeValues=values | {":mark": mark},
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            standing = _standing(error)
            raise Beaten(upload_of(standing) if standing else self.get(upload.id)) from None
        return upload

    def in_group(self, group: str, cursor: str | None, limit: int) -> Page:
        """One key more than asked for is read, so that the list's end is known when it is there."""
        query: dict[str, Any] = {"ScanIndexForward": False, "Limit": limit + 1}
        if cursor:
            query["ExclusiveStartKey"] = _place(cursor, group)
        keys = self._query("by_group", "#key = :key", "group", group, **query)["Items"]
        uploads = self._boards([key["pk"]["S"] for key in keys[:limit]])
        return Page(uploads, _cursor(keys[limit - 1]) if len(keys) > limit else None)

    def due(self, now: int, limit: int) -> Sequence[str]:
        until = {":now": {"N": str(now)}}
        when = "#key = :key AND due_at <= :now"
        found = self._query("by_due", when, "due_in", DUE, until, Limit=limit)
        return [key["pk"]["S"] for key in found["Items"]]

    def open_of(self, person: Person) -> int:
        """Counts to the end of DynamoDB's first page: thousands, far beyond any sensible limit."""
        found = self._query("by_owner", "#key = :key", "open_of", person.id, Select="COUNT")
        return int(found["Count"])

    def usage_of(self, group: str, *, stored: bool) -> Usage:
        """Reads as many pages as the group has thousands of uploads, up to half a million."""
        which = "" if stored else " AND #use = :open"
        values = {":group": {"S": group}} | ({} if stored else {":open": {"S": USE_OPEN}})
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="by_use",
            KeyConditionExpression=f"#group = :group{which}",
            ProjectionExpression="#use, #size",
            ExpressionAttributeNames={"#group": "group", "#use": "use", "#size": "size"},
            ExpressionAttributeValues=values,
        )
        with passing():
            return _sum(item for page in islice(pages, USAGE_PAGES) for item in page["Items"])

    def _query(
        self,
        index: str,
        when: str,
        attribute: str,
        key: str,
        values: Mapping[str, Any] = MappingProxyType({}),
        **options: Any,
    ) -> Mapping[str, Any]:
        with passing():
            return self._client.query(
                TableName=self._table,
                IndexName=index,
                KeyConditionExpression=when,
                ExpressionAttributeNames={"#key": attribute},
                ExpressionAttributeValues={":key": {"S": key}, **values},
                **options,
            )

    def _boards(self, ids: Sequence[str]) -> list[Upload]:
        """The boards in this order, without those that were deleted since the index was written."""
        starts = range(0, len(ids), READ_AT_ONCE)
        batches = ([board_key(id) for id in ids[at : at + READ_AT_ONCE]] for at in starts)
        found = {u.id: u for keys in batches for u in self._read(keys)}
        boards = (found[id] for id in ids if id in found)
        return [board for board in boards if board.status is not Status.DELETED]

    def _read(self, keys: list[dict[str, Any]]) -> Iterator[Upload]:
        for again in range(TRIES):
            with passing():
                answer = self._client.batch_get_item(RequestItems={self._table: {"Keys": keys}})
            yield from (upload_of(item) for item in answer["Responses"].get(self._table, []))
            left = answer["UnprocessedKeys"].get(self._table)
            if not left:
                return
            keys = list(left["Keys"])
            _wait(again)
        raise StorageUnavailable


class DynamoManifests:
    """The port ``Manifests``."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client, self._table = client, table

    def put(self, id: str, generation: int, page: int, digests: bytes) -> bytes:
        item = page_key(id, generation, page) | {"digests": {"B": digests}}
        try:
            with passing():
                self._client.put_item(
                    TableName=self._table,
                    Item=item,
                    ConditionExpression=NOT_THERE,
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            standing = _standing(error)
            told = bytes(standing["digests"]["B"]) if standing else self.get(id, generation, page)
            if told is None:
                raise StorageUnavailable from error
            return told
        return digests

    def get(self, id: str, generation: int, page: int) -> bytes | None:
        with passing():
            answer = self._client.get_item(
                TableName=self._table, Key=page_key(id, generation, page), ConsistentRead=True
            )
        item = answer.get("Item")
        return item["digests"]["B"] if item else None

    def whole(self, id: str, generation: int) -> bytes:
        return b"".join(item["digests"]["B"] for item in self._pages(id, generation, DIGESTS))

    def remove(self, id: str, generation: int) -> None:
        keys = [{k: item[k] for k in ("pk", "sk")} for item in self._pages(id, generation, KEYS)]
        for at in range(0, len(keys), WRITE_AT_ONCE):
            self._delete([{"DeleteRequest": {"Key": key}} for key in keys[at : at + WRITE_AT_ONCE]])

    def _delete(self, requests: list[Any]) -> None:
        for again in range(TRIES):
            with passing():
                answer = self._client.batch_write_item(RequestItems={self._table: requests})
            requests = list(answer["UnprocessedItems"].get(self._table, []))
            if not requests:
                return
            _wait(again)
        raise StorageUnavailable

    def _pages(self, id: str, generation: int, which: str) -> Iterator[Mapping[str, Any]]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :id AND begins_with(sk, :pages)",
            ExpressionAttributeValues={":id": {"S": id}, ":pages": {"S": page_prefix(generation)}},
            ProjectionExpression=which,
            ConsistentRead=True,
        )
        with passing():
            for page in pages:
                yield from page["Items"]


def _sum(items: Iterable[Mapping[str, Any]]) -> Usage:
    taken = [(item["use"]["S"] == USE_OPEN, int(item["size"]["N"])) for item in items]
    open_sizes = [size for is_open, size in taken if is_open]
    stored = sum(size for is_open, size in taken if not is_open)
    return Usage(stored, sum(open_sizes), len(open_sizes))


def _standing(error: ClientError) -> dict[str, Any]:
    """What stood there when a condition failed; empty for nothing."""
    response: dict[str, Any] = dict(error.response)
    return response.get("Item") or {}


def _wait(again: int) -> None:
    """What a batch left undone was throttled; asked for at once, it would be again."""
    time.sleep(random.uniform(0, PAUSE_S * 2**again))


def _cursor(key: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(key["listed"]["S"].encode()).decode().rstrip("=")


def _place(cursor: str, group: str) -> dict[str, Any]:
    """Where a list goes on. Always within the caller's group, whatever the cursor says."""
    try:
        listed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        listed = ""
    place = _LISTED.fullmatch(listed)
    if place is None:
        raise InvalidRequest("«cursor» must be the «next» of an earlier answer.")
    return board_key(place[1]) | {"group": {"S": group}, "listed": {"S": listed}}
