"""What the template says is what is there, and what is not understood is an error."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.resources import create_resources
from local.stack import REGION, TEMPLATE, Stack
from local.strict.server import StrictMoto
from local.template import References, TemplateError, Unresolved, load
from tests.local.conftest import client


@pytest.fixture
def bucket(stack: Stack) -> dict[str, str]:
    return {"Bucket": stack.resources.references.ref("Bucket")}


def test_the_bucket_is_as_the_template_says(stack: Stack, bucket: dict[str, str]) -> None:
    s3 = stack.client("s3")
    (rule,) = s3.get_bucket_cors(**bucket)["CORSRules"]
    assert rule["AllowedOrigins"] == [stack.url]
    assert rule["AllowedMethods"] == ["PUT", "GET", "HEAD"]
    (life,) = s3.get_bucket_lifecycle_configuration(**bucket)["Rules"]
    assert life["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] == 14
    block = s3.get_public_access_block(**bucket)["PublicAccessBlockConfiguration"]
    assert all(block.values())
    (encrypted,) = s3.get_bucket_encryption(**bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert encrypted["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


def test_the_table_is_as_the_template_says(stack: Stack) -> None:
    dynamodb, name = stack.client("dynamodb"), stack.resources.references.ref("Table")
    table = dynamodb.describe_table(TableName=name)["Table"]
    assert {i["IndexName"] for i in table["GlobalSecondaryIndexes"]} == {
        "by_group",
        "by_due",
        "by_owner",
        "by_use",
    }
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert expiry["AttributeName"] == "expires"


def test_the_sample_people_are_in_overlapping_groups(stack: Stack) -> None:
    cognito, pool = stack.client("cognito-idp"), stack.resources.references.ref("Pool")

    def members(group: str) -> set[str]:
        """Other tests bring people of their own."""
        users = cognito.list_users_in_group(UserPoolId=pool, GroupName=group)["Users"]
        return {user["Username"] for user in users} & {"ana", "ben", "cleo"}

    assert members("film") == {"ana", "ben"}
    assert members("lab") == {"ben", "cleo"}


def altered(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    template = load(TEMPLATE)
    change(template)
    path = tmp_path / "template.yaml"
    path.write_text(yaml.safe_dump(template))
    return path


def an_unknown_type(template: dict[str, Any]) -> None:
    template["Resources"]["Lake"] = {"Type": "AWS::Lake::Formation"}


def an_unknown_property(template: dict[str, Any]) -> None:
    template["Resources"]["Bucket"]["Properties"]["ObjectLockEnabled"] = True


def an_unknown_function(template: dict[str, Any]) -> None:
    template["Resources"]["Topic"]["Properties"]["TopicName"] = {"Fn::Select": [0, ["a"]]}


def a_dangling_reference(template: dict[str, Any]) -> None:
    template["Resources"]["Topic"]["Properties"]["TopicName"] = {"Ref": "Nobody"}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (an_unknown_type, "Lake: AWS::Lake::Formation"),
        (an_unknown_property, "ObjectLockEnabled"),
        (an_unknown_function, "Fn::Select"),
        (a_dangling_reference, "Topic"),
    ],
)
def test_what_is_not_understood_is_an_error(
    strict: StrictMoto, tmp_path: Path, change: Callable[[dict[str, Any]], None], complaint: str
) -> None:
    name = {"AWS::StackName": f"other-{secrets.token_hex(4)}"}
    with pytest.raises(TemplateError, match=complaint):
        create_resources(
            altered(tmp_path, change), lambda service: client(strict.url, service), REGION, name
        )


def test_references_are_found_in_every_notation() -> None:
    references = References({"AWS::Region": "eu"})
    references.add("Bucket", "b", Arn="arn:b")
    value = {
        "a": {"Ref": "Bucket"},
        "b": [{"Fn::GetAtt": "Bucket.Arn"}, {"Fn::GetAtt": ["Bucket", "Arn"]}],
        "c": {"Fn::Sub": "${AWS::Region}/${Bucket}/${Bucket.Arn}/*"},
    }
    assert references.resolve(value) == {"a": "b", "b": ["arn:b"] * 2, "c": "eu/b/arn:b/*"}
    with pytest.raises(Unresolved):
        references.resolve({"Fn::Sub": "${Later.Arn}"})


def test_options_of_the_template_are_made_here_too(strict: StrictMoto) -> None:
    options = {
        "AWS::StackName": f"other-{secrets.token_hex(4)}",
        "KeyArn": "arn:aws:kms:eu-central-1:123456789012:key/0000-1111",
        "Accelerate": "yes",
        "Protected": "yes",
        "Mfa": "ON",
    }
    made = create_resources(TEMPLATE, lambda name: client(strict.url, name), REGION, options)
    s3, bucket = client(strict.url, "s3"), made.references.ref("Bucket")
    assert s3.get_bucket_accelerate_configuration(Bucket=bucket)["Status"] == "Enabled"
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == options["KeyArn"]
    table = client(strict.url, "dynamodb").describe_table(TableName=made.references.ref("Table"))
    assert table["Table"]["DeletionProtectionEnabled"] is True
    pool = client(strict.url, "cognito-idp").get_user_pool_mfa_config(
        UserPoolId=made.references.ref("Pool")
    )
    assert pool["MfaConfiguration"] == "ON"
    assert made.environment("APIHandler")["ACCELERATE"] == "yes"


def test_conditions_decide_what_is_there() -> None:
    conditions = {
        "Asked": {"Fn::Equals": [{"Ref": "Wish"}, "yes"]},
        "Neither": {"Fn::Not": [{"Condition": "Asked"}]},
        "Both": {"Fn::And": [{"Condition": "Asked"}, {"Condition": "Neither"}]},
    }
    for wish, taken in (("yes", {"a": 1}), ("no", {})):
        references = References({"Wish": wish}, conditions)
        choice = {"a": {"Fn::If": ["Asked", 1, {"Ref": "AWS::NoValue"}]}}
        assert references.resolve(choice) == taken
        assert references.exists({"Condition": "Asked"}) is (wish == "yes")
        assert references.exists({}) and not references.holds("Both")
        nowhere = {"Fn::If": ["Asked", {"Ref": "Wish"}, {"Ref": "Wish"}]}
        assert references.resolve([nowhere, {"Ref": "AWS::NoValue"}]) == [wish]
    with pytest.raises(TemplateError, match="Unheard"):
        references.holds("Unheard")


def test_the_branch_that_is_not_taken_may_lead_nowhere() -> None:
    references = References({}, {"Never": {"Fn::Equals": ["a", "b"]}})
    assert references.resolve({"Fn::If": ["Never", {"Ref": "Nobody"}, "here"]}) == "here"


def test_a_folder_is_one_template_that_says_nothing_twice(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("Description: d\nResources:\n  A: {Type: T}\n")
    (tmp_path / "b.yaml").write_text("Resources:\n  B: {Type: !GetAtt A.Arn}\n")
    assert load(tmp_path) == {
        "Description": "d",
        "Resources": {"A": {"Type": "T"}, "B": {"Type": {"Fn::GetAtt": ["A", "Arn"]}}},
    }
    (tmp_path / "c.yaml").write_text("Resources:\n  A: {Type: T}\n")
    with pytest.raises(TemplateError, match=r"Resources: \['A'\]"):
        load(tmp_path)
