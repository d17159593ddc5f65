"""moto's DynamoDB, one write after the other."""

import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from local.strict.server import StrictMoto
from tests.local.conftest import client

THREADS, ROUNDS = 16, 25


@pytest.fixture
def hurried() -> Iterator[None]:
    """Threads that interrupt each other all the time."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


def test_of_several_conditional_writes_exactly_one_wins(strict: StrictMoto, hurried: None) -> None:
    dynamodb = client(strict.url, "dynamodb")
    dynamodb.create_table(
        TableName="races",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName="races", Item={"pk": {"S": "a"}, "v": {"N": "0"}})
    won: list[int] = []
    threads = [threading.Thread(target=_race, args=[dynamodb, won]) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = dynamodb.get_item(TableName="races", Key={"pk": {"S": "a"}})["Item"]["v"]["N"]
    assert len(won) == len(set(won)) == int(found)


def _race(dynamodb: Any, won: list[int]) -> None:
    for _ in range(ROUNDS):
        item = dynamodb.get_item(TableName="races", Key={"pk": {"S": "a"}})["Item"]
        version = int(item["v"]["N"])
        try:
            dynamodb.put_item(
                TableName="races",
                Item={"pk": {"S": "a"}, "v": {"N": str(version + 1)}},
                ConditionExpression="v = :v",
                ExpressionAttributeValues={":v": {"N": str(version)}},
            )
        except dynamodb.exceptions.ConditionalCheckFailedException:
            continue
        won.append(version)
