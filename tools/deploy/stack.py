"""One CloudFormation stack: bring it to a template by a change set, wait, say what went wrong.

A change set is looked at before it is carried out (``changes.py``).
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from tools.deploy.changes import changes, counted, refusal
from tools.deploy.errors import NotDeployed
from tools.deploy.events import last_event, reasons
from tools.deploy.inventory import holds

NOTHING_NEW = ("didn't contain changes", "No updates are to be performed")
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

    def parameters(self) -> dict[str, str]:
        """What it was last deployed with, or was to be, if it never came to that."""
        told = (self.described() or {}).get("Parameters", [])
        return {p["ParameterKey"]: p["ParameterValue"] for p in told}

    def outputs(self) -> dict[str, str]:
        told = (self.described() or {}).get("Outputs", [])
        return {o["OutputKey"]: o["OutputValue"] for o in told}

    def apply(self, template_url: str, parameters: Values, **more: Any) -> bool:
        """Whether anything had to be changed. Raises NotDeployed.

        ``more``: what else the change set is to know: tags, what is to be imported.
        """
        self.check_takes_changes()
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

    def holds(self) -> dict[str, str]:
        """What belongs to it: names in the template, and names on AWS."""
        return holds(self.client, self.name) if self.described() else {}

    def never_began(self) -> str:
        """Its id if it failed before it held anything; or "".

        A failed creation then takes no change; a failed import would: all of it made anew, empty.
        """
        found = self.described() or {}
        status = found.get("StackStatus")
        failed = status == "ROLLBACK_COMPLETE" or (
            status == "IMPORT_ROLLBACK_COMPLETE" and not self.holds()
        )
        return str(found["StackId"]) if failed else ""

    def clear(self) -> None:
        """Delete it if it never began."""
        if failed := self.never_began():
            self.say(
                f"{self.name}: it failed before it held anything, so what is left of it goes first."
            )
            self.delete(failed)

    def check_takes_changes(self) -> None:
        """Raises NotDeployed if it is on the move, or stuck."""
        status = (self.described() or {}).get("StackStatus", "REVIEW_IN_PROGRESS")
        if status != "REVIEW_IN_PROGRESS" and status.endswith("_IN_PROGRESS"):
            raise NotDeployed(f"{self.name} is being changed by somebody else ({status}). Wait.")
        if status.endswith("_FAILED"):
            raise NotDeployed(
                f"{self.name} is {status} and takes no change. Continue the rollback in "
                "CloudFormation's console; or `make undeploy`, which keeps what holds data, and "
                "`make deploy`, which takes it up again. It came to that by:\n"
                f"{reasons(self.client, self.name, None)}"
            )

    def _kind(self) -> str:
        """CREATE or UPDATE."""
        found = self.described()
        new = found is None or found["StackStatus"] == "REVIEW_IN_PROGRESS"
        return "CREATE" if new else "UPDATE"

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
        found = changes(self.client, self.name, name)
        self.say(f"{self.name}: {counted(found)}.")
        if why := refusal(self.client, self.name, name, found):
            self.client.delete_change_set(StackName=self.name, ChangeSetName=name)
            raise NotDeployed(why)

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
