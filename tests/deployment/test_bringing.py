"""Whole deployments: the packaged template, moto for all but CloudFormation and CloudFront.

The stand-in keeps to CloudFormation's rules; that AWS does as well, only AWS can tell.
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.deployment.aws import REGION, Aws
from tests.deployment.cloudformation import CloudFormation
from tests.deployment.reading import Seen
from tests.deployment.test_stack import Heard, never
from tools.deploy.bringing import Bringing
from tools.deploy.cloud import Cloud
from tools.deploy.errors import NotDeployed
from tools.deploy.package import Package
from tools.deploy.taking import Taking

SENDER = "MailFrom=uploads@your.domain"
ADDRESS = "https://<Distribution.DomainName>"
HOLD_DATA = {"Bucket": "kept-bucket", "Pool": "kept-pool", "Table": "kept-table"}


class CloudFront:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def create_invalidation(self, **asked: Any) -> None:
        self.asked.append(asked["DistributionId"])


class World:
    """An AWS of its own, with a stage that no other test uses."""

    def __init__(self, aws: Aws, package: Package, page: str) -> None:
        self.aws, self.package, self.page = aws, package, page
        self.regions: dict[str, CloudFormation] = {}
        self.order: list[str] = []
        self.cloudfront, self.heard = CloudFront(), Heard()
        self.cloud = Cloud(region=REGION, stage="dev", say=self.heard, make=self.make, wait=never)

    @property
    def cloudformation(self) -> CloudFormation:
        return self.make("cloudformation", REGION)

    def make(self, service: str, region: str) -> Any:
        if service == "cloudformation":
            new = CloudFormation(
                lambda url: self._template(url, region), lambda *made: self._outputs(region, *made)
            )
            return self.regions.setdefault(region, new)
        return self.cloudfront if service == "cloudfront" else self.aws.client(service, region)

    def deploy(self, told: str = SENDER) -> dict[str, str]:
        return Bringing(cloud=self.cloud, stage="dev", package=self.package, told=told).run()

    def take(self, delete_data: bool = False) -> None:
        Taking(cloud=self.cloud, delete_data=delete_data).run()

    def made(self, region: str = REGION) -> list[tuple[str, dict[str, str]]]:
        return [(s["ChangeSetType"], s["values"]) for s in self.regions[region].executed]

    def _template(self, url: str, region: str) -> dict[str, Any]:
        bucket, _, key = url.removeprefix("https://").partition(f".s3.{region}.amazonaws.com/")
        found = self.aws.client("s3", region).get_object(Bucket=bucket, Key=key)
        template: dict[str, Any] = json.loads(found["Body"].read())
        return template

    def _outputs(
        self, region: str, template: Mapping[str, Any], parameters: Mapping[str, str]
    ) -> dict[str, str]:
        self.order.append(region)
        seen = Seen(template, parameters)
        told = {k: o for k, o in template.get("Outputs", {}).items() if seen.exists(o)}
        outputs = {name: str(seen.resolve(o["Value"])) for name, o in told.items()}
        return outputs | ({"PageBucketName": self.page} if "PageBucketName" in outputs else {})


@pytest.fixture
def world(aws: Aws, package: Package) -> Iterator[World]:
    s3, page = aws.client("s3"), f"page-{secrets.token_hex(4)}"
    where = {"LocationConstraint": REGION}
    s3.create_bucket(Bucket=page, CreateBucketConfiguration=where)
    world = World(aws, Package(package.template, b"the code"), page)
    yield world
    world.cloud.artefacts().ensure()
    world.cloud.artefacts().clear()


def test_the_first_deployment_goes_round_twice_until_everybody_knows_the_address(
    world: World,
) -> None:
    outputs = world.deploy()
    (first, before), (second, after) = world.made()
    assert (first, second) == ("CREATE", "UPDATE")
    assert before["PageOrigin"] == "http://localhost:8080"
    assert after == before | {"PageOrigin": ADDRESS}
    assert outputs["PageUrl"] == ADDRESS
    assert world.heard[-1] == f"Manyhands is at {ADDRESS}"


def test_deployed_again_nothing_changes_and_what_was_told_once_holds(world: World) -> None:
    world.deploy()
    count = len(world.made())
    world.deploy(told="")
    assert len(world.made()) == count
    assert "manyhands-dev: nothing to change." in world.heard
    assert any("3 of" in line for line in world.heard)


def test_the_code_lies_where_the_template_says(world: World) -> None:
    world.deploy()
    template = world.cloudformation.executed[0]["template"]
    for name in ("APIHandler", "Assemble", "Notify", "Sweep"):
        place = template["Resources"][name]["Properties"]["CodeUri"]
        code = world.aws.client("s3").get_object(Bucket=place["Bucket"], Key=place["Key"])
        assert code["Body"].read() == world.package.code


def test_the_page_is_there_and_knows_where_to_sign_in(world: World) -> None:
    outputs = world.deploy()
    s3 = world.aws.client("s3")
    config = json.loads(s3.get_object(Bucket=world.page, Key="config.json")["Body"].read())
    assert config["client_id"] == outputs["PoolClientId"] == "<PoolClient>"
    assert b"v/" in s3.get_object(Bucket=world.page, Key="index.html")["Body"].read()
    assert world.cloudfront.asked == [outputs["DistributionId"]]


def test_without_a_sender_nothing_is_begun(world: World) -> None:
    with pytest.raises(NotDeployed, match="Nobody is known to send the mails"):
        world.deploy(told="")
    assert world.made() == []


def test_a_domain_of_ones_own_is_known_at_once_and_gets_its_certificate(world: World) -> None:
    world.deploy(f"{SENDER} PageDomain=upload.your.domain PageZone=Z1")
    assert [kind for kind, _ in world.made("us-east-1")] == ["CREATE"]
    ((kind, values),) = world.made()
    assert (kind, values["PageOrigin"]) == ("CREATE", "https://upload.your.domain")
    assert values["CertificateArn"] == "<Certificate>"
    world.deploy(told="")
    assert len(world.made()) == len(world.made("us-east-1")) == 1


def test_a_certificate_of_ones_own_needs_no_companion_stack(world: World) -> None:
    told = f"{SENDER} PageDomain=upload.your.domain CertificateArn=arn:mine PageZone=Z1"
    world.deploy(told)
    world.deploy(told="")
    assert world.regions["us-east-1"].executed == []
    assert world.made()[-1][1]["CertificateArn"] == "arn:mine"


def test_a_web_acl_is_made_before_it_is_used_and_goes_after(world: World) -> None:
    """AWS deletes none that a distribution still uses."""
    world.deploy(f"{SENDER} CallsPerAddress=3000")
    assert world.made()[-1][1]["WebAclArn"] == "<WebAcl.Arn>"
    assert world.order[:2] == ["us-east-1", REGION]
    world.order.clear()
    world.deploy("CallsPerAddress=0")
    assert world.made()[-1][1]["WebAclArn"] == ""
    assert world.made("us-east-1")[-1][1]["CallsPerAddress"] == "0"
    assert world.order == [REGION, "us-east-1"]


def test_what_is_taken_away_and_added_at_once_is_refused(world: World) -> None:
    world.deploy(f"{SENDER} CallsPerAddress=3000")
    count = len(world.made())
    with pytest.raises(NotDeployed, match="in one deployment"):
        world.deploy("CallsPerAddress=0 PageDomain=upload.your.domain PageZone=Z1")
    assert len(world.made()) == count


def test_a_certificate_that_went_is_not_used_any_more(world: World) -> None:
    world.deploy(f"{SENDER} PageDomain=upload.your.domain PageZone=Z1")
    world.deploy("PageDomain=")
    values = world.made()[-1][1]
    assert (values["PageOrigin"], values["CertificateArn"]) == (ADDRESS, "")


def test_after_a_failed_creation_the_next_one_takes_up_what_was_left(world: World) -> None:
    world.cloudformation.fails = {"Distribution": "Your account must be verified"}
    with pytest.raises(NotDeployed, match="Distribution: Your account must be verified"):
        world.deploy()
    world.cloudformation.fails = {}
    world.deploy()
    assert [kind for kind, _ in world.made()] == ["CREATE", "IMPORT", "UPDATE", "UPDATE"]


def test_what_was_kept_is_taken_up_again(world: World) -> None:
    world.deploy()
    world.take()
    assert world.cloudformation.stacks == {}
    assert "Contents" not in world.aws.client("s3").list_objects_v2(Bucket=world.page)
    assert world.cloud.artefacts().note() == HOLD_DATA
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
    assert world.cloud.artefacts().note() == {}


def test_what_is_to_be_deleted_is_deleted_though_it_is_protected(world: World) -> None:
    world.deploy()
    kept = _make_data(world.aws)
    world.cloudformation._retained = lambda template: kept  # type: ignore[method-assign]
    world.take(delete_data=True)
    s3, dynamodb = world.aws.client("s3"), world.aws.client("dynamodb")
    assert kept["Bucket"] not in {b["Name"] for b in s3.list_buckets()["Buckets"]}
    assert kept["Table"] not in dynamodb.list_tables()["TableNames"]
    pools = world.aws.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
    assert kept["Pool"] not in {pool["Id"] for pool in pools}
    assert world.cloud.artefacts().note() == {}


def test_what_was_kept_may_be_deleted_later(world: World) -> None:
    world.deploy()
    kept = _make_data(world.aws)
    world.cloudformation._retained = lambda template: kept  # type: ignore[method-assign]
    world.take()
    assert kept["Table"] in world.aws.client("dynamodb").list_tables()["TableNames"]
    world.take(delete_data=True)
    assert kept["Table"] not in world.aws.client("dynamodb").list_tables()["TableNames"]


def test_where_nothing_is_nothing_is_taken(world: World) -> None:
    world.take()
    assert world.heard == ["Nothing is left of manyhands-dev."]


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
