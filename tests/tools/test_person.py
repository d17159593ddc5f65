"""What is kept of a person is found, and forgotten, on the running stack."""

import secrets
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.board import Person
from chalicelib.domain.status import Status
from local.people import PASSWORD
from local.stack import Stack
from tests.calls import PART, Caller, Device, File, send
from tests.security.conftest import stored, until_stored
from tools.person import NOBODY, Account, account_of, forget, of_person, told


@pytest.fixture
def name(stack: Stack) -> str:
    """Somebody that nobody else is, in the group film."""
    name = f"fred-{secrets.token_hex(4)}"
    cognito, pool = stack.client("cognito-idp"), stack.resources.references.ref("Pool")
    who = {"UserPoolId": pool, "Username": name}
    mail = [{"Name": "email", "Value": f"{name}@example.org"}]
    cognito.admin_create_user(**who, MessageAction="SUPPRESS", UserAttributes=mail)
    cognito.admin_set_user_password(**who, Password=PASSWORD, Permanent=True)
    cognito.admin_add_user_to_group(**who, GroupName="film")
    return name


def kept(stack: Stack, name: str) -> Account:
    return account_of(stack.client("cognito-idp"), stack.resources.references.ref("Pool"), name)


def uploads_of(stack: Stack, person: Person) -> list[Any]:
    return list(of_person(stack.client("dynamodb"), wiring.settings().table, person))


def begun(caller: Caller, group: str, name: str, size: int = 9) -> tuple[str, File]:
    file = File.of(size, name=name, group=group)
    return str(caller.post("/uploads", file.described()).body["upload"]["id"]), file


def test_whatever_is_kept_of_a_person_is_found_and_forgotten(
    stack: Stack, ana: Caller, name: str
) -> None:
    fred, account = Caller.signed_in(stack.url, name), kept(stack, name)
    own, file = begun(fred, account.own_group, "diary.txt")
    stored(fred, own, file)
    unfinished, _ = begun(fred, account.own_group, "letter.txt")
    theirs, film = begun(ana, "film", f"{name}-helped.mov", 2 * PART)
    shared, picture = begun(fred, "film", f"{name}-began.mov")
    stored(fred, shared, picture)
    helper, owner = Device(fred, theirs, label="Fred's phone"), Device(ana, theirs)
    (ticket,) = helper.exchange(want=1).body["tickets"]
    assert send(ticket, film.part(ticket["part"])) == 200
    helper.exchange(done=[ticket["part"]])

    found = uploads_of(stack, account.person)
    assert {upload.id for upload in found} == {own, unfinished, theirs, shared}
    text = "\n".join(told(account, found))
    assert "Fred's phone" in text and "diary.txt" in text and f"{name}@example.org" in text

    key = next(upload.key for upload in found if upload.id == own)
    cognito, pool = stack.client("cognito-idp"), stack.resources.references.ref("Pool")
    forget(wiring.core(), cognito, pool, account, found)

    with pytest.raises(cognito.exceptions.UserNotFoundException):
        cognito.admin_get_user(UserPoolId=pool, Username=name)
    left = {upload.id: upload for upload in uploads_of(stack, account.person)}
    assert left[own].status is Status.DELETED and left[unfinished].status is Status.CANCELLED
    listed = stack.client("s3").list_objects_v2(Bucket=wiring.settings().bucket, Prefix=key)
    assert listed["KeyCount"] == 0
    assert left[shared].status is Status.COMPLETE, "it is the group's"
    said = "\n".join(repr(upload) for upload in left.values())
    for secret in (f"'{name}'", "Fred's phone", "diary.txt", "letter.txt"):
        assert secret not in said
    assert left[shared].owner.name == NOBODY

    gone = kept(stack, account.person.id)
    forget(wiring.core(), cognito, pool, gone, uploads_of(stack, gone.person))

    owner.send_all(film)
    until_stored(ana, theirs)
    shown = ana.get(f"/uploads/{theirs}").body["board"]["clients"]
    assert {client["person"] for client in shown} == {"ana", NOBODY}
