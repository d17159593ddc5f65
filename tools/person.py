"""``python -m tools.person show|forget NAME --stack STACK``: what is kept of a person.

*show* lists it. *forget* ends it: the account is deleted, what lies in the person's own group is
cancelled or deleted, as the person could have done it, and on every board their name and the labels
of their devices are written over. Files of other groups stay: they are the group's. What is left is
the account's random id, which leads nowhere without the account, and, until they age out, backups
(35 days) and log lines (30 days), in which there are no names.

It reads the whole table, because devices are kept on boards and in no index. Safe to repeat, and
while people work: each board is written on the condition that nobody wrote in between.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3

from chalicelib import wiring
from chalicelib.adapters.items import BOARD, upload_of
from chalicelib.domain.board import Client, Person
from chalicelib.domain.status import ENDED, Status
from chalicelib.domain.uploads import Upload
from chalicelib.domain.values import replace
from chalicelib.ports import Caller
from chalicelib.service.core import Core, change
from chalicelib.service.uploads import cancel, delete
from tools.installed import enter

NOBODY, DEVICE, NAMELESS = "somebody", "a device", "deleted"


@dataclass(frozen=True, slots=True)
class Account:
    """``name``: the sign-in name; ``address``: "" for none."""

    person: Person
    address: str
    groups: tuple[str, ...]

    @property
    def own_group(self) -> str:
        return f"user:{self.person.id}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.person", description=__doc__)
    parser.add_argument("what", choices=["show", "forget"])
    parser.add_argument("name", help="the sign-in name; the id, if there is no account any more")
    parser.add_argument("--stack", required=True, help="the CloudFormation stack's name")
    asked = parser.parse_args()
    enter(asked.stack)
    settings, core = wiring.settings(), wiring.core()
    cognito, dynamodb = boto3.client("cognito-idp"), boto3.client("dynamodb")
    account = account_of(cognito, settings.pool_id, asked.name)
    uploads = list(of_person(dynamodb, settings.table, account.person))
    print("\n".join(told(account, uploads)))
    if asked.what == "forget":
        if any(u.group == account.own_group and u.status is Status.ASSEMBLING for u in uploads):
            print("One of their own uploads is being joined just now; try again in a minute.")
            return 1
        forget(core, cognito, settings.pool_id, account, uploads)
        print("Forgotten.")
    return 0


def account_of(cognito: Any, pool: str, name: str) -> Account:
    who = {"UserPoolId": pool, "Username": name}
    try:
        user = cognito.admin_get_user(**who)
    except cognito.exceptions.UserNotFoundException:
        return Account(Person(name, ""), "", ())
    attributes = {a["Name"]: a["Value"] for a in user["UserAttributes"]}
    groups = cognito.admin_list_groups_for_user(**who)["Groups"]
    person = Person(attributes["sub"], user["Username"])
    return Account(person, attributes.get("email", ""), tuple(g["GroupName"] for g in groups))


def of_person(dynamodb: Any, table: str, person: Person) -> Iterator[Upload]:
    """Every upload that the person began or helped with, the deleted ones too."""
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table,
        FilterExpression="sk = :board",
        ExpressionAttributeValues={":board": {"S": BOARD}},
        ConsistentRead=True,
    )
    for page in pages:
        uploads = (upload_of(item) for item in page["Items"])
        yield from (u for u in uploads if person.id in _ids(u))


def _ids(upload: Upload) -> set[str]:
    return {upload.owner.id, *(client.person.id for client in upload.board.clients)}


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


def forget(core: Core, cognito: Any, pool: str, account: Account, uploads: list[Upload]) -> None:
    """First the account, so that nothing new comes; a token that is out lives an hour at most."""
    who = {"UserPoolId": pool, "Username": account.person.name}
    if account.person.name:
        cognito.admin_user_global_sign_out(**who)
        cognito.admin_delete_user(**who)
    for upload in uploads:
        if upload.group == account.own_group:
            _end(core, account, upload)
        change(core, upload.id, lambda current: (_nameless(current, account), None))


def _end(core: Core, account: Account, upload: Upload) -> None:
    caller = Caller(account.person, (account.own_group,))
    if upload.status is Status.COMPLETE:
        delete(core, caller, upload.id)
    elif upload.status not in ENDED and upload.status is not Status.ASSEMBLING:
        cancel(core, caller, upload.id)


def _nameless(upload: Upload, account: Account) -> Upload:
    person = account.person
    owner = Person(person.id, NOBODY) if upload.owner.id == person.id else upload.owner
    clients = tuple(_nameless_client(client, person) for client in upload.board.clients)
    name = NAMELESS if upload.group == account.own_group else upload.name
    board = replace(upload.board, clients=clients)
    return replace(upload, owner=owner, board=board, name=name)


def _nameless_client(client: Client, person: Person) -> Client:
    if client.person.id != person.id:
        return client
    return replace(client, person=Person(person.id, NOBODY), label=DEVICE)


if __name__ == "__main__":
    sys.exit(main())
