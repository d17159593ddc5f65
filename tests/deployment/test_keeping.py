"""What holds data, from one stack to the next: whole deployments, one after the other."""

import secrets
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.deployment.aws import REGION, Aws
from tests.deployment.cloudformation import CloudFormation, Known
from tests.deployment.world import HOLD_DATA, SENDER, World
from tools.deploy.artefacts import empty
from tools.deploy.errors import NotDeployed
from tools.deploy.note import Note
from tools.deploy.package import Package


def test_after_a_failed_creation_the_next_one_takes_up_what_was_left(world: World) -> None:
    world.cloudformation.fails = {"Distribution": "Your account must be verified"}
    with pytest.raises(NotDeployed, match="Distribution: Your account must be verified"):
        world.deploy()
    world.cloudformation.fails = {}
    world.deploy()
    assert [kind for kind, _ in world.made()] == ["CREATE", "IMPORT", "UPDATE", "UPDATE"]
    assert HOLD_DATA.items() <= world.cloud.stack().holds().items()


def test_what_was_kept_is_taken_up_again(world: World) -> None:
    world.deploy()
    world.take()
    assert world.cloudformation.stacks == {}
    assert "Contents" not in world.aws.client("s3").list_objects_v2(Bucket=world.page)
    assert world.cloud.artefacts().note().kept == HOLD_DATA
    assert [line.split() for line in world.heard[-4:-1]] == [list(i) for i in HOLD_DATA.items()]
    world.deploy()
    imported = world.cloudformation.executed[2]
    assert {
        r["LogicalResourceId"]: next(iter(r["ResourceIdentifier"].items()))
        for r in imported["ResourcesToImport"]
    } == {
        "Bucket": ("BucketName", "kept-bucket"),
        "Pool": ("UserPoolId", "kept-pool"),
        "Table": ("TableName", "kept-table"),
    }
    assert set(imported["template"]["Resources"]) == set(HOLD_DATA)
    assert {r["DeletionPolicy"] for r in imported["template"]["Resources"].values()} == {"Retain"}
    assert world.cloud.artefacts().note() == Note()


def test_what_is_taken_up_is_described_as_it_was_and_then_changed(world: World) -> None:
    """CloudFormation believes an import, and an update changes what differs between templates."""
    first = world.package.template
    world.deploy(f"{SENDER} Accelerate=no KeepPartsDays=20")
    before = world.made()[-1][1]
    world.take()
    newer = deepcopy(dict(world.package.template))
    table = newer["Resources"]["Table"]["Properties"]
    table["GlobalSecondaryIndexes"].append({"IndexName": "by_day"})
    newer["Conditions"]["Accelerated"] = {"Fn::Equals": ["it", "changed"]}
    world.package = Package(newer, b"newer")
    world.deploy("Accelerate=yes Mfa=ON")
    imported, updated = world.cloudformation.executed[2:4]
    for name in HOLD_DATA:
        assert imported["template"]["Resources"][name] == first["Resources"][name]
        assert updated["template"]["Resources"][name] == newer["Resources"][name]
    assert imported["template"]["Conditions"] == first["Conditions"]
    assert imported["values"] == before
    assert updated["values"] | {"Accelerate": "no", "Mfa": "OFF"} == before


def test_what_was_told_once_outlives_the_stack(world: World) -> None:
    key = "arn:aws:kms:eu-central-1:123456789012:key/0000-1111"
    domain = "PageDomain=upload.your.domain PageZone=Z1 CallsPerAddress=3000"
    world.deploy(f"{SENDER} KeyArn={key} {domain}")
    before, beside = world.made()[-1], world.made("us-east-1")[-1]
    world.take()
    world.deploy(told="")
    assert world.made()[-1] == ("UPDATE", before[1])
    assert world.made("us-east-1")[-1] == beside


def test_after_a_failed_creation_nothing_need_be_told_again(world: World) -> None:
    world.cloudformation.fails = {"Distribution": "No"}
    with pytest.raises(NotDeployed):
        world.deploy(f"{SENDER} Accelerate=yes")
    world.cloudformation.fails = {}
    world.deploy("Accelerate=no")
    kinds = [(kind, values["Accelerate"]) for kind, values in world.made()]
    assert kinds == [("CREATE", "yes"), ("IMPORT", "yes"), ("UPDATE", "no"), ("UPDATE", "no")]


def test_a_failed_import_is_tried_again_and_nothing_empty_is_made(world: World) -> None:
    world.deploy()
    world.take()
    world.cloudformation.fails = {"Bucket": "No permission"}
    for _ in range(2):
        with pytest.raises(NotDeployed, match=r"(?s)Bucket: No permission.*kept.json"):
            world.deploy()
        standing = world.cloudformation.stacks["manyhands-dev"]
        assert standing.status == "IMPORT_ROLLBACK_COMPLETE"
        assert world.cloud.artefacts().note().kept == HOLD_DATA
    world.cloudformation.fails = {}
    world.deploy()
    kinds = [kind for kind, _ in world.made()]
    assert kinds == ["CREATE", "UPDATE", "IMPORT", "IMPORT", "IMPORT", "UPDATE"]
    assert len(world.cloudformation.gone) == 3, "what a failed import leaves is not built upon"
    assert HOLD_DATA.items() <= world.cloud.stack().holds().items()
    assert world.cloud.artefacts().note() == Note()


def test_an_update_that_fails_after_the_import_forgets_nothing(world: World) -> None:
    world.deploy()
    world.take()
    note = world.cloud.artefacts().note()
    world.cloudformation.refuses_updates = "No"
    for _ in range(2):
        with pytest.raises(NotDeployed, match="does not take the template: No"):
            world.deploy()
        assert world.cloud.artefacts().note() == note
    world.cloudformation.refuses_updates = ""
    world.deploy()
    assert [kind for kind, _ in world.made()][2:] == ["IMPORT", "UPDATE"]


def test_a_stack_that_stands_without_what_was_kept_gets_nothing_empty(world: World) -> None:
    world.deploy()
    artefacts = world.cloud.artefacts()
    artefacts.remember(Note({"Bucket": "another"}))
    count = len(world.made())
    with pytest.raises(NotDeployed, match="is without Bucket another, kept of a former one"):
        world.deploy("AlarmMail=ops@your.domain")
    assert len(world.made()) == count
    assert artefacts.note().kept == {"Bucket": "another"}


def test_a_deletion_that_nobody_waited_for_forgets_nothing(world: World) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    world.deploy()
    world.cloud = replace(world.cloud, wait=interrupted)
    world.cloudformation.lingers = True
    with pytest.raises(KeyboardInterrupt):
        world.take()
    with pytest.raises(NotDeployed, match="DELETE_IN_PROGRESS"):
        world.deploy()
    world.cloudformation.finish(world.cloudformation.stacks["manyhands-dev"])
    world.take()
    assert world.heard[-2].split() == ["Table", "kept-table"]
    world.deploy()
    assert "IMPORT" in [kind for kind, _ in world.made()]


def test_what_was_still_being_made_when_the_deletion_began_is_noted_too(world: World) -> None:
    class Late(CloudFormation):
        def finish(self, known: Known) -> None:
            known.resources["Pool"] = ("late", "CREATE_COMPLETE")
            super().finish(known)

    world.deploy()
    late = Late(lambda url: {}, lambda *_: {})
    late.stacks = world.cloudformation.stacks
    late.stacks["manyhands-dev"].resources["Pool"] = ("", "CREATE_IN_PROGRESS")
    world.regions[REGION] = late
    world.take()
    assert world.cloud.artefacts().note().kept == HOLD_DATA | {"Pool": "late"}


def test_what_is_to_be_deleted_is_deleted_though_it_is_protected(world: World) -> None:
    kept = world.cloudformation.called = _make_data(world.aws)
    world.deploy()
    world.take(delete_data=True)
    s3, dynamodb = world.aws.client("s3"), world.aws.client("dynamodb")
    assert kept["Bucket"] not in {b["Name"] for b in s3.list_buckets()["Buckets"]}
    assert kept["Table"] not in dynamodb.list_tables()["TableNames"]
    pools = world.aws.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
    assert kept["Pool"] not in {pool["Id"] for pool in pools}
    assert world.cloud.artefacts().note() == Note()


def test_a_deletion_of_data_that_failed_half_way_goes_on(world: World) -> None:
    class Refusing:
        def describe_user_pool(self, UserPoolId: str) -> Any:
            raise ClientError({"Error": {"Code": "TooManyRequestsException"}}, "DescribeUserPool")

    def make(service: str, region: str) -> Any:
        return Refusing() if service == "cognito-idp" else world.make(service, region)

    kept = world.cloudformation.called = _make_data(world.aws)
    world.deploy()
    willing, world.cloud = world.cloud, replace(world.cloud, make=make)
    with pytest.raises(ClientError):
        world.take(delete_data=True)
    assert world.cloud.artefacts().note().kept.keys() == {"Pool", "Table"}
    world.cloud = willing
    world.aws.client("cognito-idp").update_user_pool(
        UserPoolId=kept["Pool"], DeletionProtection="INACTIVE"
    )
    world.aws.client("cognito-idp").delete_user_pool(UserPoolId=kept["Pool"])
    world.take(delete_data=True)
    assert kept["Table"] not in world.aws.client("dynamodb").list_tables()["TableNames"]
    assert world.heard[-1] == f"Nothing is left of manyhands-dev in {REGION}."


def test_a_bucket_and_a_table_that_went_by_hand_are_gone(world: World) -> None:
    kept = world.cloudformation.called = _make_data(world.aws)
    world.deploy()
    world.take()
    empty(world.aws.client("s3"), kept["Bucket"])
    world.aws.client("s3").delete_bucket(Bucket=kept["Bucket"])
    dynamodb = world.aws.client("dynamodb")
    dynamodb.update_table(TableName=kept["Table"], DeletionProtectionEnabled=False)
    dynamodb.delete_table(TableName=kept["Table"])
    world.take(delete_data=True)
    assert world.cloud.artefacts().note() == Note()


def test_a_table_that_is_going_already_is_not_told_again(world: World) -> None:
    class Going:
        def describe_table(self, TableName: str) -> Any:
            return {"Table": {"TableStatus": "DELETING", "DeletionProtectionEnabled": False}}

    def make(service: str, region: str) -> Any:
        return Going() if service == "dynamodb" else world.make(service, region)

    world.cloud = replace(world.cloud, make=make)
    world.cloud.artefacts().ensure()
    world.cloud.artefacts().remember(Note({"Table": "going"}))
    world.take(delete_data=True)
    assert world.cloud.artefacts().note() == Note()


def test_what_was_kept_may_be_deleted_later(world: World) -> None:
    kept = world.cloudformation.called = _make_data(world.aws)
    world.deploy()
    world.take()
    assert kept["Table"] in world.aws.client("dynamodb").list_tables()["TableNames"]
    world.take(delete_data=True)
    assert kept["Table"] not in world.aws.client("dynamodb").list_tables()["TableNames"]


def test_where_nothing_is_nothing_is_taken(world: World) -> None:
    world.take()
    assert world.heard == [f"Nothing is left of manyhands-dev in {REGION}."]


def _make_data(aws: Aws) -> dict[str, str]:
    """A bucket that is not empty, a table and a pool that refuse to be deleted."""
    s3, name = aws.client("s3"), f"data-{secrets.token_hex(4)}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=name, Key="uploads/a", Body=b"x")
    aws.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        DeletionProtectionEnabled=True,
    )
    pool = aws.client("cognito-idp").create_user_pool(PoolName=name, DeletionProtection="ACTIVE")
    return {"Bucket": name, "Pool": pool["UserPool"]["Id"], "Table": name}
