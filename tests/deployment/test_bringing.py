"""Whole deployments: the packaged template, moto for all but CloudFormation and CloudFront."""

import json

import pytest

from tests.deployment.aws import REGION
from tests.deployment.world import ADDRESS, SENDER, World
from tools.deploy.errors import NotDeployed
from tools.deploy.package import INFRA
from tools.deploy.parameters import of_stage


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


def test_what_was_told_once_holds_against_the_stages_file(world: World) -> None:
    told = {"SweepReserved": "yes", "ApiRate": "900", "LogDays": "365"}
    world.deploy(" ".join([SENDER, *(f"{name}={value}" for name, value in told.items())]))
    world.deploy("AlarmMail=ops@your.domain")
    values = world.made()[-1][1]
    assert {name: values[name] for name in told} == told
    assert values["ApiBurst"] == of_stage(INFRA, "dev")["ApiBurst"]


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


@pytest.mark.parametrize("told", ["", "MailFrom=", "MailFrom=mail@example.org"])
def test_without_a_sender_nothing_is_begun(world: World, told: str) -> None:
    with pytest.raises(NotDeployed, match="Nobody is known to send the mails"):
        world.deploy(f"PageDomain=upload.your.domain PageZone=Z1 CallsPerAddress=500 {told}")
    assert not any(made.executed for made in world.regions.values())
    assert world.heard == []


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


def test_a_certificate_that_was_made_may_be_exchanged_for_ones_own(world: World) -> None:
    world.deploy(f"{SENDER} PageDomain=upload.your.domain PageZone=Z1")
    world.deploy("CertificateArn=arn:own")
    assert world.made()[-1][1]["CertificateArn"] == "arn:own"
    assert world.made("us-east-1")[-1][1]["CertificateArn"] == "arn:own"
    assert world.order[-2:] == [REGION, "us-east-1"]
    world.deploy(told="")
    assert world.made()[-1][1]["CertificateArn"] == "arn:own"
    world.deploy("CertificateArn=")
    assert world.made()[-1][1]["CertificateArn"] == "<Certificate>"


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
