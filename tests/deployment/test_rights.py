"""What the roles of the packaged template reach: named things, with few and told exceptions.

Which actions each function needs is compared with its calls in ``test_policies.py``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.deployment.reading import EVERYTHING, REGION, seen

OBJECTS = "<Bucket.Arn>/uploads/*"
"""The objects of uploads that nobody has begun yet."""

SENDERS = f"arn:<Partition>:ses:{REGION}:123456789012:identity/*"
"""While SES only tries an account out, the receiver's identity counts as well; the sender is fixed
by a condition."""

NAMELESS = {
    "dynamodb:ListStreams",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
}
"""AWS knows no resource for these."""


def statements(template: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for resource in seen(template, EVERYTHING).values():
        policies = resource["Properties"].get("Policies", [])
        if resource["Type"] == "AWS::IAM::Policy":
            policies = [resource["Properties"]]
        for policy in policies if resource["Type"].startswith("AWS::IAM") else []:
            yield from policy["PolicyDocument"]["Statement"]


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def test_no_action_is_granted_by_a_pattern(template: Mapping[str, Any]) -> None:
    actions = [a for s in statements(template) for a in listed(s["Action"])]
    assert len(actions) > 30
    assert not [a for a in actions if "*" in a]


def test_what_is_reached_has_a_name(template: Mapping[str, Any]) -> None:
    wide = [
        (s, resource)
        for s in statements(template)
        for resource in listed(s["Resource"])
        if "*" in resource
    ]
    for statement, resource in wide:
        if resource == "*":
            assert set(listed(statement["Action"])) <= NAMELESS
        elif resource == SENDERS:
            sender = {"ses:FromAddress": EVERYTHING["MailFrom"]}
            assert statement["Condition"] == {"StringEquals": sender}
        else:
            assert resource == OBJECTS
    assert {resource for _, resource in wide} == {"*", SENDERS, OBJECTS}


@pytest.mark.parametrize("function", ["Api", "Assemble", "Notify", "Sweep"])
def test_a_function_writes_to_its_own_log(template: Mapping[str, Any], function: str) -> None:
    name = {"Api": "ApiHandler"}.get(function, function)
    role = seen(template)[f"{name}Role"]["Properties"]
    (policy,) = role["Policies"]
    logs = next(s for s in policy["PolicyDocument"]["Statement"] if s["Sid"] == "Logs")
    log = {"Api": "APIHandler"}.get(function, function)
    assert logs["Resource"] == [f"<{log}Logs.Arn>"]


@pytest.mark.parametrize("traced", ["no", "yes"])
def test_a_role_may_write_traces_before_there_is_a_function_that_does(
    template: Mapping[str, Any], traced: str
) -> None:
    """Lambda refuses to trace by a role that may not; only the role itself is made first."""
    found = seen(template, {"Tracing": traced})
    roles = [r["Properties"]["Policies"] for r in found.values() if r["Type"] == "AWS::IAM::Role"]
    assert len(roles) == 4
    for (policy,) in roles:
        actions = {a for s in policy["PolicyDocument"]["Statement"] for a in s["Action"]}
        assert ("xray:PutTraceSegments" in actions) is (traced == "yes")


def test_only_lambda_takes_on_the_roles(template: Mapping[str, Any]) -> None:
    roles = [r for r in seen(template).values() if r["Type"] == "AWS::IAM::Role"]
    trusted = [
        s["Principal"]
        for r in roles
        for s in r["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    ]
    assert trusted == [{"Service": "lambda.amazonaws.com"}] * 4
