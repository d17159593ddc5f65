"""People of these tests: what they do must not use up what others may have."""

import secrets
import time
from collections.abc import Callable, Iterator

import pytest

from chalicelib.domain.status import Status
from local.people import PASSWORD
from local.stack import Stack
from tests.calls import Caller, Device, File

Make = Callable[..., str]


def newcomer(stack: Stack, *groups: str) -> Caller:
    """A person that nobody else is, in these groups."""
    name = f"dora-{secrets.token_hex(4)}"
    cognito, pool = stack.client("cognito-idp"), stack.resources.references.ref("Pool")
    who = {"UserPoolId": pool, "Username": name}
    cognito.admin_create_user(**who, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(**who, Password=PASSWORD, Permanent=True)
    for group in groups:
        cognito.admin_add_user_to_group(**who, GroupName=group)
    return Caller.signed_in(stack.url, name)


@pytest.fixture(scope="module")
def dora(stack: Stack) -> Caller:
    """In the group film."""
    return newcomer(stack, "film")


@pytest.fixture
def make(ana: Caller) -> Iterator[Make]:
    """Makes uploads of ana's in the group film; what is left unfinished is cancelled."""
    made: list[str] = []

    def upload(status: Status = Status.INITIALIZED) -> str:
        file = File.of(9, name=f"{secrets.token_hex(4)}.mov")
        made.append(str(ana.post("/uploads", file.described()).body["upload"]["id"]))
        if status is Status.COMPLETE:
            stored(ana, made[-1], file)
        return made[-1]

    yield upload
    for id in made:
        ana.post(f"/uploads/{id}/cancel")


def stored(caller: Caller, upload: str, file: File) -> None:
    """Send all of the file, and wait until the parts are joined."""
    Device(caller, upload).send_all(file)
    until_stored(caller, upload)


def until_stored(caller: Caller, upload: str) -> None:
    until(caller, upload, Status.COMPLETE)


def until(caller: Caller, upload: str, status: Status) -> None:
    """Wait for what the event functions do."""
    for _ in range(3_000):
        if caller.get(f"/uploads/{upload}").body["upload"]["status"] == status.value:
            return
        time.sleep(0.01)
    raise AssertionError(f"it never became {status.value}")
