"""From an invitation to a full group, as an operator and the invited person live it."""

from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config

from local.stack import REGION, Stack
from tests.calls import PART, Caller, File
from tests.client.commands import Command

OWN = "My-own-hands-1"


@pytest.fixture
def operator(stack: Stack, capsys: pytest.CaptureFixture[str]) -> Any:
    references = stack.resources.references
    place = ("--pool", references.ref("Pool"), "--table", references.ref("Table"))
    command = Command(capsys)

    def run(*arguments: str) -> Command:
        assert command("admin", *place, *arguments) == 0
        return command

    return run


def test_an_invited_person_signs_in_and_a_full_group_refuses(stack: Stack, operator: Any) -> None:
    operator("create-group", "choir")
    operator("limits", "choir", "--bytes", str(3 * PART), "--open-uploads", "2")
    (invited,) = operator("invite", "dora@example.org", "--no-mail", "--json").events
    operator("add", "dora@example.org", "choir")

    dora = Caller(stack.url, f"Bearer {_token(stack, 'dora', invited['temporary_password'])}")
    assert "choir" in [group["id"] for group in dora.get("/me").body["groups"]]
    first, second = (File.of(2 * PART, name=f"{n}.wav") for n in range(2))
    id = dora.post("/uploads", _in_choir(first)).body["upload"]["id"]
    refused = dora.post("/uploads", _in_choir(second))
    assert (refused.status, refused.code, refused.body["retryable"]) == (429, "group_full", False)
    assert refused.body["details"] == {"limit": "bytes", "most": 3 * PART, "used": 2 * PART}
    assert dora.post("/uploads", _in_choir(first)).body["outcome"] == "joined"

    (row,) = operator("usage", "choir", "--by-person", "--json").events
    assert (row["person"], row["open_bytes"], row["open_uploads"]) == ("dora", 2 * PART, 1)
    assert dora.post(f"/uploads/{id}/cancel").status == 200
    assert dora.post("/uploads", _in_choir(second)).status == 201


def test_who_is_disabled_cannot_sign_in(stack: Stack, operator: Any) -> None:
    (invited,) = operator("invite", "emil@example.org", "--no-mail", "--json").events
    operator("disable", "emil")
    with pytest.raises(Exception, match="disabled"):
        _token(stack, "emil", invited["temporary_password"])


def _in_choir(file: File) -> dict[str, Any]:
    return file.described() | {"group": "choir"}


def _token(stack: Stack, name: str, temporary: str) -> str:
    """The first sign-in, at which a password of their own is chosen; without any credentials."""
    cognito: Any = boto3.client(
        "cognito-idp", region_name=REGION, config=Config(signature_version=UNSIGNED)
    )
    app = stack.resources.references.ref("PoolClient")
    asked = cognito.initiate_auth(
        ClientId=app,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": temporary},
    )
    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    answer = cognito.respond_to_auth_challenge(
        ClientId=app,
        ChallengeName=asked["ChallengeName"],
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": name, "NEW_PASSWORD": OWN},
    )
    return str(answer["AuthenticationResult"]["AccessToken"])
