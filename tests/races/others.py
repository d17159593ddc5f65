"""S3 and DynamoDB by other hands: dynalite, and ministack with its authentication on.

What passes on moto may pass because of moto. Both run as processes of their own, on loopback and
at a free port, which is looked up rather than believed. ministack's own start binds everything; so
its application is served on a socket that was bound here.

Refused: localstack-core (four hundred packages, held together by a date), Amazon's DynamoDB Local
(its licence forbids to bring it along).
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import boto3
import pytest
import urllib3
from botocore.config import Config

from chalicelib.adapters.s3 import s3_client
from local.stack import REGION, TEMPLATE
from local.template import load
from tests.races.listening import listening

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NODE = Path(sys.prefix) / "bin" / "node"
PYTHON = ROOT / "build" / "others-venv" / "bin" / "python"
"""Made by ``make``."""

KEY = SECRET = "test"
"""The only pair with which ministack checks presigned URLs."""

OTHERS = ("dynalite", "ministack")
"""The fixtures of this name."""

DEPLOYED = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
_numbers = count(1)


@dataclass(frozen=True)
class Other:
    """Where it listens."""

    url: str

    def dynamodb(self) -> Any:
        config = Config(retries={"total_max_attempts": 1}, max_pool_connections=64)
        return boto3.client(
            "dynamodb",
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            config=config,
        )

    def s3(self) -> Any:
        """The client that production makes, pointed here as on one machine."""
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("AWS_ENDPOINT_URL", self.url)
            environment.setenv("AWS_ACCESS_KEY_ID", KEY)
            environment.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
            return s3_client(REGION, 30)

    @cached_property
    def bucket(self) -> str:
        place = {"LocationConstraint": REGION}
        self.s3().create_bucket(Bucket="uploads", CreateBucketConfiguration=place)
        return "uploads"


def fresh_table(client: Any) -> str:
    """An empty table like the deployed one."""
    name = f"table-{os.getpid()}-{next(_numbers)}"
    properties = load(TEMPLATE)["Resources"]["Table"]["Properties"]
    client.create_table(TableName=name, **{k: properties[k] for k in DEPLOYED})
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    return name


@contextmanager
def dynalite() -> Iterator[Other]:
    command, pipe = [str(NODE), str(HERE / "dynalite.mjs")], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        pid, port = map(int, process.stdout.readline().split())
        _check_loopback(pid, port)
        yield Other(f"http://127.0.0.1:{port}")


@contextmanager
def ministack(home: Path) -> Iterator[Other]:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port = bound.getsockname()[1]
        fd = bound.fileno()
        served = ["-m", "hypercorn", "ministack.app:app", "--workers", "0", "--bind", f"fd://{fd}"]
        process = subprocess.Popen(
            [PYTHON, *served],
            pass_fds=[fd],
            cwd=home,
            env=_environment(home, port),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    try:
        _await_health(f"http://127.0.0.1:{port}")
        _check_loopback(process.pid, port)
        yield Other(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(30)


def _environment(home: Path, port: int) -> dict[str, str]:
    keys = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
    place = {"HOME": str(home), "TMPDIR": str(home), "PATH": os.environ["PATH"]}
    return keys | place | {"AUTH": "true", "GATEWAY_PORT": str(port), "MINISTACK_REGION": REGION}


def _await_health(url: str) -> None:
    for _ in range(300):
        try:
            if urllib3.request("GET", f"{url}/_ministack/health", retries=False).status == 200:
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.1)
    raise AssertionError("ministack does not begin")


def _check_loopback(pid: int, port: int) -> None:
    if sys.platform == "linux":  # elsewhere nobody says it without asking for rights
        assert listening(pid) == {("127.0.0.1", port)}
