"""A strict moto of their own for these tests, a bucket for each, and a clock that can be set."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
import urllib3
from botocore.config import Config

from local.strict.gate import KEY, SECRET
from local.strict.s3 import digest_of
from local.strict.server import StrictMoto

HTTP = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(30))


class Now:
    """What time the gate takes it to be."""

    ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture(scope="session")
def now() -> Now:
    return Now()


@pytest.fixture(scope="session")
def strict(now: Now) -> Iterator[StrictMoto]:
    with StrictMoto(now=now) as server:
        yield server


def client(url: str, service: str) -> Any:
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=url,
        region_name="eu-central-1",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        config=Config(
            signature_version="s3v4" if service == "s3" else "v4",
            s3={"addressing_style": "virtual"},
            retries={"total_max_attempts": 1},
        ),
    )


@dataclass
class Storage:
    """One bucket with one multipart upload."""

    s3: Any
    bucket: str
    key: str = "uploads/a/1"
    multipart: str = field(init=False)

    def __post_init__(self) -> None:
        self.multipart = self.begin(ChecksumAlgorithm="SHA256")

    def begin(self, **options: Any) -> str:
        made = self.s3.create_multipart_upload(Bucket=self.bucket, Key=self.key, **options)
        return str(made["UploadId"])

    def signed(self, part: int, body: bytes, **fields: Any) -> str:
        """The URL of a PUT of just this part and body."""
        bound = {
            "Bucket": self.bucket,
            "Key": self.key,
            "UploadId": self.multipart,
            "PartNumber": part,
            "ContentLength": len(body),
            "ChecksumSHA256": digest_of(body),
        }
        return str(self.s3.generate_presigned_url("upload_part", bound | fields, 900))

    def put(self, url: str, body: bytes, digest: str = "", **headers: str) -> tuple[int, str]:
        """Status and code of S3's answer."""
        sent = {"Content-Type": "application/octet-stream", **headers}
        sent["x-amz-checksum-sha256"] = digest or digest_of(body)
        return answer(HTTP.request("PUT", url, body=body, headers=sent))

    def send(self, part: int, body: bytes) -> dict[str, Any]:
        """Send a part rightly; what Complete has to say of it."""
        assert self.put(self.signed(part, body), body) == (200, "")
        etag = next(p["ETag"] for p in self.listed() if p["PartNumber"] == part)
        return {"PartNumber": part, "ETag": etag, "ChecksumSHA256": digest_of(body)}

    def listed(self, **options: Any) -> list[dict[str, Any]]:
        pages = self.s3.get_paginator("list_parts").paginate(
            Bucket=self.bucket, Key=self.key, UploadId=self.multipart, PaginationConfig=options
        )
        return [part for page in pages for part in page.get("Parts", [])]

    def join(self, parts: list[dict[str, Any]], **options: Any) -> dict[str, Any]:
        joined: dict[str, Any] = self.s3.complete_multipart_upload(
            Bucket=self.bucket,
            Key=self.key,
            UploadId=self.multipart,
            MultipartUpload={"Parts": parts},
            **options,
        )
        return joined


@pytest.fixture
def storage(strict: StrictMoto, now: Now) -> Iterator[Storage]:
    s3, bucket = client(strict.url, "s3"), f"bucket-{secrets.token_hex(6)}"
    s3.create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    yield Storage(s3, bucket)
    now.ahead = timedelta()


def answer(response: urllib3.BaseHTTPResponse) -> tuple[int, str]:
    text = response.data.decode(errors="replace")
    _, _, after = text.partition("<Code>")
    return response.status, after.partition("</Code>")[0]
