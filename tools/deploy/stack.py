"""One CloudFormation stack: bring it to a template by a change set, wait, say what went wrong.

A change set is looked at before it is carried out: it must not replace what holds data, since
CloudFormation would put an empty table in the place of the full one.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from tools.deploy.errors import NotDeployed
from tools.deploy.events import last_event, reasons

HOLD_DATA = frozenset({"AWS::Cognito::UserPool", "AWS::DynamoDB::Table", "AWS::S3::Bucket"})
NOTHING_NEW = ("didn't contain changes", "No updates are to be performed")
NEVER_STOOD = frozenset({"ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS"})
EVERY_S = 5
PATIENCE = 1_080
"""How often a stack is looked at: an hour and a half. A distribution takes ten minutes."""

Say = Callable[[str], None]
Values = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Stack:
    """``client``: CloudFormation's, of the stack's region."""

    name: str
    client: Any
    say: Say
    wait: Callable[[float], None] = time.sleep

    def described(self) -> dict[str, Any] | None:
        try:
            found = self.client.describe_stacks(StackName=self.name)["Stacks"]
        except ClientError as error:
            if "does not exist" in error.response["Error"]["Message"]:
                return None
            raise
        return dict(found[0])

    def stands(self) -> bool:
        found = self.described()
        return found is not None and found["StackStatus"] not in NEVER_STOOD

    def parameters(self) -> dict[str, str]:
        """What it was last deployed with; nothing if it never was."""
        told = (self.described() or {}).get("Parameters", []) if self.stands() else []
        return {p["ParameterKey"]: p["ParameterValue"] for p in told}

    def outputs(self) -> dict[str, str]:
        told = (self.described() or {}).get("Outputs", [])
        return {o["OutputKey"]: o["OutputValue"] for o in told}

    def apply(self, template_url: str, parameters: Values, **more: Any) -> bool:
        """Whether anything had to be changed. Raises NotDeployed.

        ``more``: what else the change set is to know: tags, what is to be imported.
        """
        kind = "IMPORT" if "ResourcesToImport" in more else self._kind()
        name = f"{self.name}-{int(time.time() * 1000)}"
        self.client.create_change_set(
            StackName=self.name,
            ChangeSetName=name,
            ChangeSetType=kind,
            TemplateURL=template_url,
            Parameters=[
                {"ParameterKey": k, "ParameterValue": v} for k, v in sorted(parameters.items())
            ],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            **more,
        )
        if not self._is_change(name):
            self.say(f"{self.name}: nothing to change.")
            return False
        self._check(name)
        began = last_event(self.client, self.name)
        self.client.execute_change_set(StackName=self.name, ChangeSetName=name)
        self._settle(f"{kind}_COMPLETE", began, self.name)
        return True

    def delete(self, stack_id: str) -> None:
        """Raises NotDeployed if something of it cannot be deleted."""
        began = last_event(self.client, stack_id)
        self.client.delete_stack(StackName=stack_id)
        self._settle("DELETE_COMPLETE", began, stack_id)

    def clear(self) -> str:
        """Delete it if its creation failed, since it then takes no change; its id, or ""."""
        found = self.described()
        if found is None or found["StackStatus"] != "ROLLBACK_COMPLETE":
            return ""
        self.say(f"{self.name}: its first creation failed, so what is left of it goes first.")
        self.delete(found["StackId"])
        return str(found["StackId"])

    def kept(self, stack_id: str) -> dict[str, str]:
        """What a deleted stack left behind: names in the template, and names on AWS."""
        pages = self.client.get_paginator("list_stack_resources").paginate(StackName=stack_id)
        return {
            r["LogicalResourceId"]: r["PhysicalResourceId"]
            for page in pages
            for r in page["StackResourceSummaries"]
            if r["ResourceStatus"] == "DELETE_SKIPPED"
        }

    def _kind(self) -> str:
        """CREATE or UPDATE."""
        found = self.described()
        status = found["StackStatus"] if found else "REVIEW_IN_PROGRESS"
        if status == "REVIEW_IN_PROGRESS":
            return "CREATE"
        if status.endswith("_IN_PROGRESS"):
            raise NotDeployed(f"{self.name} is being changed by somebody else ({status}). Wait.")
        if status.endswith("_FAILED"):
            raise NotDeployed(
                f"{self.name} is {status} and takes no change. Continue the rollback in "
                "CloudFormation's console, or delete the stack there. It came to that by:\n"
                f"{reasons(self.client, self.name, None)}"
            )
        return "UPDATE"

    def _is_change(self, name: str) -> bool:
        for _ in range(PATIENCE):
            made = self.client.describe_change_set(StackName=self.name, ChangeSetName=name)
            if made["Status"] == "CREATE_COMPLETE":
                return True
            if made["Status"] == "FAILED":
                self.client.delete_change_set(StackName=self.name, ChangeSetName=name)
                reason = made.get("StatusReason", "no reason was given")
                if any(words in reason for words in NOTHING_NEW):
                    return False
                raise NotDeployed(f"CloudFormation does not take the template: {reason}")
            self.wait(EVERY_S)
        raise NotDeployed("CloudFormation does not come to an end with the change set.")

    def _check(self, name: str) -> None:
        changes = list(self._changes(name))
        count = {a: sum(c["Action"] == a for c in changes) for a in ("Add", "Modify", "Remove")}
        self.say(
            f"{self.name}: {count['Add']} to add, {count['Modify']} to change, "
            f"{count['Remove']} to remove."
        )
        lost = [
            c["LogicalResourceId"]
            for c in changes
            if c["ResourceType"] in HOLD_DATA and c.get("Replacement") == "True"
        ]
        if lost:
            self.client.delete_change_set(StackName=self.name, ChangeSetName=name)
            raise NotDeployed(
                f"This would put something empty in the place of {', '.join(lost)}. "
                "Nothing was changed."
            )

    def _changes(self, name: str) -> Iterator[Any]:
        pages = self.client.get_paginator("describe_change_set")
        for page in pages.paginate(StackName=self.name, ChangeSetName=name):
            yield from (c["ResourceChange"] for c in page["Changes"] if c.get("ResourceChange"))

    def _settle(self, wanted: str, began: datetime | None, stack: str) -> None:
        for _ in range(PATIENCE):
            status = self.client.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
            if status == wanted:
                self.say(f"{self.name}: {wanted.replace('_', ' ').lower()}.")
                return
            if not status.endswith("_IN_PROGRESS"):
                raise NotDeployed(
                    f"{self.name} is {status}, because:\n{reasons(self.client, stack, began)}"
                )
            self.wait(EVERY_S)
        raise NotDeployed(f"{self.name} has not come to an end; look at it in the console.")
