"""CloudFormation in memory, as far as ``tools.deploy`` asks it: moto's takes no transformed
template, imports nothing and never fails.

It keeps to CloudFormation's rules where deployment leans on them: a change set without a change
fails with AWS's words; a stack whose creation failed takes no change, one whose import failed does;
an import goes into a stack that holds nothing; what is to be retained stays when its stack goes, as
DELETE_SKIPPED; a deletion goes on by itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

Resource = Mapping[str, Any]


@dataclass
class Known:
    """A stack. ``resources``: what each is called on AWS, and its status."""

    id: str
    status: str
    template: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    resources: dict[str, tuple[str, str]] = field(default_factory=dict)


class CloudFormation:
    """``reads``: the template at an address. ``outputs``: those of each stack that stands.

    ``fails``: resources that cannot be made, with reasons. ``refuses``: why no change set is taken.
    ``replaces``: resources that a change would put another in the place of; ``perhaps``: that it
    might, with what their properties ask for. ``called``: names of resources on AWS, if they
    matter. ``lingers``: deletions take time, until ``finish``.
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
        self.perhaps: dict[str, str] = {}
        self.called: dict[str, str] = {}
        self.refuses = self.refuses_updates = ""
        self.lingers = False

    def describe_stacks(self, StackName: str) -> dict[str, Any]:
        known = self._known(StackName)
        told = {"StackId": known.id, "StackStatus": known.status}
        parameters = _pairs("Parameter", known.parameters)
        return {"Stacks": [told | parameters | _pairs("Output", known.outputs)]}

    def get_template(
        self, StackName: str, TemplateStage: str, ChangeSetName: str = ""
    ) -> dict[str, Any]:
        assert TemplateStage == "Original"
        told = self.sets[-1]["template"] if ChangeSetName else self._known(StackName).template
        return {"TemplateBody": told}

    def create_change_set(self, **asked: Any) -> None:
        name = asked["StackName"]
        known = self.stacks.get(name)
        assert known is None or known.status.endswith("_COMPLETE")
        assert known is None or known.status != "ROLLBACK_COMPLETE"
        if asked["ChangeSetType"] == "IMPORT":
            assert known is None or all("_ROLLBACK_" in s for _, s in known.resources.values())
        else:
            assert (asked["ChangeSetType"] == "UPDATE") == (known is not None)
        asked["template"] = self._reads(asked["TemplateURL"])
        asked["values"] = {p["ParameterKey"]: p["ParameterValue"] for p in asked["Parameters"]}
        self.sets.append(asked)

    def describe_change_set(self, StackName: str, ChangeSetName: str) -> dict[str, Any]:
        asked, known = self.sets[-1], self.stacks.get(StackName)
        refused = self.refuses_updates if asked["ChangeSetType"] == "UPDATE" else ""
        if reason := self.refuses or refused:
            return {"Status": "FAILED", "StatusReason": reason}
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
            self._go_back(known, asked)
            return
        known.template, known.parameters = asked["template"], asked["values"]
        known.outputs = self._outputs(known.template, known.parameters)
        known.status = f"{asked['ChangeSetType']}_COMPLETE"
        known.resources = self._made(known, asked)

    def delete_stack(self, StackName: str) -> None:
        known = self._known(StackName)
        known.status = "DELETE_IN_PROGRESS"
        known.resources |= {n: found for n, found in _left(known).items() if n == "Bucket"}
        if not self.lingers:
            self.finish(known)

    def finish(self, known: Known) -> None:
        """Come to the end of a deletion."""
        self.stacks = {name: stack for name, stack in self.stacks.items() if stack is not known}
        known.status, known.resources = "DELETE_COMPLETE", _left(known)
        self.gone[known.id] = known

    def _known(self, name: str) -> Known:
        by_id = {stack.id: stack for stack in self.stacks.values()}
        known = self.stacks.get(name) or by_id.get(name) or self.gone.get(name)
        if known is None:
            message = f"Stack with id {name} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "D")
        return known

    def _go_back(self, known: Known, asked: Mapping[str, Any]) -> None:
        if asked["ChangeSetType"] == "IMPORT":
            known.status = "IMPORT_ROLLBACK_COMPLETE"
            tried = _imported(asked).items()
            known.resources = {n: (called, "IMPORT_ROLLBACK_COMPLETE") for n, called in tried}
        elif known.status:
            known.status = "UPDATE_ROLLBACK_COMPLETE"
        else:
            known.status = "ROLLBACK_COMPLETE"
            known.template, known.parameters = asked["template"], asked["values"]
            made = self._made(known, asked).items()
            known.resources = {name: made for name, made in made if name not in self.fails}
            known.resources = _left(known)

    def _made(self, known: Known, asked: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
        before = {name: called for name, (called, _) in known.resources.items()}
        names = self.called | before | _imported(asked)
        status = f"{asked['ChangeSetType']}_COMPLETE"
        resources = asked["template"]["Resources"]
        return {name: (names.get(name, f"kept-{name.lower()}"), status) for name in resources}

    def get_paginator(self, operation: str) -> Any:
        return _Pages(getattr(self, f"_{operation}"))

    def _describe_change_set(self, StackName: str, ChangeSetName: str) -> dict[str, Any]:
        asked, known = self.sets[-1], self.stacks.get(StackName)
        before = known.template.get("Resources", {}) if known else {}
        after = asked["template"]["Resources"]
        imported = _imported(asked)
        return {
            "Changes": [
                self._change(
                    name, {**before, **after}[name], _action(name, before, after, imported)
                )
                for name in {**before, **after}
            ]
        }

    def _change(self, name: str, resource: Resource, action: str) -> dict[str, Any]:
        replaced = str(name in self.replaces or action == "Import")
        target = {"Target": {"RequiresRecreation": self.perhaps.get(name)}}
        change = {
            "Action": action,
            "LogicalResourceId": name,
            "ResourceType": resource["Type"],
            "Replacement": "Conditional" if name in self.perhaps else replaced,
            "Details": [target] if name in self.perhaps else [],
        }
        return {"Type": "Resource", "ResourceChange": change}

    def _describe_stack_events(self, StackName: str) -> dict[str, Any]:
        return {"StackEvents": self.events[::-1]}

    def _list_stack_resources(self, StackName: str) -> dict[str, Any]:
        known = self._known(StackName)
        found = [
            {
                "LogicalResourceId": name,
                "PhysicalResourceId": called,
                "ResourceStatus": status,
                "ResourceType": known.template.get("Resources", {}).get(name, {}).get("Type", "?"),
            }
            for name, (called, status) in known.resources.items()
        ]
        return {"StackResourceSummaries": found}

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


def _imported(asked: Mapping[str, Any]) -> dict[str, str]:
    """Names in the template, and names on AWS."""
    return {
        resource["LogicalResourceId"]: next(iter(resource["ResourceIdentifier"].values()))
        for resource in asked.get("ResourcesToImport", ())
    }


def _left(known: Known) -> dict[str, tuple[str, str]]:
    def status(name: str) -> str:
        retained = known.template["Resources"][name].get("DeletionPolicy") == "Retain"
        return "DELETE_SKIPPED" if retained else "DELETE_COMPLETE"

    there = (name for name in known.resources if name in known.template.get("Resources", {}))
    return {name: (known.resources[name][0], status(name)) for name in there}


def _action(name: str, before: Resource, after: Resource, imported: Mapping[str, str]) -> str:
    if name in imported:
        return "Import"
    if name not in after:
        return "Remove"
    return "Modify" if name in before else "Add"
