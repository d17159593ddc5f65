"""Which pages of other origins may call the API: those that the operator named."""

from collections.abc import Iterator, Mapping

import boto3
import pytest

from local.resources import STACK
from local.stack import REGION, Options, Stack
from local.strict.gate import KEY, SECRET
from tests.calls import HTTP
from tests.stacks import serving

NAMED, OTHER, STRANGER = (
    "https://a.example",
    "http://b.example:81",
    "https://a.example.evil.example",
)
ALLOW = "Access-Control-Allow-Origin"


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with serving(Options(other_origins=(NAMED, OTHER))) as url:
        yield url


def ask(url: str, method: str, path: str, origin: str = "") -> tuple[int, Mapping[str, str]]:
    headers = {"Origin": origin} if origin else {}
    got = HTTP.request(method, f"{url}/api{path}", headers=headers)
    return got.status, got.headers


@pytest.mark.parametrize("origin", [NAMED, OTHER])
def test_a_named_origin_may_call_and_read(service: str, origin: str) -> None:
    status, said = ask(service, "OPTIONS", f"/uploads/{'a' * 26}/tickets", origin)
    assert (status, said[ALLOW], said["Vary"]) == (204, origin, "Origin")
    assert {"authorization", "content-type", "if-none-match", "manyhands-protocol"} == set(
        said["Access-Control-Allow-Headers"].split(", ")
    )
    assert "PUT" in said["Access-Control-Allow-Methods"]
    status, said = ask(service, "GET", "/me", origin)
    assert (status, said[ALLOW]) == (401, origin)
    assert "ETag" in said["Access-Control-Expose-Headers"]


def test_refusals_that_chalice_makes_can_be_read_as_well(service: str) -> None:
    status, said = ask(service, "PUT", "/me", NAMED)
    assert (status, said[ALLOW]) == (405, NAMED)


@pytest.mark.parametrize("origin", [STRANGER, "null", "https://A.example", ""])
def test_no_other_origin_gets_anything(service: str, origin: str) -> None:
    for method, path in (("OPTIONS", "/me"), ("GET", "/me"), ("PUT", "/me")):
        _, said = ask(service, method, path, origin)
        assert [name for name in said if name.startswith("Access-Control")] == []
        assert said["Vary"] == "Origin"


def test_a_preflight_asks_for_no_token_and_tells_nothing(service: str) -> None:
    got = HTTP.request("OPTIONS", f"{service}/api/uploads", headers={"Origin": STRANGER})
    assert (got.status, got.data) == (204, b"")


def test_nobody_else_is_allowed_unless_somebody_is_named(stack: Stack) -> None:
    for method in ("OPTIONS", "GET"):
        _, said = ask(stack.url, method, "/me", NAMED)
        assert [name for name in said if name.startswith("Access-Control") or name == "Vary"] == []


def test_the_storage_takes_parts_from_the_named_origins_and_no_other(service: str) -> None:
    """By the rule that S3 goes by; what stands for it here lets every origin in."""
    storage = HTTP.request("GET", f"{service}/config.json").json()["cognito_endpoint"]
    s3 = boto3.client(
        "s3",
        region_name=REGION,
        endpoint_url=storage,
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
    )
    (rule,) = s3.get_bucket_cors(Bucket=f"{STACK}-bucket")["CORSRules"]
    assert rule["AllowedOrigins"] == [service, NAMED, OTHER]
