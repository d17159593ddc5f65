"""``make undeploy``: the stack goes; what holds data stays, unless ``DATA=delete`` is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from tools.deploy.artefacts import Artefacts, empty
from tools.deploy.cloud import WORLDWIDE, Cloud
from tools.deploy.keeping import take_down
from tools.deploy.note import Note

GONE = frozenset({"NoSuchBucket", "ResourceNotFoundException"})
"""What S3, and DynamoDB and Cognito, say of what is not there any more."""


@dataclass(frozen=True, kw_only=True)
class Taking:
    cloud: Cloud
    delete_data: bool = False

    def run(self) -> None:
        """Raises NotDeployed."""
        cloud, artefacts = self.cloud, self.cloud.artefacts()
        if cloud.stack().described():
            artefacts.ensure()
        if page := cloud.stack().outputs().get("PageBucketName"):
            cloud.say(f"The page goes: {empty(cloud.client('s3'), page)} files.")
        note = take_down(cloud, artefacts)
        if companion := cloud.stack(WORLDWIDE).described():
            cloud.stack(WORLDWIDE).delete(companion["StackId"])
        if self.delete_data:
            note = self._delete(note, artefacts)
        if not note.kept:
            cloud.say(f"Nothing is left of {cloud.name} in {cloud.region}.")
            return
        cloud.say("Kept, with all that is in it; `make deploy` takes it up again:")
        for name, called in sorted(note.kept.items()):
            cloud.say(f"  {name:<8} {called}")
        cloud.say(f"Deleted for good by: make undeploy STAGE={cloud.stage} DATA=delete")

    def _delete(self, note: Note, artefacts: Artefacts) -> Note:
        """Noted after each, so that it goes on where it failed."""
        for name, called in sorted(note.kept.items()):
            try:
                _DELETERS[name](self.cloud, called)
            except ClientError as error:
                if error.response["Error"]["Code"] not in GONE:
                    raise
            note = note.without(name)
            artefacts.remember(note)
            self.cloud.say(f"Deleted: {name} {called}")
        artefacts.clear()
        return note


def _bucket(cloud: Cloud, name: str) -> None:
    s3 = cloud.client("s3")
    empty(s3, name)
    s3.delete_bucket(Bucket=name)


def _table(cloud: Cloud, name: str) -> None:
    dynamodb = cloud.client("dynamodb")
    described: Any = dynamodb.describe_table(TableName=name)["Table"]
    if described["TableStatus"] == "DELETING":
        return
    if described.get("DeletionProtectionEnabled"):
        dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
        dynamodb.get_waiter("table_exists").wait(TableName=name)
    dynamodb.delete_table(TableName=name)


def _pool(cloud: Cloud, pool: str) -> None:
    cognito = cloud.client("cognito-idp")
    described: Any = cognito.describe_user_pool(UserPoolId=pool)["UserPool"]
    if described.get("DeletionProtection") == "ACTIVE":
        cognito.update_user_pool(UserPoolId=pool, DeletionProtection="INACTIVE")
    cognito.delete_user_pool(UserPoolId=pool)


_DELETERS: Mapping[str, Callable[[Cloud, str], None]] = {
    "Bucket": _bucket,
    "Pool": _pool,
    "Table": _table,
}
