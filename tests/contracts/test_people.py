from typing import Any

import pytest

from chalicelib.adapters.cognito import CognitoPeople
from chalicelib.domain.board import Person
from chalicelib.ports import People
from tests.fakes.people import FakePeople

Subject = tuple[People, Person]


@pytest.fixture(params=["fake", "cognito"])
def people(request: pytest.FixtureRequest) -> Subject:
    """People, among them one with the verified address dora@example.org."""
    if request.param == "fake":
        return FakePeople({"sub-dora": "dora@example.org"}), Person("sub-dora", "dora")
    cloud = request.getfixturevalue("cloud")
    cognito = cloud.client("cognito-idp")
    sub = sub_of(cognito, cloud.pool, "dora", email_verified="true")
    return CognitoPeople(cognito, cloud.pool), Person(sub, "dora")


def test_a_person_has_their_address(people: Subject) -> None:
    known, dora = people
    assert known.address(dora) == "dora@example.org"


def test_a_person_who_is_gone_has_none(people: Subject) -> None:
    known, _ = people
    assert known.address(Person("sub-nobody", "nobody")) is None


def test_a_newcomer_of_the_same_name_gets_no_mail_of_their_predecessor(people: Subject) -> None:
    known, dora = people
    assert known.address(Person("sub-of-an-earlier-dora", dora.name)) is None


def sub_of(cognito: Any, pool: str, name: str, email_verified: str) -> str:
    """A new person of the pool; answers the pool's id of them."""
    known = cognito.list_users(UserPoolId=pool, Filter=f'username = "{name}"')["Users"]
    if not known:
        attributes = {"email": f"{name}@example.org", "email_verified": email_verified}
        made = cognito.admin_create_user(
            UserPoolId=pool,
            Username=name,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": k, "Value": v} for k, v in attributes.items()],
        )
        known = [made["User"]]
    return next(str(a["Value"]) for a in known[0]["Attributes"] if a["Name"] == "sub")
