"""What is kept of a person is found, and forgotten, on the running stack."""

import copy
import secrets
from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.domain.errors import BoardBusy
from chalicelib.domain.status import Event, Status
from chalicelib.domain.uploads import Upload, moved
from chalicelib.service.core import Core
from local.people import PASSWORD
from local.stack import Stack
from tests.calls import PART, Caller, Device, File, send
from tests.contracts.samples import an_upload
from tests.security.conftest import stored, until_stored
from tests.service.world import Died, Flaky
from tools.kept import Account, Kept
from tools.person import NOBODY, forget, show, sure


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


@pytest.fixture
def kept(stack: Stack) -> Kept:
    return Kept(
        cognito=stack.client("cognito-idp"),
        pool=stack.resources.references.ref("Pool"),
        dynamodb=stack.client("dynamodb"),
        table=wiring.settings().table,
    )


@pytest.fixture
def core() -> Core:
    """Whose board store may be made to fail."""
    core = wiring.core()
    return replace(core, uploads=copy.copy(core.uploads))


def left(kept: Kept, account: Account) -> dict[str, Upload]:
    return {upload.id: upload for upload in kept.uploads(account.person)}


def enabled(kept: Kept, name: str) -> bool:
    return bool(kept.cognito.admin_get_user(UserPoolId=kept.pool, Username=name)["Enabled"])


def begun(caller: Caller, group: str, name: str, size: int = 9) -> tuple[str, File]:
    file = File.of(size, name=name, group=group)
    return str(caller.post("/uploads", file.described()).body["upload"]["id"]), file


def test_whatever_is_kept_of_a_person_is_found_and_forgotten(
    stack: Stack, ana: Caller, name: str, kept: Kept
) -> None:
    fred, account = Caller.signed_in(stack.url, name), kept.account(name)
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

    said: list[str] = []
    assert show(kept, name, said.append)
    text = "\n".join(said)
    assert "Fred's phone" in text and "diary.txt" in text and f"{name}@example.org" in text
    found = left(kept, account)
    assert set(found) == {own, unfinished, theirs, shared}

    assert forget(wiring.core(), kept, name, said.append)
    assert said[-1] == "Forgotten."

    with pytest.raises(kept.cognito.exceptions.UserNotFoundException):
        enabled(kept, name)
    now = left(kept, account)
    assert now[own].status is Status.DELETED and now[unfinished].status is Status.CANCELLED
    listed = stack.client("s3").list_objects_v2(
        Bucket=wiring.settings().bucket, Prefix=found[own].key
    )
    assert listed["KeyCount"] == 0
    assert now[shared].status is Status.COMPLETE, "it is the group's"
    written = "\n".join(repr(upload) for upload in now.values())
    for secret in (f"'{name}'", "Fred's phone", "diary.txt", "letter.txt"):
        assert secret not in written
    assert now[shared].owner.name == NOBODY

    assert forget(wiring.core(), kept, account.person.id, said.append), "by the id, once more"

    owner.send_all(film)
    until_stored(ana, theirs)
    shown = ana.get(f"/uploads/{theirs}").body["board"]["clients"]
    assert {client["person"] for client in shown} == {"ana", NOBODY}


def test_of_a_misspelt_name_nothing_is_known(stack: Stack, name: str, kept: Kept) -> None:
    said: list[str] = []
    assert not show(kept, f"{name}-typo", said.append)
    assert not forget(wiring.core(), kept, f"{name}-typo", said.append)
    assert said == [f"Nothing is known of {name}-typo."] * 2
    assert enabled(kept, name)


def test_nobody_is_forgotten_without_a_yes(name: str, kept: Kept) -> None:
    account = kept.account(name)
    asked: list[str] = []

    def says(answer: str) -> bool:
        return sure(account, lambda question: asked.append(question) or answer)

    assert [says(answer) for answer in ("y", " Yes", "", "n", name)] == [True, True, *[False] * 3]
    assert f"Forget {name} {account.person.id}" in asked[0]

    def nobody_there(_: str) -> str:
        raise EOFError

    assert not sure(account, nobody_there)


def test_somebody_who_never_uploaded_is_forgotten(name: str, kept: Kept) -> None:
    assert forget(wiring.core(), kept, name, print)
    assert kept.account(name).person.name == ""


def test_what_broke_off_is_done_by_the_same_command(
    stack: Stack, name: str, kept: Kept, core: Core
) -> None:
    fred, account = Caller.signed_in(stack.url, name), kept.account(name)
    ids = [begun(fred, account.own_group, f"diary-{n}.txt")[0] for n in range(3)]
    Flaky(core.uploads, "save", Died(), after=True)
    with pytest.raises(Died):
        forget(core, kept, name, print)
    assert not enabled(kept, name), "nobody signs in by it any more"
    assert "diary" in repr(left(kept, account))

    assert forget(wiring.core(), kept, name, print)
    now = left(kept, account)
    assert {now[id].status for id in ids} == {Status.CANCELLED}
    assert "diary" not in repr(now) and f"'{name}'" not in repr(now)
    assert kept.account(name).person.name == ""


def test_what_is_being_joined_keeps_the_account_until_it_is_run_again(
    name: str, kept: Kept, core: Core
) -> None:
    """Added and not moved, so that no function of the stack is told to join it."""
    account, said = kept.account(name), list[str]()
    theirs = {"owner": account.person, "group": account.own_group}
    joining = core.uploads.add(
        an_upload(Status.ASSEMBLING, id=f"joining-{account.person.id}", **theirs)
    )
    began = core.uploads.add(an_upload(id=f"began-{account.person.id}", owner=account.person))

    assert not forget(core, kept, name, said.append)
    assert "This upload is assembling" in said[-2] and joining.id in said[-2]
    assert said[-1] == "Not all is forgotten. The account is locked; run it again in a minute."
    assert not enabled(kept, name)
    assert left(kept, account)[began.id].owner.name == NOBODY, "the others are seen to"

    core.uploads.save(moved(joining, Event.GIVE_UP, core.clock.now()))
    assert forget(core, kept, name, said.append)
    assert left(kept, account)[joining.id].owner.name == NOBODY


def test_an_upload_whose_time_is_over_meanwhile_holds_nothing_up(
    stack: Stack, name: str, kept: Kept, core: Core
) -> None:
    begun(Caller.signed_in(stack.url, name), kept.account(name).own_group, "diary.txt")
    core.uploads.get = lambda id: None  # type: ignore[method-assign]
    assert forget(core, kept, name, print)


def test_a_board_that_others_write_all_the_time_is_done_in_the_next_run(
    stack: Stack, name: str, kept: Kept, core: Core
) -> None:
    begun(Caller.signed_in(stack.url, name), "film", f"{name}.mov")
    Flaky(core.uploads, "save", BoardBusy())
    assert not forget(core, kept, name, print)
    assert forget(core, kept, name, print)
