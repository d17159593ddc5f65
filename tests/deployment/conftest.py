"""Each stage, packaged once."""

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.deployment.aws import REGION, Aws, running
from tests.deployment.world import World
from tools.deploy.package import Package, make_package

os.environ.setdefault("AWS_DEFAULT_REGION", REGION)


@pytest.fixture(scope="session")
def aws() -> Iterator[Aws]:
    with running() as cloud:
        yield cloud


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a stage's package. One process at a time: all share Chalice's cached code."""
    lock = tmp_path_factory.getbasetemp().parent / "packaging"

    @cache
    def made(stage: str) -> Path:
        folder = tmp_path_factory.mktemp(stage)
        with lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            make_package(stage, folder)
        return folder

    return made


@pytest.fixture(scope="session")
def packaged(packages: Callable[[str], Path]) -> Path:
    return packages("prod")


@pytest.fixture(scope="session")
def package(packaged: Path) -> Package:
    from tools.deploy.package import read_package

    return read_package(packaged)


@pytest.fixture(scope="session")
def template(packaged: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((packaged / "sam.json").read_text())
    return found


@pytest.fixture(scope="session")
def resources(template: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = template["Resources"]
    return found


@pytest.fixture
def world(aws: Aws, package: Package) -> Iterator[World]:
    s3, page = aws.client("s3"), f"page-{secrets.token_hex(4)}"
    where = {"LocationConstraint": REGION}
    s3.create_bucket(Bucket=page, CreateBucketConfiguration=where)
    world = World(aws, Package(package.template, b"the code"), page)
    yield world
    world.cloud.artefacts().ensure()
    world.cloud.artefacts().clear()
