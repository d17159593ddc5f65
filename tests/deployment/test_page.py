"""The page as it is put on AWS: which files, how they are labelled, what refers to what."""

import json
import re
import secrets
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from local.stack import Stack
from tests.calls import HTTP
from tests.deployment.aws import Aws
from tools.deploy.errors import NotDeployed
from tools.deploy.page import (
    ASK_AGAIN,
    FOR_EVER,
    KEPT,
    Served,
    config_of,
    files_of,
    forget_old_versions,
    invalidate,
    publish,
)

PAGE = Path(__file__).resolve().parents[2] / "frontend"
CONFIG = {"api": "/api"}
OUTPUTS = {
    "PoolId": "eu-central-1_abc",
    "PoolClientId": "client",
    "SignInUrl": "https://manyhands-prod.auth.eu-central-1.amazoncognito.com",
}
IMPORT = re.compile(r"""(?:\bfrom|\bimport\()\s*"(\.[^"]+)"|new URL\("(\.[^"]+)",""")
COMMENT = re.compile(r"/\*\*.*?\*/", re.DOTALL)
"""In which types are named; no browser loads those."""


def served(folder: Path = PAGE) -> dict[str, Served]:
    return {file.key: file for file in files_of(folder, CONFIG)[1]}


def small_page(folder: Path, script: str = "1") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "index.html").write_text('<script src="main.js"></script><a href="#x">')
    (folder / "icon.svg").write_text("<svg/>")
    (folder / "main.js").write_text(script)
    return folder


@pytest.fixture
def bucket(aws: Aws) -> str:
    name = f"page-{secrets.token_hex(4)}"
    where = {"LocationConstraint": "eu-central-1"}
    aws.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=where)
    return name


def test_everything_that_the_page_names_is_served() -> None:
    files = served()
    for name in re.findall(r'(?:href|src)="([^"]+)"', files["index.html"].body.decode()):
        assert name in files, name
    scripts = [file for key, file in files.items() if key.endswith(".js") and "vendor" not in key]
    code = {script.key: COMMENT.sub("", script.body.decode()) for script in scripts}
    found = [(key, a or b) for key, text in code.items() for a, b in IMPORT.findall(text)]
    assert len(found) > 60
    for key, name in found:
        parts: list[str] = []
        for part in (PurePosixPath(key).parent / name).parts:
            parts = parts[:-1] if part == ".." else [*parts, part]
        assert "/".join(parts) in files, f"{key} names {name}"


def test_what_is_only_for_developers_is_not_served() -> None:
    assert (PAGE / "vendor" / "idb.d.ts").is_file()
    assert not [key for key in served() if key.endswith((".d.ts", ".md"))]


def test_the_few_files_at_the_root_are_asked_for_anew_and_all_others_never() -> None:
    files = served()
    root = {key for key in files if "/" not in key}
    assert root == {"config.json", "icon.svg", "index.html"}
    assert {files[key].cache for key in root} == {ASK_AGAIN}
    assert {file.cache for key, file in files.items() if key not in root} == {FOR_EVER}
    assert all(re.match(r"v/[0-9a-f]{16}/", key) for key in files if key not in root)


def test_the_page_itself_is_written_last() -> None:
    assert [file.key for file in files_of(PAGE, CONFIG)[1]][-1] == "index.html"


def test_a_version_is_named_by_what_is_in_it(tmp_path: Path) -> None:
    one, _ = files_of(small_page(tmp_path / "a"), CONFIG)
    same, _ = files_of(small_page(tmp_path / "b"), {"api": "elsewhere"})
    other, files = files_of(small_page(tmp_path / "a", "2"), CONFIG)
    assert one == same != other
    index = files[-1].body.decode()
    assert index == f'<script src="v/{other}/main.js"></script><a href="#x">'


def test_a_file_that_nobody_knows_how_to_serve_is_refused(tmp_path: Path) -> None:
    (small_page(tmp_path / "a") / "film.mov").write_bytes(b"")
    with pytest.raises(NotDeployed, match="film"):
        files_of(tmp_path / "a", CONFIG)


def test_files_arrive_with_their_labels(aws: Aws, bucket: str) -> None:
    s3 = aws.client("s3")
    version, files = files_of(PAGE, CONFIG)
    assert publish(s3, bucket, version, files) == len(files)
    script = s3.get_object(Bucket=bucket, Key=f"v/{version}/main.js")
    assert script["ContentType"] == "text/javascript; charset=utf-8"
    assert script["CacheControl"] == "public, max-age=31536000, immutable"
    assert script["Body"].read() == (PAGE / "main.js").read_bytes()
    index = s3.get_object(Bucket=bucket, Key="index.html")
    assert (index["ContentType"], index["CacheControl"]) == (
        "text/html; charset=utf-8",
        "no-cache",
    )
    assert json.loads(s3.get_object(Bucket=bucket, Key="config.json")["Body"].read()) == CONFIG


def test_what_is_there_for_ever_is_not_written_again(aws: Aws, bucket: str) -> None:
    version, files = files_of(PAGE, CONFIG)
    publish(aws.client("s3"), bucket, version, files)
    assert publish(aws.client("s3"), bucket, version, files) == 3


def test_pages_that_somebody_has_open_keep_their_modules(
    aws: Aws, bucket: str, tmp_path: Path
) -> None:
    s3, versions = aws.client("s3"), []
    for script in range(KEPT + 2):
        version, files = files_of(small_page(tmp_path / "a", str(script)), CONFIG)
        publish(s3, bucket, version, files)
        versions.append(version)
    forgotten = forget_old_versions(s3, bucket, versions[0])
    left = {
        o["Key"].split("/")[1] for o in s3.list_objects_v2(Bucket=bucket, Prefix="v/")["Contents"]
    }
    assert len(forgotten) == 2 and len(left) == KEPT
    assert versions[0] in left and not left & set(forgotten)


class Dated:
    """An S3 on which every write has a time of its own; moto's go by the second."""

    def __init__(self) -> None:
        self.written: dict[str, int] = {}
        self._now = count()

    def put_object(self, Key: str, **_: Any) -> None:
        self.written[Key] = next(self._now)

    def delete_object(self, Bucket: str, Key: str) -> None:
        del self.written[Key]

    def get_paginator(self, _: str) -> "Dated":
        return self

    def paginate(self, Bucket: str, Prefix: str) -> list[Any]:
        found = [(key, at) for key, at in self.written.items() if key.startswith(Prefix)]
        return [{"Contents": [{"Key": key, "LastModified": at} for key, at in found]}]


def test_a_version_that_was_brought_back_is_not_the_first_to_go(tmp_path: Path) -> None:
    s3, versions = Dated(), []
    for script in ["back", *map(str, range(1, KEPT)), "back", "new"]:
        version, files = files_of(small_page(tmp_path / "a", script), CONFIG)
        publish(s3, "page", version, files)
        versions.append(version)
    assert forget_old_versions(s3, "page", version) == [versions[1]]
    assert f"v/{versions[0]}/main.js" in s3.written


def test_the_distribution_asks_anew_for_what_may_change() -> None:
    class CloudFront:
        asked: Any = None

        def create_invalidation(self, **asked: Any) -> None:
            self.asked = asked

    cloudfront = CloudFront()
    invalidate(cloudfront, "E123", files_of(PAGE, CONFIG)[1])
    paths = cloudfront.asked["InvalidationBatch"]["Paths"]
    assert cloudfront.asked["DistributionId"] == "E123"
    assert paths["Items"] == ["/", "/config.json", "/icon.svg", "/index.html"]
    assert paths["Quantity"] == 4


def test_the_configuration_says_what_the_one_on_this_machine_says(stack: Stack) -> None:
    local = HTTP.request("GET", f"{stack.url}/config.json").json()
    deployed = config_of(OUTPUTS, "eu-central-1")
    assert deployed.keys() == local.keys()
    assert deployed["sign_in"].keys() == local["sign_in"].keys()
    assert deployed["sign_in"]["authorize"] == f"{OUTPUTS['SignInUrl']}/oauth2/authorize"
    assert deployed["sign_in"]["issuer"].endswith("amazonaws.com/eu-central-1_abc")
