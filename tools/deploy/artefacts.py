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

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Artefacts:
    """One bucket for all stages of an account's region; each stack has a folder of its own."""

    def __init__(self, s3: "S3Client", account: str, region: str, stack: str) -> None:
        self._s3, self._account, self._region, self._stack = s3, account, region, stack
        self.bucket = f"manyhands-artefacts-{account}-{region}"

    def ensure(self) -> bool:
        """Whether the bucket had to be made. Raises NotDeployed if it is somebody else's."""
        try:
            self._s3.head_bucket(Bucket=self.bucket, ExpectedBucketOwner=self._account)
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"404", "NoSuchBucket"}:
                raise NotDeployed(f"The bucket {self.bucket} is there, but is not ours.") from error
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

    def note(self) -> dict[str, str]:
        """What was remembered of this stack; nothing if nothing was."""
        try:
            found = self._s3.get_object(Bucket=self.bucket, Key=self._note)
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"NoSuchBucket", "NoSuchKey"}:
                raise
            return {}
        return dict(json.loads(found["Body"].read()))

    def remember(self, note: Mapping[str, str]) -> None:
        self._s3.put_object(Bucket=self.bucket, Key=self._note, Body=json.dumps(note).encode())

    def forget(self) -> None:
        self._s3.delete_object(Bucket=self.bucket, Key=self._note)

    def clear(self) -> None:
        """Delete what this stack was made of."""
        empty(self._s3, self.bucket, f"{self._stack}/")

    @property
    def _note(self) -> str:
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
    """Delete all objects, and what was begun of others. How many objects there were."""
    count = 0
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        keys: Any = [{"Key": found["Key"]} for found in page.get("Contents", [])]
        if keys:
            answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
            if errors := answer.get("Errors"):
                raise NotDeployed(f"Not all of {bucket} can be deleted: {errors[0]['Message']}")
            count += len(keys)
    unfinished = s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=prefix)
    for uploads in unfinished:
        for begun in uploads.get("Uploads", []):
            s3.abort_multipart_upload(Bucket=bucket, Key=begun["Key"], UploadId=begun["UploadId"])
    return count
