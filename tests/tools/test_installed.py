"""The operator's tools work in the region of the server's code, and say so if there is none."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.config import settings_from
from tools import person, replay, restore
from tools.installed import client, enter, output

UNSET = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ENDPOINT_URL")
REGION = "AWS_REGION", "AWS_DEFAULT_REGION"
SETTINGS = {
    name: name.lower()
    for name in ("TABLE", "BUCKET", "TOPIC", "POOL_ID", "CLIENT_IDS", "MAIL_FROM", "PAGE_URL")
}
ANSWERS = {
    "DescribeStackResource": {"StackResourceDetail": {"PhysicalResourceId": "manyhands-Sweep"}},
    "DescribeStacks": {"Stacks": [{"Outputs": [{"OutputKey": "K", "OutputValue": "v"}]}]},
    "GetFunctionConfiguration": {"Environment": {"Variables": SETTINGS}},
}
GONE = {"Error": {"Code": "ValidationError", "Message": "Stack 'typo' does not exist"}}

Told = Callable[[str], None]


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """AWS answers each call at once; in which regions it was asked."""
    for name in (*UNSET, *REGION, *SETTINGS):
        monkeypatch.setenv(name, "")  # so that it is as before at the end
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    session, regions = boto3.session.Session(), list[str]()

    def answer(model: Any, context: Any, params: Any, **_: Any) -> Any:
        regions.append(context["client_region"])
        if "typo" in str(params["body"]):
            raise ClientError(GONE, model.name)  # type: ignore[arg-type]
        return SimpleNamespace(status_code=200), ANSWERS[model.name]

    session.events.register("before-call.*.*", answer)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", session)
    return regions


@pytest.fixture(params=["AWS_REGION", "AWS_DEFAULT_REGION", "a profile"])
def named(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Told:
    """Name a region, in each of the ways that there are."""

    def name(region: str) -> None:
        if request.param == "a profile":
            (tmp_path / "config").write_text(f"[default]\nregion = {region}\n")
        else:
            monkeypatch.setenv(request.param, region)

    return name


def test_a_tools_clients_and_the_servers_code_work_in_one_region(
    named: Told, asked: list[str]
) -> None:
    named("ap-south-1")
    enter("manyhands-prod")
    assert output("manyhands-prod", "K") == "v"
    assert set(asked) == {"ap-south-1"} and len(asked) == 3
    assert client("dynamodb").meta.region_name == "ap-south-1"
    assert {os.environ[name] for name in REGION} == {"ap-south-1"}
    settings = settings_from(os.environ)
    assert (settings.region, settings.table) == ("ap-south-1", "table")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [(person, ["forget", "ana"]), (replay, []), (restore, ["--from", "TABLE"])],
)
def test_without_a_region_a_tool_says_how_to_name_one_and_asks_nobody(
    tool: Any, arguments: list[str], monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["tool", *arguments, "--stack", "manyhands-prod"])
    with pytest.raises(SystemExit, match=r"No region is known; set AWS_REGION, e\.g\."):
        tool.main()
    assert asked == []


def test_of_a_stack_that_there_is_none_it_says_what_aws_says(named: Told) -> None:
    named("ap-south-1")
    with pytest.raises(SystemExit, match=r"AWS refuses: .*Stack 'typo' does not exist"):
        enter("typo")


def test_what_stands_in_the_environment_is_taken_as_it_is(asked: list[str]) -> None:
    before = dict(os.environ)
    enter("")
    assert (dict(os.environ), asked) == (before, [])
