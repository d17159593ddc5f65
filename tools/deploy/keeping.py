"""What holds data outlives its stack, and a new stack takes it up again.

Bucket, table and pool stay when a stack is deleted, and also when its first creation fails. What
they are called on AWS, and how they were defined, is noted in the artefacts' bucket (``note.py``)
before the deletion begins: CloudFormation carries it on when whoever asked for it has gone. The
next deployment begins by importing them, so ``make undeploy`` and ``make deploy`` after each other
lose nothing and leave nothing behind. An import may change nothing else, so it is a change set of
its own. The note goes when a deployment has come to its end with all of it.

Source: AWS CloudFormation User Guide, "Import AWS resources into a CloudFormation stack".
"""

from collections.abc import Mapping

from tools.deploy.artefacts import Artefacts
from tools.deploy.cloud import Cloud
from tools.deploy.companion import last_told
from tools.deploy.errors import NotDeployed
from tools.deploy.inventory import outliving
from tools.deploy.note import Note
from tools.deploy.parameters import chosen

KNOWN_BY = {
    "AWS::Cognito::UserPool": "UserPoolId",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::S3::Bucket": "BucketName",
}


def take_down(cloud: Cloud, artefacts: Artefacts) -> Note:
    """Delete the stack, if there is one; what is left of it, and of former ones."""
    stack = cloud.stack()
    if found := stack.described():
        _remember(cloud, artefacts, found["StackId"])
        stack.delete(found["StackId"])
        # Once more, for what was still being made when the deletion began.
        _remember(cloud, artefacts, found["StackId"])
    return artefacts.note()


def clear_what_failed(cloud: Cloud, artefacts: Artefacts) -> None:
    if failed := cloud.stack().never_began():
        _remember(cloud, artefacts, failed)
        cloud.stack().clear()


def take_up(cloud: Cloud, artefacts: Artefacts) -> None:
    """Begin the stack with what a former one left behind, if there is anything. Raises
    NotDeployed."""
    stack, note = cloud.stack(), artefacts.note()
    stack.check_takes_changes()
    held = stack.holds()
    missing = {name: called for name, called in note.kept.items() if held.get(name) != called}
    if not missing:
        return
    if held:
        raise NotDeployed(
            f"{stack.name} is without {_listed(missing)}, kept of a former one; this would put "
            "something empty in its place. `make undeploy`, which keeps what holds data, then "
            "`make deploy` takes all of it up."
        )
    cloud.say(f"Taken up again: {_listed(note.kept)}")
    _import(cloud, artefacts, note)


def _import(cloud: Cloud, artefacts: Artefacts, note: Note) -> None:
    template = note.described()
    imported = [
        {
            "LogicalResourceId": name,
            "ResourceType": resource["Type"],
            "ResourceIdentifier": {KNOWN_BY[resource["Type"]]: note.kept[name]},
        }
        for name, resource in template["Resources"].items()
    ]
    url, values = artefacts.put_template(template), chosen(template, note.values)
    try:
        cloud.stack().apply(url, values, ResourcesToImport=imported)
    except NotDeployed as error:
        raise NotDeployed(
            f"{error}\nNothing of it was changed, and nothing made anew in its place. What is gone "
            f"for good, take out of «kept» in s3://{artefacts.bucket}/{artefacts.noted_at}."
        ) from error


def _remember(cloud: Cloud, artefacts: Artefacts, stack_id: str) -> None:
    left = outliving(cloud.stack().client, stack_id)
    told = Note(values=last_told(cloud))
    artefacts.remember(artefacts.note().and_then(left).and_then(told))


def _listed(named: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {called}" for name, called in sorted(named.items()))
