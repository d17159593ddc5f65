"""What holds data outlives its stack, and a new stack takes it up again.

Bucket, table and pool stay when a stack is deleted, and also when its first creation fails. What
they are called on AWS is noted in the artefacts' bucket; the next deployment begins by importing
them, so ``make undeploy`` and ``make deploy`` after each other lose nothing and leave nothing
behind. An import may change nothing else, so it is a change set of its own.

Source: AWS CloudFormation User Guide, "Import AWS resources into a CloudFormation stack".
"""

from collections.abc import Mapping
from typing import Any

from tools.deploy.artefacts import Artefacts
from tools.deploy.cloud import Cloud
from tools.deploy.stack import Values

KNOWN_BY = {
    "AWS::Cognito::UserPool": "UserPoolId",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::S3::Bucket": "BucketName",
}


def take_down(cloud: Cloud, artefacts: Artefacts) -> dict[str, str]:
    """Delete the stack, if there is one; what is left of it, and of former ones."""
    stack = cloud.stack()
    if found := stack.described():
        stack.delete(found["StackId"])
        _note(cloud, artefacts, found["StackId"])
    return artefacts.note()


def clear_what_failed(cloud: Cloud, artefacts: Artefacts) -> None:
    if failed := cloud.stack().clear():
        _note(cloud, artefacts, failed)


def take_up(
    cloud: Cloud, artefacts: Artefacts, template: Mapping[str, Any], values: Values
) -> None:
    """Begin the stack with what a former one left behind, if there is anything."""
    kept = artefacts.note()
    if kept and not cloud.stack().stands():
        cloud.say(f"Taken up again: {', '.join(f'{k} {v}' for k, v in sorted(kept.items()))}")
        resources = {name: template["Resources"][name] for name in kept}
        url = artefacts.put_template(_only(template, resources))
        imported = [
            {
                "LogicalResourceId": name,
                "ResourceType": resource["Type"],
                "ResourceIdentifier": {KNOWN_BY[resource["Type"]]: kept[name]},
            }
            for name, resource in resources.items()
        ]
        cloud.stack().apply(url, values, ResourcesToImport=imported)
    if kept:
        artefacts.forget()


def _only(template: Mapping[str, Any], resources: Mapping[str, Any]) -> dict[str, Any]:
    sections = ("AWSTemplateFormatVersion", "Parameters", "Conditions")
    return {name: template[name] for name in sections} | {"Resources": dict(resources)}


def _note(cloud: Cloud, artefacts: Artefacts, stack_id: str) -> None:
    if kept := cloud.stack().kept(stack_id):
        artefacts.remember({**artefacts.note(), **kept})
