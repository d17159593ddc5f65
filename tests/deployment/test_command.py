"""What the command says when it cannot begin."""

from pathlib import Path

import boto3
import pytest

from tests.deployment.aws import Aws
from tools.deploy.__main__ import NO_CREDENTIALS, main

UNSET = ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID")


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*UNSET, "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # which may have found somebody before
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "nothing"))


@pytest.mark.parametrize("verb", ["up", "down"])
def test_without_a_region_it_says_how_to_name_one(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([verb, "--stage", "prod"]) == 1
    assert capsys.readouterr().err == (
        "No region is known; set AWS_REGION, e.g. AWS_REGION=eu-central-1.\n"
    )


@pytest.mark.parametrize("verb", ["up", "down"])
def test_without_credentials_it_says_so_before_anything_is_made(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert main([verb, "--stage", "prod"]) == 1
    assert capsys.readouterr().err == f"{NO_CREDENTIALS}\n"


def test_data_goes_only_if_somebody_is_sure(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {"REGION": "eu-central-1", "ENDPOINT_URL": aws.url}
    said |= {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test"}
    for name, value in said.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    delete = ["down", "--stage", "dev", "--data", "delete"]
    for sure in ([], ["--sure", "manyhands-prod"]):
        assert main([*delete, *sure]) == 1
        assert "To be sure without a question: SURE=manyhands-dev" in capsys.readouterr().err
    assert main([*delete, "--sure", "manyhands-dev"]) == 0


@pytest.mark.parametrize(
    "arguments", [["up", "--stage", "test"], ["up"], ["down", "--stage", "dev", "--data", "maybe"]]
)
def test_what_is_misspelt_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
