"""The null server is S3 enough for the clients that are compared on it, ours among them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import urllib3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

from bench.servers import serving
from local.people import PASSWORD

MIB = 1 << 20
SIZE = 12 * MIB
HTTP = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(10))


@pytest.fixture(scope="module")
def storage() -> Iterator[str]:
    with serving("bench.null_s3") as served:
        yield served.url


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "film.bin"
    path.write_bytes(os.urandom(SIZE))
    return path


def client(url: str, **options: Any) -> Any:
    return boto3.client(  # type: ignore[call-overload]
        "s3",
        endpoint_url=url,
        region_name="eu-central-1",
        aws_access_key_id="nobody",
        aws_secret_access_key="nothing",
        config=Config(retries={"total_max_attempts": 1}),
        **options,
    )


def received(url: str) -> int:
    return int(HTTP.request("GET", f"{url}/-/received").data)


def send(s3: Any, file: Path, key: str) -> None:
    in_parts = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB)
    extra = {"ChecksumAlgorithm": "SHA256"}
    s3.upload_file(str(file), "bench", key, ExtraArgs=extra, Config=in_parts)


def test_boto3_uploads_in_parts_and_every_byte_is_counted(storage: str, file: Path) -> None:
    s3, before = client(storage), received(storage)
    send(s3, file, "in-parts")
    assert received(storage) - before == SIZE
    found = s3.head_object(Bucket="bench", Key="in-parts", ChecksumMode="ENABLED")
    assert (found["ContentLength"], found["ChecksumSHA256"][-2:]) == (SIZE, "-3")


def test_chunks_and_trailing_checksums_over_tls_are_understood(tmp_path: Path, file: Path) -> None:
    with serving("bench.null_s3", "--tls", str(tmp_path)) as served:
        s3 = client(served.url, verify=str(tmp_path / "certificate.pem"))
        send(s3, file, "in-chunks")
        s3.put_object(Bucket="bench", Key="small", Body=b"small")
        assert s3.head_object(Bucket="bench", Key="in-chunks")["ContentLength"] == SIZE
        assert s3.head_object(Bucket="bench", Key="small")["ContentLength"] == 5


def test_the_parts_that_came_are_listed_with_their_digests(storage: str) -> None:
    s3, where = client(storage), {"Bucket": "bench", "Key": "listed"}
    upload = s3.create_multipart_upload(**where)["UploadId"]
    for number in (2, 1, 2):
        s3.upload_part(
            **where,
            UploadId=upload,
            PartNumber=number,
            Body=bytes(number),
            ChecksumAlgorithm="SHA256",
        )
    parts = s3.list_parts(**where, UploadId=upload)["Parts"]
    assert [(part["PartNumber"], part["Size"]) for part in parts] == [(1, 1), (2, 2)]
    assert all(part["ChecksumSHA256"] for part in parts)


def test_a_page_on_another_origin_may_put_parts_and_read_their_etags(storage: str) -> None:
    asked = {"Origin": "http://page", "Access-Control-Request-Method": "PUT"}
    url = f"{storage}/bench/part?uploadId=x&partNumber=1"
    wanted = asked | {"Access-Control-Request-Headers": "x-amz-checksum-sha256"}
    allowed = HTTP.request("OPTIONS", url, headers=wanted)
    assert allowed.status == 200
    assert allowed.headers["Access-Control-Allow-Headers"] == "x-amz-checksum-sha256"
    assert "PUT" in allowed.headers["Access-Control-Allow-Methods"]
    put = HTTP.request(
        "PUT", f"{storage}/bench/small", body=b"x", headers={"Origin": "http://page"}
    )
    assert put.headers["Access-Control-Allow-Origin"] == "http://page"
    assert "ETag" in put.headers["Access-Control-Expose-Headers"]
    nobody = HTTP.request("PUT", f"{storage}/bench/small", body=b"x")
    assert "Access-Control-Allow-Origin" not in nobody.headers


def test_what_it_does_not_do_is_an_error(storage: str) -> None:
    with pytest.raises(ClientError, match="NotImplemented"):
        client(storage).get_object(Bucket="bench", Key="any")


def test_our_command_line_uploads_to_it_through_the_real_service(
    storage: str, file: Path, tmp_path: Path
) -> None:
    environment = os.environ | {"MANYHANDS_HOME": str(tmp_path / "home")}
    before = received(storage)
    with serving("bench.null_board", "--storage", storage) as board:
        sign_in = ["login", board.url, "--username", "ana", "--password-stdin"]
        for arguments in (sign_in, ["upload", str(file), "--quiet"]):
            subprocess.run(
                [sys.executable, "-m", "manyhands", *arguments],
                input=PASSWORD.encode(),
                env=environment,
                check=True,
                timeout=30,
            )
        assert board.ask() >= 3, "the calls of the service are counted"
    assert received(storage) - before == SIZE
