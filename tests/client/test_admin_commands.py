"""``manyhands admin`` against Cognito and DynamoDB as moto has them, and against none."""

import json
import sys
from itertools import count
from typing import Any

import pytest

from chalicelib.adapters.dynamodb import DynamoUploads
from chalicelib.adapters.limits import DynamoLimits
from chalicelib.domain.lifetime import Lifetime
from chalicelib.domain.room import NO_LIMITS, GroupLimits
from chalicelib.domain.status import Status
from local.strict.gate import KEY, SECRET
from tests.adapters.cloud import REGION, Cloud
from tests.client.commands import Command
from tests.contracts.samples import BEN, an_upload

_numbers = count(1)


class Operator:
    """Somebody with credentials of AWS, and a table of their own."""

    def __init__(self, cloud: Cloud, command: Command) -> None:
        self.cloud, self.command, self.table = cloud, command, cloud.fresh_table()

    def __call__(self, *arguments: str) -> int:
        place = ("--pool", self.cloud.pool, "--table", self.table)
        return self.command("admin", *place, *arguments)

    @property
    def out(self) -> str:
        return self.command.out

    @property
    def err(self) -> str:
        return self.command.err

    @property
    def events(self) -> list[dict[str, object]]:
        return self.command.events

    def group(self) -> str:
        """A group that nobody has heard of."""
        name = f"group-{next(_numbers)}"
        assert self("create-group", name) == 0
        return name

    def person(self) -> str:
        name = f"person-{next(_numbers)}"
        assert self("invite", f"{name}@example.org", "--no-mail") == 0
        return name

    def cognito(self, name: str) -> Any:
        pool = self.cloud.client("cognito-idp")
        return pool.admin_get_user(UserPoolId=self.cloud.pool, Username=name)


@pytest.fixture
def operator(cloud: Cloud, command: Command, monkeypatch: pytest.MonkeyPatch) -> Operator:
    said = {"ENDPOINT_URL": cloud.url, "ACCESS_KEY_ID": KEY, "SECRET_ACCESS_KEY": SECRET}
    for name, value in said.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    return Operator(cloud, command)


def test_a_group_is_made_listed_and_removed(operator: Operator) -> None:
    name = operator.group()
    assert f"The group «{name}» is made." in operator.out
    assert operator("create-group", name) == 0
    assert "is there already" in operator.out
    assert operator("groups") == 0
    assert name in operator.out
    assert operator("remove-group", name, "--yes") == 0
    operator("groups", "--json")
    assert name not in [event["name"] for event in operator.events]


def test_a_group_that_holds_files_is_not_removed_unasked(operator: Operator) -> None:
    name = operator.group()
    uploads = DynamoUploads(operator.cloud.client("dynamodb"), operator.table, Lifetime())
    uploads.add(an_upload(Status.COMPLETE, group=name))
    assert operator("remove-group", name) == 252
    assert "Nothing was changed. Give --yes if you are sure." in operator.err
    assert operator("remove-group", name, "--yes") == 0
    assert "Its 1 stored files (300 B) stay" in operator.out


@pytest.mark.parametrize("name", ["user:ana", " ", "", " film", "film "])
def test_a_group_cannot_pass_for_somebodys_own_or_for_another(
    operator: Operator, name: str
) -> None:
    assert operator("create-group", name) == 252


@pytest.mark.parametrize("arguments", [("remove-group", ""), ("add", "", "film")])
def test_a_name_that_aws_does_not_take_is_bad_input(
    operator: Operator, arguments: tuple[str, ...]
) -> None:
    assert operator(*arguments) == 252
    assert "AWS takes no such name." in operator.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("remove-group", "nowhere", "--yes"),
        ("people", "--group", "nowhere"),
        ("invite", "new@example.org", "--group", "nowhere"),
        ("limits", "nowhere", "--bytes", "1T"),
        ("usage", "nowhere"),
    ],
)
def test_a_group_that_is_not_there_is_said_to_be_none(
    operator: Operator, arguments: tuple[str, ...]
) -> None:
    assert operator(*arguments) == 252
    assert "There is no group «nowhere»." in operator.err


def test_nobody_is_invited_into_a_group_that_is_not_there(operator: Operator) -> None:
    operator("invite", "unborn@example.org", "--group", "nowhere")
    operator("people", "--json")
    assert "unborn" not in operator.out


def test_an_invitation_goes_by_mail_and_may_be_repeated(operator: Operator) -> None:
    group, name = operator.group(), f"person-{next(_numbers)}"
    mail = f"{name}@example.org"
    assert operator("invite", mail, "--group", group) == 0
    said = f"An invitation for «{name}» is on its way to {mail}.\n«{name}» is in «{group}».\n"
    assert operator.out == said
    assert operator("invite", mail, "--group", group) == 0
    assert "The former invitation no longer counts." in operator.out
    operator("people", "--group", group, "--json")
    (person,) = operator.events
    assert (person["mail"], person["state"], person["groups"]) == (mail, "invited", [group])
    told = {a["Name"]: a["Value"] for a in operator.cognito(name)["UserAttributes"]}
    assert told["email_verified"] == "true"


def test_who_has_signed_in_already_gets_no_mail(operator: Operator) -> None:
    name = operator.person()
    pool = operator.cloud.client("cognito-idp")
    who = {"UserPoolId": operator.cloud.pool, "Username": name}
    pool.admin_set_user_password(**who, Password="Another-hand-1", Permanent=True)
    assert operator("invite", f"{name}@example.org") == 0
    assert f"has signed in already, as «{name}»" in operator.out


def test_who_is_there_already_joins_the_group_and_it_is_said(operator: Operator) -> None:
    name, group = operator.person(), operator.group()
    assert operator("invite", f"{name.upper()}@Example.org", "--no-mail", "--group", group) == 0
    assert f"«{name}» is in «{group}»." in operator.out
    operator("people", "--group", group, "--json")
    assert [event["name"] for event in operator.events] == [name]


@pytest.mark.parametrize("how", [(), ("--json",)])
def test_who_is_disabled_is_not_invited_and_joins_nothing(
    operator: Operator, how: tuple[str, ...]
) -> None:
    name, group = operator.person(), operator.group()
    operator("disable", name)
    assert operator("invite", f"{name}@example.org", "--group", group, *how) == 252
    assert "is disabled, and nothing was changed." in operator.err
    operator("people", "--group", group, "--json")
    assert operator.events == []


def test_without_a_mail_the_password_is_printed_and_a_new_one_each_time(
    operator: Operator,
) -> None:
    passwords = set()
    for outcome in ("invited", "again"):
        assert operator("invite", "pat@example.org", "--no-mail", "--json") == 0
        (event,) = operator.events
        assert (event["name"], event["outcome"]) == ("pat", outcome)
        passwords.add(event["temporary_password"])
    assert len(passwords) == 2


def test_a_name_that_is_taken_is_no_reason_to_write_to_somebody_else(operator: Operator) -> None:
    name = operator.person()
    assert operator("invite", f"{name}@elsewhere.example") == 252
    assert f"Somebody else is called «{name}»." in operator.err
    assert operator("invite", f"{name}@elsewhere.example", "--name", f"{name}-2") == 0


@pytest.mark.parametrize("mail", ["ana", "a@b@c", 'x"@example.org', "@"])
def test_what_is_no_mail_address_is_refused(operator: Operator, mail: str) -> None:
    assert operator("invite", mail) == 252


def test_people_join_and_leave_groups(operator: Operator) -> None:
    one, other, name = operator.group(), operator.group(), operator.person()
    assert operator("add", f"{name}@example.org", one, other) == 0
    assert operator("remove", name, one) == 0
    assert "counts within an hour" in operator.out
    operator("people", "--json")
    groups = {event["name"]: event["groups"] for event in operator.events}
    assert groups[name] == [other]
    assert operator("add", "nobody-at-all", one) == 252


def test_who_is_disabled_stays_in_the_list_and_can_come_back(operator: Operator) -> None:
    name = operator.person()
    assert operator("disable", name) == 0
    assert operator.cognito(name)["Enabled"] is False
    operator("people", "--json")
    assert {e["name"]: e["state"] for e in operator.events}[name] == "disabled"
    assert operator("invite", f"{name}@example.org") == 252
    assert f"manyhands admin enable {name}" in operator.err
    assert operator("enable", name) == 0
    assert operator.cognito(name)["Enabled"] is True


def test_limits_are_those_that_the_server_reads(operator: Operator) -> None:
    group = operator.group()
    server = DynamoLimits(operator.cloud.client("dynamodb"), operator.table)
    assert server.of_group(group) == NO_LIMITS
    given = ("--bytes", "5T", "--open-bytes", "1.5g", "--open-uploads", "20")
    assert operator("limits", group, *given) == 0
    assert operator.out == f"{group}: 5 TB, 1.5 GB under way, 20 unfinished\n"
    assert server.of_group(group) == GroupLimits(5 * 10**12, 15 * 10**8, 20)
    assert operator("limits", group, "--bytes", "none", "--open-uploads", "0") == 0
    assert server.of_group(group) == GroupLimits(None, 15 * 10**8, 0)
    operator("remove-group", group, "--yes")
    assert server.of_group(group) == NO_LIMITS


def test_everybodys_own_group_has_limits_too(operator: Operator) -> None:
    assert operator("limits", "--own", "--bytes", "50G") == 0
    server = DynamoLimits(operator.cloud.client("dynamodb"), operator.table)
    assert server.of_group("user:sub-ana") == GroupLimits(bytes=50 * 10**9)
    assert operator("limits", "--json") == 0
    assert operator.events[-1] == {
        "event": "limits",
        "group": "user:",
        "bytes": 50 * 10**9,
        "open_bytes": None,
        "open_uploads": None,
    }


@pytest.mark.parametrize(
    "given",
    [
        ("--bytes", "much"),
        ("--bytes", "-1"),
        ("--open-uploads", "1.5"),
        ("--open-uploads", "2K"),
        ("--bytes", "1000001T"),
        ("--bytes", "9" * 400),
    ],
)
def test_what_is_no_limit_is_refused(operator: Operator, given: tuple[str, str]) -> None:
    assert operator("limits", operator.group(), *given) == 252
    assert "Write for example" in operator.err


def test_a_limit_is_kept_to_the_byte_and_may_be_written_with_blanks(operator: Operator) -> None:
    group = operator.group()
    server = DynamoLimits(operator.cloud.client("dynamodb"), operator.table)
    operator("limits", group, "--bytes", " 9007199254740993 ", "--open-bytes", "0.001K")
    assert server.of_group(group) == GroupLimits(9007199254740993, 1)
    assert operator("limits", group, "--bytes", " none", "--open-bytes", "None ") == 0
    assert server.of_group(group) == NO_LIMITS


def test_a_table_that_is_not_there_is_named(operator: Operator) -> None:
    operator.table = "nowhere"
    assert operator("usage") == 252
    assert "There is no table «nowhere»" in operator.err


def test_limits_need_one_whose_they_are(operator: Operator) -> None:
    assert operator("limits", "--bytes", "1T") == 252
    assert operator("limits", "film", "--own", "--bytes", "1T") == 252


def test_usage_is_that_of_the_server(operator: Operator) -> None:
    group, idle = operator.group(), operator.group()
    uploads = DynamoUploads(operator.cloud.client("dynamodb"), operator.table, Lifetime())
    for status in (Status.ACTIVE, Status.ASSEMBLING, Status.COMPLETE, Status.CANCELLED):
        uploads.add(an_upload(status, group=group))
    uploads.add(an_upload(Status.COMPLETE, group=group, owner=BEN))
    uploads.add(an_upload(Status.COMPLETE, group="user:sub-ben", owner=BEN))
    operator("limits", group, "--bytes", "1T")
    assert operator("usage", "--json") == 0
    rows = {event["group"]: event for event in operator.events}
    served = uploads.usage_of(group, stored=True)
    assert rows[group]["stored_bytes"] == served.stored_bytes == 600
    assert rows[group]["open_bytes"] == served.open_bytes == 600
    assert rows[group]["open_uploads"] == served.open_uploads == 2
    assert rows[group]["most_bytes"] == 10**12
    assert (rows[idle]["stored_files"], rows[idle]["most_bytes"]) == (0, None)
    assert rows["user:sub-ben"]["stored_bytes"] == 300
    assert operator("usage", group, "--by-person", "--json") == 0
    assert {e["person"]: e["stored_bytes"] for e in operator.events} == {"ana": 300, "ben": 300}
    assert operator("usage", group) == 0
    assert operator.out.splitlines()[1].split() == [
        *(group, "2", "600", "B", "2", "600", "B"),
        *("1", "TB"),
    ]


def test_a_stack_is_found_by_its_name(
    cloud: Cloud, command: Command, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_REGION", REGION)
    outputs = {"PoolId": cloud.pool, "TableName": operator.table}
    template = {
        "Resources": {"Logs": {"Type": "AWS::Logs::LogGroup"}},
        "Outputs": {name: {"Value": value} for name, value in outputs.items()},
    }
    cloud.client("cloudformation").create_stack(
        StackName="manyhands-dev", TemplateBody=json.dumps(template)
    )
    assert command("admin", "--stage", "dev", "usage") == 0
    assert command("admin", "--stage", "nowhere", "usage") == 252
    assert "There is no stack «manyhands-nowhere»" in command.err


def test_without_credentials_it_says_how_to_have_some(
    command: Command, monkeypatch: pytest.MonkeyPatch, operator: Operator
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert operator("groups") == 253
    assert "There are no AWS credentials here." in operator.err


def test_without_an_answer_it_says_so(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    assert operator("groups") == 255
    assert "AWS does not answer" in operator.err


def test_a_refusal_of_aws_is_said_in_its_words(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody-else")
    assert operator("groups") == 254
    assert "AWS refused (" in operator.err


def test_without_boto3_it_says_what_to_install(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert command("admin", "groups") == 253
    assert "pip install boto3" in command.err
