"""What a change set may do to what holds data."""

from typing import Any

import pytest

from tests.deployment.cloudformation import CloudFormation
from tests.deployment.world import Heard, never
from tools.deploy.errors import NotDeployed
from tools.deploy.stack import Stack

URL = "https://templates/first.json"


def of_table(**attributes: str) -> dict[str, Any]:
    defined = [{"AttributeName": n, "AttributeType": t} for n, t in attributes.items()]
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {"AttributeDefinitions": defined}}
    return {"Resources": {"Table": table, "Topic": {"Type": "AWS::SNS::Topic"}}}


TEMPLATES = {
    URL: of_table(pk="S"),
    "one more": of_table(pk="S", due_at="N"),
    "another type": of_table(pk="N"),
    "no table": {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}},
    "no topic": {"Resources": {"Table": of_table(pk="S")["Resources"]["Table"]}},
}


@pytest.fixture
def cloudformation() -> CloudFormation:
    return CloudFormation(TEMPLATES.__getitem__, lambda *_: {})


@pytest.fixture
def stack(cloudformation: CloudFormation) -> Stack:
    stack = Stack(name="manyhands-dev", client=cloudformation, say=Heard(), wait=never)
    stack.apply(URL, {})
    return stack


def test_a_change_that_would_lose_data_is_not_made(
    stack: Stack, cloudformation: CloudFormation
) -> None:
    cloudformation.replaces = {"Table", "Topic"}
    with pytest.raises(NotDeployed, match="something empty in the place of Table"):
        stack.apply(URL, {"A": "1"})
    assert len(cloudformation.executed) == 1
    cloudformation.replaces = {"Topic"}
    assert stack.apply(URL, {"A": "1"})


def test_what_holds_data_is_not_let_go_of(stack: Stack, cloudformation: CloudFormation) -> None:
    with pytest.raises(NotDeployed, match="take Table, which holds data, out of the stack"):
        stack.apply("no table", {})
    assert len(cloudformation.executed) == 1
    assert stack.apply("no topic", {})
    assert stack.holds() == {"Table": "kept-table"}


def test_a_new_index_is_taken_though_it_might_replace_the_table(
    stack: Stack, cloudformation: CloudFormation
) -> None:
    cloudformation.perhaps = {"Table": "Conditionally"}
    assert stack.apply("one more", {})


@pytest.mark.parametrize(
    ("template", "needs"), [("another type", "Conditionally"), ("one more", "Always")]
)
def test_what_might_be_replaced_and_cannot_be_told_is_not_changed(
    stack: Stack, cloudformation: CloudFormation, template: str, needs: str
) -> None:
    cloudformation.perhaps = {"Table": needs}
    with pytest.raises(NotDeployed, match="something empty in the place of Table"):
        stack.apply(template, {})
    assert len(cloudformation.executed) == 1
