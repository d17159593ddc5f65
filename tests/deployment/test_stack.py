"""One stack: brought to a template, or a clear word of why not. On moto, which executes change
sets of plain templates, and on a stand-in that fails as CloudFormation does."""

import json
import secrets
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.deployment.aws import REGION, Aws
from tests.deployment.cloudformation import CloudFormation, Known
from tools.deploy.artefacts import Artefacts, empty
from tools.deploy.errors import NotDeployed
from tools.deploy.stack import Stack

ACCOUNT = "123456789012"
TABLE = {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Retain", "Properties": {}}
SIMPLE = {"Resources": {"Table": TABLE, "Topic": {"Type": "AWS::SNS::Topic"}}}
URL = "https://templates/simple.json"


class Heard(list[str]):
    """What was said."""

    def __call__(self, text: str) -> None:
        self.append(text)


def never(_: float) -> None:
    raise AssertionError("nothing here takes time")


@pytest.fixture
def cloudformation() -> CloudFormation:
    return CloudFormation(lambda url: SIMPLE, lambda *_: {})


@pytest.fixture
def stack(cloudformation: CloudFormation) -> Stack:
    return Stack(name="manyhands-dev", client=cloudformation, say=Heard(), wait=never)


def test_on_moto_a_stack_is_made_left_alone_changed_and_deleted(aws: Aws) -> None:
    name, heard = f"manyhands-{secrets.token_hex(4)}", Heard()
    artefacts = Artefacts(aws.client("s3"), ACCOUNT, REGION, name)
    artefacts.ensure()
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "Called"}}}
    url = artefacts.put_template(
        {
            "Parameters": {"Called": {"Type": "String"}},
            "Resources": {"Topic": topic},
            "Outputs": {"Arn": {"Value": {"Ref": "Topic"}}},
        }
    )
    stack = Stack(name=name, client=aws.client("cloudformation"), say=heard, wait=never)
    assert stack.described() is None and not stack.stands()
    assert stack.apply(url, {"Called": f"{name}-a"}, Tags=[{"Key": "manyhands", "Value": "dev"}])
    assert not stack.apply(url, {"Called": f"{name}-a"})
    assert stack.apply(url, {"Called": f"{name}-b"})
    assert stack.parameters() == {"Called": f"{name}-b"}
    topics = [t["TopicArn"] for t in aws.client("sns").list_topics()["Topics"]]
    assert [t for t in topics if name in t] == [f"arn:aws:sns:{REGION}:{ACCOUNT}:{name}-b"]
    found = stack.described()
    assert found is not None
    stack.delete(found["StackId"])
    assert stack.described() is None
    assert heard[0] == f"{name}: 1 to add, 0 to change, 0 to remove."
    assert [line.removeprefix(f"{name}: ") for line in heard if " to add" not in line] == [
        *("create complete.", "nothing to change.", "update complete.", "delete complete.")
    ]


def test_what_fails_is_told_with_its_reasons_and_without_its_victims(
    stack: Stack, cloudformation: CloudFormation
) -> None:
    cloudformation._happened("Topic", "CREATE_FAILED", "of an earlier attempt")
    cloudformation.fails = {"Table": "Subscriber limit exceeded", "Pool": "No permission"}
    with pytest.raises(NotDeployed) as error:
        stack.apply(URL, {})
    assert str(error.value) == (
        "manyhands-dev is ROLLBACK_COMPLETE, because:\n"
        "  Table: Subscriber limit exceeded\n  Pool: No permission"
    )


def test_a_template_that_is_not_taken_is_told(stack: Stack, cloudformation: CloudFormation) -> None:
    cloudformation.refuses = "Template format error"
    with pytest.raises(NotDeployed, match="does not take the template: Template format error"):
        stack.apply(URL, {})
    assert cloudformation.sets == []


def test_a_change_that_would_lose_data_is_not_made(
    stack: Stack, cloudformation: CloudFormation
) -> None:
    stack.apply(URL, {})
    cloudformation.replaces = {"Table", "Topic"}
    with pytest.raises(NotDeployed, match="something empty in the place of Table"):
        stack.apply(URL, {"A": "1"})
    assert len(cloudformation.executed) == 1
    cloudformation.replaces = {"Topic"}
    assert stack.apply(URL, {"A": "1"})


@pytest.mark.parametrize(
    ("status", "complaint"),
    [
        ("UPDATE_IN_PROGRESS", "being changed by somebody else"),
        ("UPDATE_ROLLBACK_FAILED", "takes no change"),
    ],
)
def test_a_stack_that_takes_no_change_now_is_left_alone(
    stack: Stack, cloudformation: CloudFormation, status: str, complaint: str
) -> None:
    cloudformation.stacks[stack.name] = Known("arn", status)
    with pytest.raises(NotDeployed, match=complaint):
        stack.apply(URL, {})
    assert cloudformation.sets == []


def test_a_stack_whose_creation_failed_is_cleared(
    stack: Stack, cloudformation: CloudFormation
) -> None:
    cloudformation.fails = {"Topic": "No"}
    with pytest.raises(NotDeployed):
        stack.apply(URL, {})
    failed = stack.clear()
    assert failed and stack.described() is None
    assert stack.kept(failed) == {"Table": "kept-table"}
    assert stack.clear() == ""


def test_waiting_has_an_end() -> None:
    class Endless(CloudFormation):
        def execute_change_set(self, StackName: str, ChangeSetName: str) -> None:
            self.stacks[StackName] = Known("arn", "CREATE_IN_PROGRESS")

    waited: list[float] = []
    client = Endless(lambda url: SIMPLE, lambda *_: {})
    stack = Stack(name="manyhands-dev", client=client, say=Heard(), wait=waited.append)
    with pytest.raises(NotDeployed, match="has not come to an end"):
        stack.apply(URL, {})
    assert 3_600 <= sum(waited) <= 7_200


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
    assert artefacts.note() == {}
    artefacts.remember({"Table": "t"})
    assert artefacts.note() == {"Table": "t"}
    artefacts.forget()
    assert artefacts.note() == {}


def test_a_template_is_where_its_address_says(aws: Aws) -> None:
    artefacts = Artefacts(aws.client("s3"), ACCOUNT, REGION, f"m-{secrets.token_hex(4)}")
    artefacts.ensure()
    url = artefacts.put_template(SIMPLE)
    host, _, key = url.removeprefix("https://").partition("/")
    assert host == f"{artefacts.bucket}.s3.{REGION}.amazonaws.com"
    found: Any = aws.client("s3").get_object(Bucket=artefacts.bucket, Key=key)["Body"].read()
    assert json.loads(found) == SIMPLE
