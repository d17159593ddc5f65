"""A URL for a part is, letter by letter, the one that boto3 would sign."""

import base64
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.credentials import Credentials, RefreshableCredentials
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.s3 import EXPIRES_S, S3Parts

REGIONS = ("eu-central-1", "us-east-1", "cn-north-1", "us-gov-west-1", "eu-south-2")
PLACES = (
    {"addressing_style": "virtual"},
    {"addressing_style": "path"},
    {"addressing_style": "auto"},
    {"addressing_style": "virtual", "use_dualstack_endpoint": True},
)
ENDPOINTS = (None, "http://127.0.0.1:5000", "http://localhost:80", "https://s3.example.org:8443/in")
BUCKETS = ("bucket", "with.dots.in-it")
CLIENT = "s3v4"
DIGEST = st.binary(min_size=32, max_size=32)
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
ID = st.from_regex(r"[A-Za-z0-9._~+/=-]{1,200}", fullmatch=True)
TOKEN = st.one_of(st.none(), st.from_regex(r"[A-Za-z0-9+/=]{1,1000}", fullmatch=True))

SESSION = boto3.Session()
clients: dict[tuple[Any, ...], Any] = {}


@pytest.fixture(autouse=True, scope="module")
def nothing_from_outside() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        for name in [n for n in os.environ if n.startswith("AWS_")]:
            environment.delenv(name)
        environment.setenv("AWS_CONFIG_FILE", os.devnull)
        environment.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        yield


def client(region: str, place: int, endpoint: str | None) -> Any:
    """Made once: that is what takes time."""
    key = (region, place, endpoint)
    if key not in clients:
        config = Config(signature_version=CLIENT, s3=PLACES[place])  # type: ignore[arg-type]
        clients[key] = SESSION.client(
            "s3",
            region_name=region,
            endpoint_url=endpoint,
            aws_access_key_id="a",
            aws_secret_access_key="b",
            config=config,
        )
    return clients[key]


def signing_with(made: Any, credentials: Any) -> Any:
    made._request_signer._credentials = credentials
    return made


def by_boto3(made: Any, bucket: str, key: str, id: str, part: int, size: int, digest: str) -> str:
    wanted = {
        "Bucket": bucket,
        "Key": key,
        "UploadId": id,
        "PartNumber": part,
        "ContentLength": size,
        "ChecksumSHA256": digest,
    }
    url: str = made.generate_presigned_url("upload_part", Params=wanted, ExpiresIn=EXPIRES_S)
    return url


def same(made: Any, bucket: str, *part: Any) -> None:
    """In the same second: a URL bears the second of its signing."""
    store = S3Parts(made, bucket)
    for _ in range(20):
        ours, theirs = store.sign_put(*part).url, by_boto3(made, bucket, *part)
        if field(ours, "X-Amz-Date") == field(theirs, "X-Amz-Date"):
            break
    assert ours == theirs


def field(url: str, name: str) -> str:
    return parse_qs(urlsplit(url).query)[name][0]


@settings(deadline=None)  # the first of each place makes a client
@given(
    where=st.tuples(
        st.sampled_from(REGIONS),
        st.integers(0, len(PLACES) - 1),
        st.sampled_from(ENDPOINTS),
        st.sampled_from(BUCKETS),
    ),
    key=TEXT.filter(lambda k: k.strip("/") == k),
    id=ID,
    part=st.integers(1, 10_000),
    size=st.integers(0, 5 * 1024**3),
    digest=DIGEST,
    secret=st.from_regex(r"[A-Za-z0-9+/]{16,40}", fullmatch=True),
    token=TOKEN,
)
def test_it_is_what_boto3_signs(
    where: tuple[str, int, str | None, str],
    key: str,
    id: str,
    part: int,
    size: int,
    digest: bytes,
    secret: str,
    token: str | None,
) -> None:
    region, place, endpoint, bucket = where
    if endpoint and "use_dualstack_endpoint" in PLACES[place]:
        place = 0  # boto3 refuses both
    made = signing_with(client(region, place, endpoint), Credentials("AKIA", secret, token))
    same(made, bucket, key, id, part, size, base64.b64encode(digest).decode())


def test_a_key_of_ours_in_every_region_and_style() -> None:
    for region in REGIONS:
        for place in range(len(PLACES)):
            made = signing_with(client(region, place, None), Credentials("AKIA", "s" * 40, "t+/="))
            same(made, "bucket", f"uploads/{'a' * 26}/1", "m._-~", 7, 5 << 20, "d" * 43 + "=")


def test_an_endpoint_for_s3_alone_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    made = boto3.Session().client(
        "s3", region_name="eu-central-1", config=Config(signature_version=CLIENT)
    )
    same(made, "bucket", "k", "id", 1, 1, "d" * 43 + "=")
    signed = S3Parts(made, "bucket").sign_put("k", "id", 1, 1, "d")
    assert signed.url.startswith("http://127.0.0.1:9/bucket/k?")


def test_each_url_bears_the_session_of_its_moment() -> None:
    """Temporary credentials are renewed in between, and no URL is signed with what is over."""
    sessions = iter(range(1, 100))

    def renewed() -> dict[str, str]:
        number = next(sessions)
        until = datetime.now(UTC) + timedelta(seconds=60)
        said = {"access_key": f"key-{number}", "secret_key": "s", "token": f"session-{number}"}
        return said | {"expiry_time": until.isoformat()}

    credentials = RefreshableCredentials.create_from_metadata(renewed(), renewed, "test")
    made = signing_with(client("eu-central-1", 0, None), credentials)
    store = S3Parts(made, "bucket")
    urls = [store.sign_put("k", "id", part, 1, "d").url for part in (1, 2, 3)]
    said = [
        (field(u, "X-Amz-Credential").partition("/")[0], field(u, "X-Amz-Security-Token"))
        for u in urls
    ]
    numbers = [int(key.removeprefix("key-")) for key, _ in said]
    assert numbers == sorted(set(numbers))
    assert said == [(f"key-{n}", f"session-{n}") for n in numbers]


def test_who_has_no_credentials_signs_nothing() -> None:
    made = signing_with(client("eu-central-1", 1, None), Credentials("AKIA", "s"))
    store = S3Parts(made, "bucket")
    store.sign_put("k", "id", 1, 1, "d")
    signing_with(made, None)
    with pytest.raises(Exception, match="Unable to locate credentials"):
        store.sign_put("k", "id", 1, 1, "d")
