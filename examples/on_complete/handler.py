"""Starts a job for each complete file: a Lambda on a queue that hears of the ends of uploads.

The queue is subscribed to the topic, or a rule of EventBridge puts events into it; both are
understood. A queue stands between because a job may fail or be slow: it is tried again, and what
fails for good ends in the dead letters. Messages come at least once, so the result is named after
upload and generation and written only if it is not there.

The job here reads the object once, as a stream, and notes its SHA-256. Yours goes into ``job``.
"""

import hashlib
import json
import os
from typing import Any

import boto3
from botocore.exceptions import ClientError

VERSION = 1
CHUNK = 1024 * 1024


def handler(event: Any, context: Any) -> None:
    """One message at a time (BatchSize 1): whoever raises gets this one again, and no other."""
    for record in event["Records"]:
        body = json.loads(record["body"])
        told = body.get("detail", body)  # an event of EventBridge wraps it
        if told["version"] != VERSION:
            raise ValueError(f"version {told['version']} is not known here")
        if told["status"] == "complete":
            keep(told, job(told))


def job(told: Any) -> dict[str, Any]:
    digest = hashlib.sha256()
    for chunk in _s3().get_object(**_place(told))["Body"].iter_chunks(CHUNK):
        digest.update(chunk)
    return {"name": told["name"], "size": told["size"], "sha256": digest.hexdigest()}


def keep(told: Any, result: dict[str, Any]) -> None:
    try:
        _s3().put_object(
            Bucket=os.environ["RESULTS"],
            Key=f"{told['upload']}.{told['generation']}.json",
            Body=json.dumps(result, ensure_ascii=False).encode(),
            IfNoneMatch="*",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise


def _place(told: Any) -> dict[str, str]:
    return {"Bucket": told["object"]["bucket"], "Key": told["object"]["key"]}


def _s3() -> Any:
    return boto3.client("s3")
