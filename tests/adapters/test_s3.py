"""What the adapter asks of S3, and what a signed URL binds."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3
from botocore.exceptions import ClientError, ReadTimeoutError

from chalicelib.adapters.s3 import JOINING_S, S3Parts, s3_client
from chalicelib.domain.errors import StorageUnavailable
from chalicelib.domain.inspection import StoredPart
from chalicelib.ports import ObjectExists, PartsChanged, PartsGone, SignedUrl
from local.strict.gate import KEY, SECRET
from tests.adapters.cloud import Cloud
from tests.adapters.recorder import Recorder

DIGEST = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
PART = StoredPart(1, 5, b"d" * 32, '"etag"')
NAME = "Übung «1».mov"


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    return monkeypatch


@pytest.fixture
def on_aws(credentials: pytest.MonkeyPatch) -> S3Parts:
    return S3Parts(s3_client("eu-central-1", 8), "bucket")


@pytest.fixture
def on_this_machine(credentials: pytest.MonkeyPatch) -> S3Parts:
    credentials.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:5000")
    return S3Parts(s3_client("eu-central-1", 8), "bucket")


@pytest.fixture(params=["on_aws", "on_this_machine"])
def parts(request: pytest.FixtureRequest) -> S3Parts:
    found: S3Parts = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("size", [0, 1, 5 * 1024 * 1024])
def test_a_put_is_bound_to_length_host_and_digest(parts: S3Parts, size: int) -> None:
    query = _query(parts.sign_put("uploads/a/1", "id", 7, size, DIGEST))
    assert query["X-Amz-SignedHeaders"] == "content-length;host;x-amz-checksum-sha256"
    assert query["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert (query["uploadId"], query["partNumber"]) == ("id", "7")


def test_a_url_lives_as_long_as_it_says(parts: S3Parts) -> None:
    for signed in (parts.sign_put("k", "id", 1, 1, DIGEST), parts.sign_get("k", NAME)):
        assert int(_query(signed)["X-Amz-Expires"]) * 1000 == signed.expires_ms == 900_000


def test_only_the_digest_is_left_for_the_client_to_send(parts: S3Parts) -> None:
    signed = parts.sign_put("k", "id", 1, 1, DIGEST)
    assert signed.headers == {"x-amz-checksum-sha256": DIGEST}
    assert parts.sign_get("k", NAME).headers == {}


def test_nothing_else_is_asked_of_the_body(parts: S3Parts) -> None:
    query = _query(parts.sign_put("k", "id", 1, 1, DIGEST))
    assert not [name for name in query if "checksum" in name.lower()]


def test_on_aws_the_address_is_the_bucket_in_its_region(on_aws: S3Parts) -> None:
    signed = on_aws.sign_put("uploads/a/1", "id", 1, 1, DIGEST)
    assert signed.url.startswith("https://bucket.s3.eu-central-1.amazonaws.com/uploads/a/1?")


def test_on_this_machine_the_bucket_is_in_the_path(on_this_machine: S3Parts) -> None:
    signed = on_this_machine.sign_put("uploads/a/1", "id", 1, 1, DIGEST)
    assert signed.url.startswith("http://127.0.0.1:5000/bucket/uploads/a/1?")


def test_a_download_is_saved_under_its_name_and_never_shown(cloud: Cloud) -> None:
    client = cloud.s3()
    client.put_object(Bucket=cloud.bucket, Key="k", Body=b"<script>", ContentType="text/html")
    signed = S3Parts(client, cloud.bucket).sign_get("k", NAME)
    with urllib3.PoolManager() as http:
        headers = http.request("GET", signed.url).headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''%C3%9Cbung%20%C2%AB1%C2%BB.mov" in headers["Content-Disposition"]


def test_the_object_itself_is_an_attachment_too(cloud: Cloud) -> None:
    sent = _sent(cloud, "CreateMultipartUpload", lambda s: s.create("k", "token", NAME))
    assert sent["x-amz-checksum-algorithm"] == "SHA256"
    assert sent["x-amz-checksum-type"] == "COMPOSITE"
    assert sent["Content-Type"] == "application/octet-stream"
    assert sent["Content-Disposition"].startswith("attachment;")
    assert sent["x-amz-meta-manyhands-token"] == "token"


def test_joining_overwrites_nothing_and_names_the_size(cloud: Cloud) -> None:
    def join(store: S3Parts) -> None:
        with pytest.raises(PartsGone):
            store.join("k", "no-such-id", [PART], 5)

    sent = _sent(cloud, "CompleteMultipartUpload", join)
    assert (sent["If-None-Match"], sent["x-amz-mp-object-size"]) == ("*", "5")


def test_joining_is_one_call(cloud: Cloud) -> None:
    store, recorder = _joining(cloud, {"ChecksumSHA256": "sum-1"})
    assert store.join("k", "id", [PART], 5) == "sum-1"
    assert recorder.calls == ["s3:CompleteMultipartUpload"]


def test_an_answer_without_checksum_is_followed_by_a_look(cloud: Cloud) -> None:
    store, recorder = _joining(cloud, {})
    assert store.join("no-such-key", "id", [PART], 5) == ""
    assert recorder.calls == ["s3:CompleteMultipartUpload", "s3:HeadObject"]


def test_signing_calls_nobody(cloud: Cloud) -> None:
    client = cloud.s3()
    recorder, store = Recorder(client), S3Parts(client, cloud.bucket)
    store.sign_put("k", "id", 1, 1, DIGEST)
    store.sign_get("k", NAME)
    assert recorder.calls == []


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (404, "NoSuchUpload", PartsGone),
        (412, "PreconditionFailed", ObjectExists),
        (400, "InvalidPart", PartsChanged),
        (400, "InvalidPartOrder", PartsChanged),
        (400, "EntityTooSmall", PartsChanged),
        (400, "BadDigest", PartsChanged),
        (409, "ConditionalRequestConflict", StorageUnavailable),
        (503, "SlowDown", StorageUnavailable),
        (500, "InternalError", StorageUnavailable),
        (200, "InternalError", StorageUnavailable),
        (403, "AccessDenied", ClientError),
    ],
)
def test_every_refusal_of_a_join_has_its_meaning(
    cloud: Cloud, status: int, code: str, meaning: type[Exception]
) -> None:
    client = cloud.s3()
    client.meta.events.register("before-call.s3.*", lambda **_: _refusal(status, code))
    with pytest.raises(meaning) as raised:
        S3Parts(client, cloud.bucket).join("k", "id", [PART], 5)
    assert isinstance(raised.value.__cause__ or raised.value, ClientError)


def test_a_join_without_an_answer_is_unavailable(cloud: Cloud) -> None:
    def fail(**_: object) -> None:
        raise ReadTimeoutError(endpoint_url="https://s3")

    client = cloud.s3()
    client.meta.events.register("before-call.s3.*", fail)
    with pytest.raises(StorageUnavailable):
        S3Parts(client, cloud.bucket).join("k", "id", [PART], 5)


def test_a_forbidden_look_is_not_taken_for_absence(cloud: Cloud) -> None:
    client = cloud.s3()
    client.meta.events.register("before-call.s3.HeadObject", lambda **_: _refusal(403, "403"))
    with pytest.raises(ClientError):
        S3Parts(client, cloud.bucket).find("k")


@pytest.mark.usefixtures("credentials")
def test_the_client_waits_as_long_as_it_is_told_and_no_longer() -> None:
    config: Any = s3_client("eu-central-1", JOINING_S).meta.config
    assert config.read_timeout == 840


def _query(signed: SignedUrl) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(signed.url).query).items()}


def _sent(cloud: Cloud, operation: str, do: Callable[[S3Parts], object]) -> dict[str, str]:
    """The headers of the one call of this kind that ``do`` makes."""
    client, seen = cloud.s3(), []
    client.meta.events.register(
        f"before-call.s3.{operation}", lambda params, **_: seen.append(params["headers"])
    )
    do(S3Parts(client, cloud.bucket))
    (headers,) = seen
    return {name: str(value) for name, value in headers.items()}


def _joining(cloud: Cloud, answer: dict[str, Any]) -> tuple[S3Parts, Recorder]:
    """A store whose joins are answered so."""
    client = cloud.s3()
    recorder = Recorder(client)
    joined = SimpleNamespace(status_code=200), answer
    client.meta.events.register("before-call.s3.CompleteMultipartUpload", lambda **_: joined)
    return S3Parts(client, cloud.bucket), recorder


def _refusal(status: int, code: str) -> Any:
    """As botocore hands it on; it makes a 500 of an error that came with 200."""
    told = 500 if status == 200 else status
    parsed = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": told}}
    return SimpleNamespace(status_code=told), parsed
