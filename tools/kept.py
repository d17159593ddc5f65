"""What is kept of a person: the account in the pool, and uploads in the table.

Devices are kept on boards and in no index, so whoever looks for a person reads the whole table.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.adapters.items import BOARD, upload_of
from chalicelib.domain.board import Person
from chalicelib.domain.uploads import Upload


@dataclass(frozen=True, slots=True)
class Account:
    """``person``: whose name is "" if there is no account any more; ``address``: "" for none."""

    person: Person
    address: str = ""
    groups: tuple[str, ...] = ()

    @property
    def own_group(self) -> str:
        return f"user:{self.person.id}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """``cognito``, ``dynamodb``: clients of boto3."""

    cognito: Any
    pool: str
    dynamodb: Any
    table: str

    def account(self, name: str) -> Account:
        """The account of this name; without one, ``name`` may be the id of one that was."""
        who = {"UserPoolId": self.pool, "Username": name}
        try:
            user = self.cognito.admin_get_user(**who)
        except self.cognito.exceptions.UserNotFoundException:
            return Account(Person(name, ""))
        attributes = {a["Name"]: a["Value"] for a in user["UserAttributes"]}
        groups = self.cognito.admin_list_groups_for_user(**who)["Groups"]
        person = Person(attributes["sub"], user["Username"])
        return Account(person, attributes.get("email", ""), tuple(g["GroupName"] for g in groups))

    def uploads(self, person: Person) -> Iterator[Upload]:
        """Every upload that the person began or helped with, the deleted ones too."""
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.table,
            FilterExpression="sk = :board",
            ExpressionAttributeValues={":board": {"S": BOARD}},
            ConsistentRead=True,
        )
        for page in pages:
            uploads = (upload_of(item) for item in page["Items"])
            yield from (u for u in uploads if person.id in _ids(u))

    def lock(self, account: Account) -> None:
        """Nobody signs in by it any more, nor renews a sign-in; a token that is out lives an hour
        at most. Idempotent."""
        if account.person.name:
            self.cognito.admin_disable_user(UserPoolId=self.pool, Username=account.person.name)

    def delete(self, account: Account) -> None:
        """Idempotent."""
        if account.person.name:
            self.cognito.admin_delete_user(UserPoolId=self.pool, Username=account.person.name)


def told(account: Account, uploads: list[Upload]) -> Iterator[str]:
    person = account.person
    yield f"Account {person.name or 'gone'}, id {person.id}, mail {account.address or 'none'}"
    yield f"Groups: {', '.join(account.groups) or 'none'}, and a group of their own"
    for upload in uploads:
        own = upload.owner.id == person.id
        devices = [c.label for c in upload.board.clients if c.person.id == person.id]
        role = "owner" if own else "helper"
        labels = ", ".join(devices) or "no device"
        yield f"{upload.id}  {upload.status.value}  {upload.group}  {role}  {labels}  {upload.name}"


def _ids(upload: Upload) -> set[str]:
    return {upload.owner.id, *(client.person.id for client in upload.board.clients)}
