"""The bucket that code, templates and notes lie in."""

import json
import secrets
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.deployment.aws import REGION, Aws
from tests.deployment.test_stack import ACCOUNT, SIMPLE, TABLE
from tools.deploy.artefacts import Artefacts, empty
from tools.deploy.errors import NotDeployed
from tools.deploy.note import Note


class Refusing:
    """An S3 that answers with a status and nothing else, as to each HEAD."""

    def __init__(self, code: str) -> None:
        self._code = code

    def head_bucket(self, **_: str) -> None:
        raise ClientError({"Error": {"Code": self._code, "Message": "?"}}, "HeadBucket")


def test_a_bucket_that_may_not_be_looked_at_may_be_ours() -> None:
    s3: Any = Refusing("403")
    with pytest.raises(NotDeployed, match="not ours, or these credentials may not look at it"):
        Artefacts(s3, ACCOUNT, REGION, "manyhands-dev").ensure()


@pytest.mark.parametrize("code", ["400", "503"])
def test_whatever_else_s3_answers_is_passed_on(code: str) -> None:
    s3: Any = Refusing(code)
    with pytest.raises(ClientError, match=code):
        Artefacts(s3, ACCOUNT, REGION, "manyhands-dev").ensure()


def test_a_bucket_that_is_gone_is_empty(aws: Aws) -> None:
    assert empty(aws.client("s3"), f"gone-{secrets.token_hex(4)}") == 0


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_the_artefacts_bucket_is_made_once_and_is_private(aws: Aws, region: str) -> None:
    s3 = aws.client("s3", region)
    account = (
        f"{secrets.randbelow(10**12):012}"  # whose name for the bucket no other test has taken
    )
    artefacts = Artefacts(s3, account, region, "manyhands-dev")
    assert (artefacts.ensure(), artefacts.ensure()) == (True, False)
    block = s3.get_public_access_block(Bucket=artefacts.bucket)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}


def test_the_same_code_is_uploaded_once(aws: Aws) -> None:
    s3 = aws.client("s3")
    artefacts = Artefacts(s3, ACCOUNT, REGION, f"manyhands-{secrets.token_hex(4)}")
    artefacts.ensure()
    key = artefacts.put(b"code", "zip")
    first = s3.head_object(Bucket=artefacts.bucket, Key=key)["LastModified"]
    assert artefacts.put(b"code", "zip") == key != artefacts.put(b"other", "zip")
    assert s3.head_object(Bucket=artefacts.bucket, Key=key)["LastModified"] == first
    assert first <= datetime.now(UTC)


def test_a_bucket_is_emptied_of_what_was_only_begun_too(aws: Aws) -> None:
    s3, name = aws.client("s3"), f"full-{secrets.token_hex(4)}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    for key in ("a/1", "a/2", "b/3"):
        s3.put_object(Bucket=name, Key=key, Body=b"x")
    s3.create_multipart_upload(Bucket=name, Key="a/begun")
    assert empty(s3, name, "a/") == 2
    assert empty(s3, name) == 1
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=name)
    s3.delete_bucket(Bucket=name)


def test_a_note_outlives_the_stack(aws: Aws) -> None:
    artefacts = Artefacts(aws.client("s3"), ACCOUNT, REGION, f"m-{secrets.token_hex(4)}")
    artefacts.ensure()
    assert artefacts.note() == Note()
    note = Note({"Table": "t"}, {"Resources": {"Table": TABLE}}, {"Stage": "dev"})
    artefacts.remember(note)
    assert artefacts.note() == note
    artefacts.forget()
    assert artefacts.note() == Note()


def test_a_template_is_where_its_address_says(aws: Aws) -> None:
    artefacts = Artefacts(aws.client("s3"), ACCOUNT, REGION, f"m-{secrets.token_hex(4)}")
    artefacts.ensure()
    url = artefacts.put_template(SIMPLE)
    host, _, key = url.removeprefix("https://").partition("/")
    assert host == f"{artefacts.bucket}.s3.{REGION}.amazonaws.com"
    found: Any = aws.client("s3").get_object(Bucket=artefacts.bucket, Key=key)["Body"].read()
    assert json.loads(found) == SIMPLE
