"""One stack: brought to a template, or a clear word of why not. On moto, which executes change
sets of plain templates, and on a stand-in that fails as CloudFormation does."""

import secrets

import pytest

from tests.deployment.aws import REGION, Aws
from tests.deployment.cloudformation import CloudFormation, Known
from tests.deployment.world import Heard, never
from tools.deploy.artefacts import Artefacts
from tools.deploy.errors import NotDeployed
from tools.deploy.inventory import outliving, template
from tools.deploy.stack import Stack

ACCOUNT = "123456789012"
TABLE = {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Retain", "Properties": {}}
SIMPLE = {"Resources": {"Table": TABLE, "Topic": {"Type": "AWS::SNS::Topic"}}}
URL = "https://templates/simple.json"


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
    assert stack.described() is None and stack.holds() == {}
    assert stack.apply(url, {"Called": f"{name}-a"}, Tags=[{"Key": "manyhands", "Value": "dev"}])
    assert not stack.apply(url, {"Called": f"{name}-a"})
    assert stack.apply(url, {"Called": f"{name}-b"})
    assert stack.parameters() == {"Called": f"{name}-b"}
    assert stack.holds() == {"Topic": f"arn:aws:sns:{REGION}:{ACCOUNT}:{name}-b"}
    assert template(stack.client, name)["Resources"] == {"Topic": topic}
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


@pytest.mark.parametrize(
    ("status", "complaint"),
    [
        ("UPDATE_IN_PROGRESS", "being changed by somebody else"),
        ("DELETE_IN_PROGRESS", "being changed by somebody else"),
        (
            "UPDATE_ROLLBACK_FAILED",
            "takes no change.* `make undeploy`, which keeps what holds data",
        ),
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
    failed = stack.never_began()
    stack.clear()
    assert failed and stack.described() is None
    assert outliving(cloudformation, failed).kept == {"Table": "kept-table"}
    assert stack.never_began() == ""


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
