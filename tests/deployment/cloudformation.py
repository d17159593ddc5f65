"""CloudFormation in memory, as far as ``tools.deploy`` asks it: moto's takes no transformed
template, imports nothing and never fails.

It keeps to CloudFormation's rules where deployment leans on them: a change set without a change
fails with AWS's words; a stack whose creation failed takes no change; what is to be retained stays
when its stack goes, as DELETE_SKIPPED.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

Resource = Mapping[str, Any]


@dataclass
class Known:
    """A stack; ``status`` None: it does not exist."""

    id: str
    status: str
    template: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)


class CloudFormation:
    """``reads``: the template at an address. ``outputs``: those of each stack that stands.

    ``fails``: resources that cannot be made, with reasons. ``refuses``: why no change set is taken.
    ``replaces``: resources that a change would put another in the place of.
    """

    def __init__(self, reads: Any, outputs: Any) -> None:
        self._reads, self._outputs = reads, outputs
        self.stacks: dict[str, Known] = {}
        self.gone: dict[str, Known] = {}
        self.sets: list[dict[str, Any]] = []
        self.executed: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.fails: dict[str, str] = {}
        self.replaces: set[str] = set()
        self.refuses = ""

    def describe_stacks(self, StackName: str) -> dict[str, Any]:
        known = self.stacks.get(StackName) or self.gone.get(StackName)
        for stack in self.stacks.values():
            known = stack if stack.id == StackName else known
        if known is None:
            message = f"Stack with id {StackName} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "D")
        told = {"StackId": known.id, "StackStatus": known.status}
        parameters = _pairs("Parameter", known.parameters)
        return {"Stacks": [told | parameters | _pairs("Output", known.outputs)]}

    def create_change_set(self, **asked: Any) -> None:
        name = asked["StackName"]
        known = self.stacks.get(name)
        assert known is None or known.status != "ROLLBACK_COMPLETE"
        assert (asked["ChangeSetType"] == "UPDATE") == (known is not None)
        asked["template"] = self._reads(asked["TemplateURL"])
        asked["values"] = {p["ParameterKey"]: p["ParameterValue"] for p in asked["Parameters"]}
        self.sets.append(asked)

    def describe_change_set(self, StackName: str, ChangeSetName: str) -> dict[str, Any]:
        asked, known = self.sets[-1], self.stacks.get(StackName)
        if self.refuses:
            return {"Status": "FAILED", "StatusReason": self.refuses}
        if known and (known.template, known.parameters) == (asked["template"], asked["values"]):
            reason = "The submitted information didn't contain changes."
            return {"Status": "FAILED", "StatusReason": reason}
        return {"Status": "CREATE_COMPLETE"}

    def delete_change_set(self, **_: Any) -> None:
        self.sets.pop()

    def execute_change_set(self, StackName: str, ChangeSetName: str) -> None:
        asked = self.sets[-1]
        self.executed.append(asked)
        known = self.stacks.get(StackName) or Known(f"arn:{StackName}:{len(self.executed)}", "")
        self.stacks[StackName] = known
        for resource, reason in self.fails.items():
            self._happened(resource, "CREATE_FAILED", reason)
            self._happened("Other", "CREATE_FAILED", "Resource creation cancelled")
        if self.fails:
            known.status = "UPDATE_ROLLBACK_COMPLETE" if known.template else "ROLLBACK_COMPLETE"
            known.skipped = {} if known.template else self._retained(asked["template"])
            return
        known.template, known.parameters = asked["template"], asked["values"]
        known.outputs = self._outputs(known.template, known.parameters)
        known.status = f"{asked['ChangeSetType']}_COMPLETE"

    def delete_stack(self, StackName: str) -> None:
        name = next(n for n, s in self.stacks.items() if s.id == StackName)
        known = self.stacks.pop(name)
        known.status, known.skipped = (
            "DELETE_COMPLETE",
            known.skipped or self._retained(known.template),
        )
        self.gone[known.id] = known

    def get_paginator(self, operation: str) -> Any:
        return _Pages(getattr(self, f"_{operation}"))

    def _describe_change_set(self, StackName: str, ChangeSetName: str) -> dict[str, Any]:
        resources = self.sets[-1]["template"]["Resources"]
        known = self.stacks.get(StackName)
        before = known.template.get("Resources", {}) if known else {}
        return {"Changes": [self._change(n, r, n in before) for n, r in resources.items()]}

    def _change(self, name: str, resource: Resource, known: bool) -> dict[str, Any]:
        change = {
            "Action": "Modify" if known else "Add",
            "LogicalResourceId": name,
            "ResourceType": resource["Type"],
            "Replacement": str(name in self.replaces),
        }
        return {"Type": "Resource", "ResourceChange": change}

    def _describe_stack_events(self, StackName: str) -> dict[str, Any]:
        return {"StackEvents": self.events[::-1]}

    def _list_stack_resources(self, StackName: str) -> dict[str, Any]:
        names = {"PhysicalResourceId", "LogicalResourceId", "ResourceStatus"}
        found = [
            dict(zip(sorted(names), (logical, physical, "DELETE_SKIPPED"), strict=True))
            for logical, physical in self.gone[StackName].skipped.items()
        ]
        return {"StackResourceSummaries": found}

    def _retained(self, template: Mapping[str, Any]) -> dict[str, str]:
        resources = template.get("Resources", {}).items()
        kept = (n for n, r in resources if r.get("DeletionPolicy") == "Retain")
        return {name: f"kept-{name.lower()}" for name in kept}

    def _happened(self, resource: str, status: str, reason: str) -> None:
        self.events.append(
            {
                "LogicalResourceId": resource,
                "ResourceStatus": status,
                "ResourceStatusReason": reason,
                "Timestamp": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=len(self.events)),
            }
        )


@dataclass(frozen=True)
class _Pages:
    asks: Any

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        yield self.asks(**asked)


def _pairs(kind: str, values: Mapping[str, str]) -> dict[str, Any]:
    return {f"{kind}s": [{f"{kind}Key": k, f"{kind}Value": v} for k, v in values.items()]}
