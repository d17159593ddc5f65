"""Uploads and manifests in one DynamoDB table. How an item looks stands in ``items``.

A write names the version that it replaces. Of several that name the same one, DynamoDB takes
exactly one; the others are told what stands there now in the same answer, so losing costs no
read. No transactions: a board is one item, so nothing needs two.

IAM: GetItem, PutItem, Query, BatchGetItem, BatchWriteItem on the table, Query on its indexes.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chalicelib.adapters.faults import passing
from chalicelib.adapters.items import (
    DUE,
    board_key,
    item_of,
    page_key,
    page_prefix,
    upload_of,
)
from chalicelib.domain.board import Person
from chalicelib.domain.errors import InvalidRequest, StorageUnavailable
from chalicelib.domain.lifetime import Lifetime
from chalicelib.domain.uploads import Upload
from chalicelib.ports import Beaten, Page

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TRIES = 5
BATCH = 25

NOT_THERE = "attribute_not_exists(pk)"
"""Nobody stored this upload, or this page, before."""

UNCHANGED = "version = :replaced"
"""Nobody wrote since the version that this one was made of was read."""


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
        return self._put(replace(upload, version=1), ConditionExpression=NOT_THERE)

    def save(self, upload: Upload) -> Upload:
        return self._put(
            replace(upload, version=upload.version + 1),
            ConditionExpression=UNCHANGED,
            ExpressionAttributeValues={":replaced": {"N": str(upload.version)}},
        )

    def _put(self, upload: Upload, **condition: Any) -> Upload:
        try:
            with passing():
                self._client.put_item(
                    TableName=self._table,
                    Item=item_of(upload, self._lifetime),
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                    **condition,
                )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            standing = _standing(error)
            raise Beaten(upload_of(standing) if standing else None) from None
        return upload

    def in_group(self, group: str, cursor: str | None, limit: int) -> Page:
        query: dict[str, Any] = {
            "IndexName": "by_group",
            "KeyConditionExpression": "#group = :group",
            "ExpressionAttributeNames": {"#group": "group"},
            "ExpressionAttributeValues": {":group": {"S": group}},
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if cursor:
            query["ExclusiveStartKey"] = _place(cursor, group)
        with passing():
            found = self._client.query(TableName=self._table, **query)
        uploads = self._boards([item["pk"]["S"] for item in found["Items"]])
        last = found.get("LastEvaluatedKey")
        return Page(uploads, _cursor(last) if last else None)

    def due(self, now: int, limit: int) -> Sequence[str]:
        with passing():
            found = self._client.query(
                TableName=self._table,
                IndexName="by_due",
                KeyConditionExpression="due_in = :due AND due_at <= :now",
                ExpressionAttributeValues={":due": {"S": DUE}, ":now": {"N": str(now)}},
                Limit=limit,
            )
        return [item["pk"]["S"] for item in found["Items"]]

    def open_of(self, person: Person) -> int:
        with passing():
            found = self._client.query(
                TableName=self._table,
                IndexName="by_owner",
                KeyConditionExpression="open_of = :person",
                ExpressionAttributeValues={":person": {"S": person.id}},
                Select="COUNT",
            )
        return found["Count"]

    def _boards(self, ids: Sequence[str]) -> list[Upload]:
        found = {u.id: u for u in self._read([board_key(id) for id in ids])}
        return [found[id] for id in ids if id in found]

    def _read(self, keys: list[dict[str, Any]]) -> Iterator[Upload]:
        for _ in range(TRIES):
            if not keys:
                return
            with passing():
                answer = self._client.batch_get_item(RequestItems={self._table: {"Keys": keys}})
            yield from (upload_of(item) for item in answer["Responses"].get(self._table, []))
            left = answer["UnprocessedKeys"].get(self._table)
            keys = list(left["Keys"]) if left else []
        if keys:
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
            return bytes(_standing(error)["digests"]["B"])
        return digests

    def get(self, id: str, generation: int, page: int) -> bytes | None:
        with passing():
            answer = self._client.get_item(
                TableName=self._table, Key=page_key(id, generation, page), ConsistentRead=True
            )
        item = answer.get("Item")
        return item["digests"]["B"] if item else None

    def whole(self, id: str, generation: int) -> bytes:
        return b"".join(item["digests"]["B"] for item in self._pages(id, generation))

    def remove(self, id: str, generation: int) -> None:
        keys = [{k: item[k] for k in ("pk", "sk")} for item in self._pages(id, generation)]
        for start in range(0, len(keys), BATCH):
            self._delete([{"DeleteRequest": {"Key": key}} for key in keys[start : start + BATCH]])

    def _delete(self, requests: list[Any]) -> None:
        for _ in range(TRIES):
            with passing():
                answer = self._client.batch_write_item(RequestItems={self._table: requests})
            requests = list(answer["UnprocessedItems"].get(self._table, []))
            if not requests:
                return
        raise StorageUnavailable

    def _pages(self, id: str, generation: int) -> Iterator[Mapping[str, Any]]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :id AND begins_with(sk, :pages)",
            ExpressionAttributeValues={":id": {"S": id}, ":pages": {"S": page_prefix(generation)}},
            ConsistentRead=True,
        )
        with passing():
            for page in pages:
                yield from page["Items"]


def _standing(error: ClientError) -> dict[str, Any]:
    """What stood there when a condition failed; empty for nothing."""
    response: dict[str, Any] = dict(error.response)
    return response.get("Item") or {}


def _cursor(key: Mapping[str, Any]) -> str:
    place = json.dumps([key["pk"]["S"], key["listed"]["S"]]).encode()
    return base64.urlsafe_b64encode(place).decode().rstrip("=")


def _place(cursor: str, group: str) -> dict[str, Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        id, listed = json.loads(base64.urlsafe_b64decode(padded))
    except (binascii.Error, ValueError, TypeError) as error:
        raise InvalidRequest("«cursor» must be the «next» of an earlier answer.") from error
    return board_key(str(id)) | {"group": {"S": group}, "listed": {"S": str(listed)}}
