"""``python -m tools.person show|forget NAME --stack STACK``: what is kept of a person.

*show* lists it. *forget* ends it: the account is locked, what lies in the person's own group is
cancelled or deleted, as the person could have done it, on every board their name and the labels of
their devices are written over, and the account is deleted. Files of other groups stay: they are the
group's. What is left is the account's random id, which leads nowhere without the account, and,
until they age out, backups (35 days) and log lines (``LogDays``: prod 90, dev 7), in which there
are no names.

The account goes last, because only by it does a name lead to the boards: whatever breaks off, the
same command finds the same person again and does the rest. So does what cannot be ended just now,
as its parts are being joined: it is named, the account stays, and the exit code is 1. That is also
the answer to a name of which nothing is known, which is most likely misspelt.

Safe while people work: each board is written on the condition that nobody wrote in between.
"""

import argparse
import sys
from collections.abc import Callable

from chalicelib import wiring
from chalicelib.domain.board import Client, Person
from chalicelib.domain.errors import ManyhandsError, NoSuchUpload
from chalicelib.domain.status import ENDED, Status
from chalicelib.domain.uploads import Upload
from chalicelib.domain.values import replace
from chalicelib.ports import Caller
from chalicelib.service.core import Core, change
from chalicelib.service.uploads import cancel, delete
from tools.installed import client, enter
from tools.kept import Account, Kept, told

NOBODY, DEVICE, NAMELESS = "somebody", "a device", "deleted"
Say = Callable[[str], object]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.person", description=__doc__)
    parser.add_argument("what", choices=["show", "forget"])
    parser.add_argument("name", help="the sign-in name; the id, if there is no account any more")
    parser.add_argument("--stack", required=True, help="the CloudFormation stack's name")
    parser.add_argument("--yes", action="store_true", help="forget without a question")
    asked = parser.parse_args()
    enter(asked.stack)
    settings = wiring.settings()
    kept = Kept(
        cognito=client("cognito-idp"),
        pool=settings.pool_id,
        dynamodb=client("dynamodb"),
        table=settings.table,
    )
    if asked.what == "show":
        return 0 if show(kept, asked.name, print) else 1
    if not asked.yes and not sure(kept.account(asked.name), input):
        print("Nothing was changed.")
        return 1
    return 0 if forget(wiring.core(), kept, asked.name, print) else 1


def sure(account: Account, answer: Callable[[str], str]) -> bool:
    """Also a name that is spelt well may be another's."""
    whom = f"{account.person.name or 'whoever was'} {account.person.id}, {account.address or '-'}"
    try:
        return answer(f"Forget {whom}, for good? [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False


def show(kept: Kept, name: str, say: Say) -> bool:
    """Whether anything is known of them."""
    account = kept.account(name)
    return _shown(account, list(kept.uploads(account.person)), say)


def forget(core: Core, kept: Kept, name: str, say: Say) -> bool:
    """Whether they were known, and nothing is known any more."""
    account = kept.account(name)
    kept.lock(account)
    uploads = list(kept.uploads(account.person))
    if not _shown(account, uploads, say):
        return False
    forgotten = [_forgotten(core, account, upload, say) for upload in uploads]
    if not all(forgotten):
        say("Not all is forgotten. The account is locked; run it again in a minute.")
        return False
    kept.delete(account)
    say("Forgotten.")
    return True


def _shown(account: Account, uploads: list[Upload], say: Say) -> bool:
    if not account.person.name and not uploads:
        say(f"Nothing is known of {account.person.id}.")
        return False
    for line in told(account, uploads):
        say(line)
    return True


def _forgotten(core: Core, account: Account, upload: Upload, say: Say) -> bool:
    try:
        if upload.group == account.own_group:
            _end(core, account, upload)
        change(core, upload.id, lambda current: (_nameless(current, account), None))
    except NoSuchUpload:
        return True  # its time was over since it was read
    except ManyhandsError as refusal:
        say(f"{upload.id}  {refusal}")
        return False
    return True


def _end(core: Core, account: Account, upload: Upload) -> None:
    caller = Caller(account.person, (account.own_group,))
    if upload.status is Status.COMPLETE:
        delete(core, caller, upload.id)
    elif upload.status not in ENDED:
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
