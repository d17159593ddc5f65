"""Where CloudFormation finds code and template: a private bucket, made when it is first needed.

What lies there is named by its content, so the same code is uploaded once and changes nothing.
Nothing expires: a stack that goes back to its last state needs the code of that state again.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tools.deploy.errors import NotDeployed
from tools.deploy.note import Note

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Artefacts:
    """One bucket for all stages of an account's region; each stack has a folder of its own."""

    def __init__(self, s3: "S3Client", account: str, region: str, stack: str) -> None:
        self._s3, self._account, self._region, self._stack = s3, account, region, stack
        self.bucket = f"manyhands-artefacts-{account}-{region}"

    def ensure(self) -> bool:
        """Whether the bucket had to be made. Raises NotDeployed if it may not be looked at."""
        try:
            self._s3.head_bucket(Bucket=self.bucket, ExpectedBucketOwner=self._account)
        except ClientError as error:
            if _code(error) == "403":
                raise NotDeployed(
                    f"The bucket {self.bucket} is there, but is not ours, or these credentials may "
                    "not look at it: that takes s3:ListBucket."
                ) from error
            if _code(error) not in {"404", "NoSuchBucket"}:
                raise
        else:
            return False
        self._make()
        return True

    def put(self, body: bytes, kind: str) -> str:
        """The key of what was, or is already, uploaded."""
        key = f"{self._stack}/{hashlib.sha256(body).hexdigest()}.{kind}"
        if "Contents" not in self._s3.list_objects_v2(Bucket=self.bucket, Prefix=key):
            self._s3.put_object(Bucket=self.bucket, Key=key, Body=body)
        return key

    def put_template(self, template: Mapping[str, Any]) -> str:
        """The address that CloudFormation reads it from."""
        key = self.put(json.dumps(template, indent=1).encode(), "json")
        return f"https://{self.bucket}.s3.{self._region}.amazonaws.com/{key}"

    def note(self) -> Note:
        """What was remembered of this stack; nothing if nothing was."""
        try:
            found = self._s3.get_object(Bucket=self.bucket, Key=self.noted_at)
        except ClientError as error:
            if _code(error) not in {"NoSuchBucket", "NoSuchKey"}:
                raise
            return Note()
        return Note(**json.loads(found["Body"].read()))

    def remember(self, note: Note) -> None:
        body = json.dumps(note.written(), indent=1).encode()
        self._s3.put_object(Bucket=self.bucket, Key=self.noted_at, Body=body)

    def forget(self) -> None:
        self._s3.delete_object(Bucket=self.bucket, Key=self.noted_at)

    def clear(self) -> None:
        """Delete what this stack was made of."""
        empty(self._s3, self.bucket, f"{self._stack}/")

    @property
    def noted_at(self) -> str:
        return f"{self._stack}/kept.json"

    def _make(self) -> None:
        where: Any = {"CreateBucketConfiguration": {"LocationConstraint": self._region}}
        self._s3.create_bucket(Bucket=self.bucket, **({} if self._region == "us-east-1" else where))
        self._s3.put_public_access_block(
            Bucket=self.bucket,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
        )


def empty(s3: "S3Client", bucket: str, prefix: str = "") -> int:
    """Delete all objects, and what was begun of others. How many objects there were; in a bucket
    that is gone, none."""
    try:
        count = _delete_objects(s3, bucket, prefix)
        _abort_what_was_begun(s3, bucket, prefix)
    except ClientError as error:
        if _code(error) != "NoSuchBucket":
            raise
        return 0
    return count


def _delete_objects(s3: "S3Client", bucket: str, prefix: str) -> int:
    count = 0
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        keys: Any = [{"Key": found["Key"]} for found in page.get("Contents", [])]
        if keys:
            answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
            if errors := answer.get("Errors"):
                raise NotDeployed(f"Not all of {bucket} can be deleted: {errors[0]['Message']}")
            count += len(keys)
    return count


def _abort_what_was_begun(s3: "S3Client", bucket: str, prefix: str) -> None:
    unfinished = s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=prefix)
    for uploads in unfinished:
        for begun in uploads.get("Uploads", []):
            s3.abort_multipart_upload(Bucket=bucket, Key=begun["Key"], UploadId=begun["UploadId"])


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]
