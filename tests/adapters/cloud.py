"""AWS for tests: the strict moto, with the very resources that are deployed.

It runs in a process of its own, so that its state is nobody else's.
"""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from chalicelib.adapters.s3 import s3_client
from local.resources import create_resources
from local.strict.gate import KEY, SECRET
from local.strict.server import StrictMoto

TEMPLATE = Path(__file__).parents[2] / "infra"
REGION = "eu-central-1"
SENDER = "manyhands@example.org"

_numbers = count(1)


@dataclass(frozen=True)
class Cloud:
    """Where it is, and what the template's resources are called there."""

    url: str
    table: str
    bucket: str
    topic: str
    pool: str
    app: str

    def client(self, service: str) -> Any:
        return _client(service, self.url)

    def s3(self) -> Any:
        """The client that production makes, pointed here as on one machine."""
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("AWS_ENDPOINT_URL", self.url)
            environment.setenv("AWS_ACCESS_KEY_ID", KEY)
            environment.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
            return s3_client(REGION, 8)

    def fresh_table(self) -> str:
        """An empty table like the deployed one."""
        client, name = self.client("dynamodb"), f"table-{next(_numbers)}"
        model = client.describe_table(TableName=self.table)["Table"]
        client.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=model["KeySchema"],
            AttributeDefinitions=model["AttributeDefinitions"],
            GlobalSecondaryIndexes=[
                {k: index[k] for k in ("IndexName", "KeySchema", "Projection")}
                for index in model["GlobalSecondaryIndexes"]
            ],
        )
        return name


@contextmanager
def running() -> Iterator[Cloud]:
    processes = multiprocessing.get_context("spawn")
    here, there = processes.Pipe()
    child = processes.Process(target=_serve, args=(there,), daemon=True)
    child.start()
    try:
        yield here.recv()
    finally:
        here.send("enough")
        child.join(10)
        here.close()
        there.close()


def _serve(parent: Connection) -> None:
    with StrictMoto() as moto:
        parent.send(_made(moto.url))
        parent.recv()


def _made(url: str) -> Cloud:
    def client(service: str) -> Any:
        return _client(service, url)

    client("ses").verify_email_identity(EmailAddress=SENDER)
    ref = create_resources(TEMPLATE, client, REGION, {}).references.ref
    return Cloud(url, *(ref(name) for name in ("Table", "Bucket", "Topic", "Pool", "PoolClient")))


def _client(service: str, url: str) -> Any:
    return boto3.client(  # type: ignore[call-overload]
        service,
        region_name=REGION,
        endpoint_url=url,
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        config=Config(retries={"total_max_attempts": 1}),
    )
