"""Multipart uploads, and the objects that come of them, in one S3 bucket.

Every part carries its SHA-256, so S3 keeps and lists it, and joining demands it again. A URL is
signed with length and SHA-256 among its headers: that is what makes S3 refuse other bytes. boto3
would do neither by itself; by default it presigns with a signature that binds nothing to the body,
or for a host that redirects, so the client is made here. URLs for parts are signed by ``signing``.

IAM on ``uploads/*``: s3:PutObject (create, join), s3:ListMultipartUploadParts (parts and
parts_between), s3:AbortMultipartUpload (abort), s3:GetObject (find), s3:DeleteObject (delete);
s3:ListBucket on the bucket (find), so that an absent object is told from a forbidden one.
A signed URL can do what its signer may: whoever signs needs s3:PutObject (sign_put) or
s3:GetObject (sign_get), though nothing is called.

Refused: joining without ``IfNoneMatch`` (a late repetition would replace what is there), and
taking an ETag from a client (S3 lists them).

Source: Amazon S3 API Reference, CreateMultipartUpload, UploadPart, CompleteMultipartUpload.
"""

import base64
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.adapters.faults import code_of, passing
from chalicelib.adapters.signing import Site, site_of
from chalicelib.domain.errors import StorageUnavailable
from chalicelib.domain.inspection import StoredPart
from chalicelib.domain.names import attachment
from chalicelib.ports import ObjectExists, PartsChanged, PartsGone, SignedUrl, StoredObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

EXPIRES_S = 900
JOINING_S = 840
KIND = "application/octet-stream"
LISTED_AT_ONCE = 1_000
"""S3 names no more parts in one answer."""

Addressing = Literal["virtual", "path"]
SHA256 = "x-amz-checksum-sha256"
TOKEN = "manyhands-token"

_GONE = frozenset({"NoSuchUpload"})
_EXISTS = frozenset({"PreconditionFailed"})
_CHANGED = frozenset(
    {"InvalidPart", "InvalidPartOrder", "EntityTooSmall", "BadDigest", "InvalidRequest"}
)
_TRY_AGAIN = frozenset({"ConditionalRequestConflict", "OperationAborted"})


def s3_client(
    region: str,
    patience_s: int,
    addressing: Addressing = "virtual",
    accelerate: bool = False,
) -> "S3Client":
    """A client that signs as S3 demands it; ``patience_s``: how long an answer may take.

    Joining may take minutes, so who joins passes ``JOINING_S``. ``addressing``: whether the bucket
    stands in the host (*virtual*, as S3 has it) or in the *path*, as some others want it.
    ``accelerate``: by the nearest edge of AWS, which the bucket must be set to.
    """
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": addressing, "use_accelerate_endpoint": accelerate},
        read_timeout=patience_s,
        connect_timeout=min(10, patience_s),
        retries={"mode": "standard", "total_max_attempts": 3},
    )
    return boto3.client("s3", region_name=region, config=config)


class S3Parts:
    """The port ``PartStore``. ``edge``: signs the URLs for parts, if they lead elsewhere."""

    def __init__(
        self,
        client: "S3Client",
        bucket: str,
        expires_s: int = EXPIRES_S,
        edge: "S3Client | None" = None,
    ) -> None:
        self._client, self._bucket, self._expires_s = client, bucket, expires_s
        self._edge = edge or client

    @cached_property
    def _site(self) -> Site:
        return site_of(self._edge, self._bucket)

    def create(self, key: str, token: str, name: str) -> str:
        with passing():
            answer = self._client.create_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                ChecksumAlgorithm="SHA256",
                ChecksumType="COMPOSITE",
                ContentType=KIND,
                ContentDisposition=attachment(name),
                Metadata={TOKEN: token},
            )
        return answer["UploadId"]

    def sign_put(self, key: str, multipart_id: str, part: int, size: int, digest: str) -> SignedUrl:
        query = {"uploadId": multipart_id, "partNumber": str(part)}
        bound = {"content-length": str(size), SHA256: digest}
        url = self._site.signed("PUT", key, query, bound, self._expires_s)
        return SignedUrl(url, {SHA256: digest}, self._expires_s * 1000)

    def parts(self, key: str, multipart_id: str) -> Sequence[StoredPart]:
        pages = self._client.get_paginator("list_parts").paginate(
            Bucket=self._bucket, Key=key, UploadId=multipart_id
        )
        try:
            with passing():
                return [_stored(part) for page in pages for part in page.get("Parts", [])]
        except ClientError as error:
            raise _meaning(error) from error

    def parts_between(
        self, key: str, multipart_id: str, first: int, last: int
    ) -> Sequence[StoredPart]:
        try:
            with passing():
                page = self._client.list_parts(
                    Bucket=self._bucket,
                    Key=key,
                    UploadId=multipart_id,
                    PartNumberMarker=first - 1,
                    MaxParts=min(LISTED_AT_ONCE, last - first + 1),
                )
        except ClientError as error:
            raise _meaning(error) from error
        return [_stored(part) for part in page.get("Parts", []) if part["PartNumber"] <= last]

    def join(self, key: str, multipart_id: str, parts: Sequence[StoredPart], size: int) -> str:
        try:
            with passing():
                answer = self._client.complete_multipart_upload(
                    Bucket=self._bucket,
                    Key=key,
                    UploadId=multipart_id,
                    MultipartUpload={"Parts": [_claimed(part) for part in parts]},
                    MpuObjectSize=size,
                    IfNoneMatch="*",
                )
        except ClientError as error:
            raise _meaning(error) from error
        return answer.get("ChecksumSHA256") or self._checksum(key)

    def _checksum(self, key: str) -> str:
        """The joined object's checksum, where S3 did not say it with the answer."""
        found = self.find(key)
        return found.checksum if found else ""

    def abort(self, key: str, multipart_id: str) -> None:
        try:
            with passing():
                self._client.abort_multipart_upload(
                    Bucket=self._bucket, Key=key, UploadId=multipart_id
                )
        except ClientError as error:
            if code_of(error) not in _GONE:
                raise

    def find(self, key: str) -> StoredObject | None:
        try:
            with passing():
                head = self._client.head_object(
                    Bucket=self._bucket, Key=key, ChecksumMode="ENABLED"
                )
        except ClientError as error:
            if code_of(error) in {"404", "NoSuchKey", "NotFound"}:
                return None
            raise
        token = head["Metadata"].get(TOKEN, "")
        return StoredObject(head["ContentLength"], head.get("ChecksumSHA256", ""), token)

    def sign_get(self, key: str, name: str) -> SignedUrl:
        wanted = {
            "Bucket": self._bucket,
            "Key": key,
            "ResponseContentDisposition": attachment(name),
            "ResponseContentType": KIND,
        }
        url = self._client.generate_presigned_url(
            "get_object", Params=wanted, ExpiresIn=self._expires_s
        )
        return SignedUrl(url, {}, self._expires_s * 1000)

    def delete(self, key: str) -> None:
        with passing():
            self._client.delete_object(Bucket=self._bucket, Key=key)


def _stored(part: Any) -> StoredPart:
    digest = base64.b64decode(part.get("ChecksumSHA256", ""))
    return StoredPart(part["PartNumber"], part["Size"], digest, part["ETag"])


def _claimed(part: StoredPart) -> Any:
    digest = base64.b64encode(part.digest).decode()
    return {"PartNumber": part.number, "ETag": part.etag, "ChecksumSHA256": digest}


def _meaning(error: ClientError) -> Exception:
    """What the storage's answer means for a multipart upload; unknown answers stay as they are."""
    meanings = (
        (_GONE, PartsGone()),
        (_EXISTS, ObjectExists()),
        (_CHANGED, PartsChanged()),
        (_TRY_AGAIN, StorageUnavailable()),
    )
    return next((meaning for codes, meaning in meanings if code_of(error) in codes), error)
