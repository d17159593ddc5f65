"""What a change set is about to do. It must lose nothing: neither put an empty table in the place
of the full one, nor let go of it.

``Replacement`` means something for ``Modify`` only; an import says True as well. ``Conditional``
is said where CloudFormation knows no better. If the property always asks for another resource, and
only its value is open, that is taken for a yes. The attributes of a table ask for one if the type
of one that is there already changes, and for none if one is added, as each new index adds one: so
the definitions are compared.

Source: AWS CloudFormation API Reference, "ResourceChange"; User Guide, "AWS::DynamoDB::Table".
"""

from collections.abc import Iterator, Sequence
from typing import Any

from tools.deploy.inventory import HOLD_DATA, template

COUNTED = {"Add": "to add", "Modify": "to change", "Remove": "to remove", "Import": "to take up"}


def changes(client: Any, stack: str, change_set: str) -> list[Any]:
    pages = client.get_paginator("describe_change_set")
    found = pages.paginate(StackName=stack, ChangeSetName=change_set)
    every = (change.get("ResourceChange") for page in found for change in page["Changes"])
    return [change for change in every if change]


def counted(found: Sequence[Any]) -> str:
    count = {action: sum(c["Action"] == action for c in found) for action in COUNTED}
    return ", ".join(f"{n} {COUNTED[a]}" for a, n in count.items() if n or a != "Import")


def refusal(client: Any, stack: str, change_set: str, found: Sequence[Any]) -> str:
    """Why it must not be carried out; nothing if it may."""
    data = [c for c in found if c["ResourceType"] in HOLD_DATA]
    retyped = set(_retyped(client, stack, change_set)) if any(map(_perhaps, data)) else set()
    emptied = [c["LogicalResourceId"] for c in data if _replaces(c, retyped)]
    if emptied:
        return (
            f"This would put something empty in the place of {', '.join(emptied)}. "
            "Nothing was changed."
        )
    removed = [c["LogicalResourceId"] for c in data if c["Action"] == "Remove"]
    if removed:
        return (
            f"This would take {', '.join(removed)}, which holds data, out of the stack. "
            "Nothing was changed."
        )
    return ""


def _perhaps(change: Any) -> bool:
    return bool(change["Action"] == "Modify" and change.get("Replacement") == "Conditional")


def _replaces(change: Any, retyped: set[str]) -> bool:
    if not _perhaps(change):
        return bool(change["Action"] == "Modify" and change.get("Replacement") == "True")
    needs = {d.get("Target", {}).get("RequiresRecreation") for d in change.get("Details", ())}
    return "Always" in needs or change["LogicalResourceId"] in retyped


def _retyped(client: Any, stack: str, change_set: str) -> Iterator[str]:
    """Tables with an attribute whose type is another one now."""
    before = template(client, stack)["Resources"]
    for name, resource in template(client, stack, ChangeSetName=change_set)["Resources"].items():
        old, new = _attributes(before.get(name, {})), _attributes(resource)
        if any(new[attribute] != old[attribute] for attribute in old.keys() & new.keys()):
            yield name


def _attributes(resource: Any) -> dict[str, str]:
    defined = resource.get("Properties", {}).get("AttributeDefinitions", ())
    return {a["AttributeName"]: a["AttributeType"] for a in defined}
