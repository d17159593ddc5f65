"""Groups and people: the stack's Cognito pool.

Every verb may be repeated; what is so already is no error. What changes a person's groups counts
with their next access token, within an hour: tokens that are out name the groups of before.
"""

import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from manyhands.admin.aws import Aws, told
from manyhands.errors import BadInput

PERSONAL = "user:"
"""Begins the names of everybody's own groups; the server admits no other of such a name."""

INVITED = "FORCE_CHANGE_PASSWORD"
MAIL = re.compile(r'[^\s"@]+@[^\s"@]+')
NAME = re.compile(r"[\w.+-]{1,128}")


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Person:
    """``state``: *invited* until they chose a password, then *active*; or *disabled*."""

    id: str
    name: str
    mail: str
    state: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """``outcome``: *invited*, *again*, or *active* for who has signed in already.

    *disabled*: nothing was done. ``password`` is the temporary one, if no mail brings it.
    """

    person: Person
    outcome: str
    password: str = ""


class Pool:
    """All methods raise what ``told`` does."""

    def __init__(self, aws: Aws) -> None:
        self._cognito, self._pool = aws.client("cognito-idp"), {"UserPoolId": aws.pool}

    def groups(self) -> list[Group]:
        found = self._all("list_groups", "Groups")
        return sorted((_group(each) for each in found), key=lambda group: group.name)

    def group(self, name: str) -> Group:
        with told(ResourceNotFoundException=self._no_group(name)):
            return _group(self._cognito.get_group(**self._pool, GroupName=name)["Group"])

    def create_group(self, name: str, description: str) -> bool:
        """Whether it is new. Raises BadInput."""
        if name.startswith(PERSONAL) or not name or name != name.strip():
            raise BadInput(f"A group cannot be called «{name}».")
        if any(group.name == name for group in self.groups()):
            return False
        given = {"Description": description} if description else {}
        with told(InvalidParameterException=f"A group cannot be called «{name}»."):
            self._cognito.create_group(**self._pool, GroupName=name, **given)
        return True

    def remove_group(self, name: str) -> None:
        with told(ResourceNotFoundException=self._no_group(name)):
            self._cognito.delete_group(**self._pool, GroupName=name)

    def people(self) -> list[Person]:
        return sorted(map(_person, self._all("list_users", "Users")), key=lambda each: each.name)

    def members(self, group: str) -> list[str]:
        """Their names."""
        found = self._all("list_users_in_group", "Users", GroupName=group)
        return sorted(each["Username"] for each in found)

    def person(self, who: str) -> Person:
        """By name or mail address. Raises BadInput."""
        found = self._by_mail(who.lower()) if MAIL.fullmatch(who) else None
        if found:
            return found
        nobody = f"There is nobody called «{who}». «manyhands admin people» lists all."
        with told(UserNotFoundException=nobody, InvalidParameterException=nobody):
            return _person(self._cognito.admin_get_user(**self._pool, Username=who))

    def invite(self, mail: str, name: str, *, by_mail: bool) -> Invitation:
        """Once more is a new invitation, for who has not signed in yet."""
        if not MAIL.fullmatch(mail):
            raise BadInput(f"«{mail}» is no mail address.")
        mail = mail.lower()  # as people and Cognito take it: the same person
        known = self._by_mail(mail)
        if known and known.state != "invited":
            return Invitation(known, known.state)
        password = "" if by_mail else _password()
        if known is None:
            return Invitation(self._create(mail, name, password), "invited", password)
        self._again(known, password)
        return Invitation(known, "again", password)

    def join(self, person: Person, group: str) -> None:
        self._membership("admin_add_user_to_group", person, group)

    def leave(self, person: Person, group: str) -> None:
        self._membership("admin_remove_user_from_group", person, group)

    def disable(self, person: Person) -> None:
        """Also ends every sign-in that could be renewed."""
        with told():
            self._cognito.admin_disable_user(**self._pool, Username=person.name)
            self._cognito.admin_user_global_sign_out(**self._pool, Username=person.name)

    def enable(self, person: Person) -> None:
        with told():
            self._cognito.admin_enable_user(**self._pool, Username=person.name)

    def _create(self, mail: str, name: str, password: str) -> Person:
        name = name or mail.partition("@")[0]
        if not NAME.fullmatch(name):
            raise BadInput(f"«{name}» cannot be a name for signing in. Give another: --name.")
        taken = f"Somebody else is called «{name}». Give another name: --name."
        delivery = (
            {"TemporaryPassword": password, "MessageAction": "SUPPRESS"}
            if password
            else {"DesiredDeliveryMediums": ["EMAIL"]}
        )
        attributes = {"email": mail, "email_verified": "true"}
        with told(UsernameExistsException=taken):
            made = self._cognito.admin_create_user(
                **self._pool,
                Username=name,
                UserAttributes=[{"Name": k, "Value": v} for k, v in attributes.items()],
                **delivery,
            )
        return _person(made["User"])

    def _again(self, person: Person, password: str) -> None:
        who = self._pool | {"Username": person.name}
        with told():
            if password:
                self._cognito.admin_set_user_password(**who, Password=password, Permanent=False)
            else:
                self._cognito.admin_create_user(
                    **who, MessageAction="RESEND", DesiredDeliveryMediums=["EMAIL"]
                )

    def _membership(self, verb: str, person: Person, group: str) -> None:
        with told(ResourceNotFoundException=self._no_group(group)):
            getattr(self._cognito, verb)(**self._pool, Username=person.name, GroupName=group)

    def _by_mail(self, mail: str) -> Person | None:
        found = self._all("list_users", "Users", Filter=f'email = "{mail}"')
        return next(map(_person, found), None)

    def _all(self, verb: str, field: str, **asked: Any) -> Iterator[Any]:
        with told():
            for page in self._cognito.get_paginator(verb).paginate(**self._pool, **asked):
                yield from page[field]

    def _no_group(self, name: str) -> str:
        return f"There is no group «{name}». «manyhands admin groups» lists all."


def _group(said: Any) -> Group:
    return Group(said["GroupName"], said.get("Description", ""))


def _person(said: Any) -> Person:
    attributes = said.get("Attributes") or said.get("UserAttributes") or ()
    given = {each["Name"]: each.get("Value", "") for each in attributes}
    state = "invited" if said["UserStatus"] == INVITED else "active"
    enabled = said.get("Enabled", True)
    name = said["Username"]
    return Person(
        given.get("sub", ""), name, given.get("email", ""), state if enabled else "disabled"
    )


def _password() -> str:
    """Good for one sign-in, at which another is chosen; of every kind that a policy may ask for."""
    return f"{secrets.token_urlsafe(12)}-aA1"


def names_of(people: Sequence[Person]) -> dict[str, str]:
    """Who somebody's own group belongs to."""
    return {f"{PERSONAL}{person.id}": person.name for person in people}
