"""A whole upload on S3 and DynamoDB by other hands; docs/stores.md lists what was tried."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.cloud import Cloud
from tests.races.others import KEY, ROOT, SECRET, Other, fresh_table
from tests.stores.seaweedfs import seaweedfs
from tests.stores.trial import Trial


@pytest.fixture(scope="module")
def seaweed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Other]:
    with seaweedfs(tmp_path_factory.mktemp("seaweedfs")) as running:
        yield running


def test_on_the_strict_moto_all_holds(cloud: Cloud) -> None:
    dynamodb = cloud.client("dynamodb")
    assert Trial(dynamodb, cloud.fresh_table(), cloud.s3(), cloud.bucket).run() == {}


def test_on_ministack_alone_all_holds(ministack: Other) -> None:
    dynamodb = ministack.dynamodb()
    trial = Trial(dynamodb, fresh_table(dynamodb), ministack.s3(), ministack.bucket)
    assert trial.run() == {}


def test_on_seaweedfs_and_dynalite_all_holds(seaweed: Other, dynalite: Other) -> None:
    dynamodb = dynalite.dynamodb()
    trial = Trial(dynamodb, fresh_table(dynamodb), seaweed.s3(), seaweed.bucket)
    assert trial.run() == {}


def test_the_server_itself_runs_on_others_by_the_standard_variables(
    seaweed: Other, ministack: Other, tmp_path: Path
) -> None:
    """As ``app.py`` stands, in a process of its own; the storage by a name, with path style."""
    table = fresh_table(ministack.dynamodb())
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AWS_ENDPOINT_URL_S3": seaweed.url.replace("127.0.0.1", "localhost"),
        "AWS_ENDPOINT_URL_DYNAMODB": ministack.url,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "eu-central-1",
        "S3_ADDRESSING": "path",
        "TABLE": table,
        "BUCKET": seaweed.bucket,
    }
    hosted = subprocess.run(
        [sys.executable, "-m", "tests.stores.hosted"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert hosted.returncode == 0, hosted.stderr
    assert json.loads(hosted.stdout) == {
        "url": f"http://localhost:{seaweed.url.rpartition(':')[2]}/{seaweed.bucket}/uploads",
        "status": "complete",
        "downloaded": True,
    }
