"""What a stack consists of: names in its template, names on AWS, and how they were defined."""

from collections.abc import Iterator
from typing import Any

from tools.deploy.note import SECTIONS, Note

HOLD_DATA = frozenset({"AWS::Cognito::UserPool", "AWS::DynamoDB::Table", "AWS::S3::Bucket"})
NEVER_CAME = ("CREATE_FAILED", "IMPORT_FAILED", "IMPORT_ROLLBACK", "DELETE_COMPLETE")
LEFT_BEHIND = "DELETE_SKIPPED"


def holds(client: Any, stack: str) -> dict[str, str]:
    """What belongs to it now."""
    found = _there(client, stack)
    return {
        r["LogicalResourceId"]: r["PhysicalResourceId"]
        for r in found
        if r["ResourceStatus"] != LEFT_BEHIND
    }


def outliving(client: Any, stack: str) -> Note:
    """What holds data and stays, or has stayed, when the stack goes; with its definitions."""
    kept = {
        r["LogicalResourceId"]: r["PhysicalResourceId"]
        for r in _there(client, stack)
        if r["ResourceType"] in HOLD_DATA
    }
    if not kept:
        return Note()
    whole = template(client, stack)
    retained = {
        name: resource
        for name, resource in whole["Resources"].items()
        if name in kept and resource.get("DeletionPolicy") == "Retain"
    }
    sections = {s: whole.get(s, {}) for s in SECTIONS}
    return Note({name: kept[name] for name in retained}, sections | {"Resources": retained})


def template(client: Any, stack: str, **of: str) -> Any:
    """As it was deployed, or, by ``ChangeSetName``, would be; before any transformation."""
    return client.get_template(StackName=stack, TemplateStage="Original", **of)["TemplateBody"]


def _there(client: Any, stack: str) -> Iterator[Any]:
    pages = client.get_paginator("list_stack_resources").paginate(StackName=stack)
    for page in pages:
        for resource in page["StackResourceSummaries"]:
            named = resource.get("PhysicalResourceId")
            if named and not resource["ResourceStatus"].startswith(NEVER_CAME):
                yield resource
