"""What a URL does not allow, S3 by other hands refuses as well: it checks signatures by itself.

The URLs are those that the product signs; the old one is signed by ``local/strict/gate``, so that
our own idea of Signature Version 4 is compared with somebody else's too.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import pytest
import urllib3

from chalicelib.adapters.s3 import S3Parts
from chalicelib.ports import SignedUrl
from local.strict.gate import STAMP, Presigned, signature
from tests.contracts.samples import an_upload

BODY = b"the owner's bytes"
DIGEST = b64encode(hashlib.sha256(BODY).digest()).decode()


@pytest.fixture
def http() -> Iterator[urllib3.PoolManager]:
    with urllib3.PoolManager(retries=False) as made:
        yield made


@pytest.fixture(params=["cloud", "ministack"])
def store(request: pytest.FixtureRequest) -> S3Parts:
    there = request.getfixturevalue(request.param)
    return S3Parts(there.s3(), there.bucket)


@pytest.fixture
def signed(store: S3Parts) -> SignedUrl:
    key = an_upload().key
    return store.sign_put(key, store.create(key, "token", "film.mov"), 1, len(BODY), DIGEST)


def put(http: urllib3.PoolManager, signed: SignedUrl, body: bytes = BODY) -> int:
    headers = {**signed.headers, "Content-Type": "application/octet-stream"}
    return http.request("PUT", signed.url, body=body, headers=headers).status


def test_the_right_bytes_are_taken_once_and_again(
    http: urllib3.PoolManager, signed: SignedUrl
) -> None:
    assert [put(http, signed), put(http, signed)] == [200, 200]


def test_other_bytes_of_the_same_length_are_refused(
    http: urllib3.PoolManager, signed: SignedUrl
) -> None:
    assert put(http, signed, BODY.swapcase()) == 400


@pytest.mark.parametrize("body", [BODY[:-1], BODY + b"!", b""], ids=["shorter", "longer", "empty"])
def test_another_length_is_refused(
    http: urllib3.PoolManager, signed: SignedUrl, body: bytes
) -> None:
    assert put(http, signed, body) == 403


def test_another_digest_than_signed_is_refused(
    http: urllib3.PoolManager, signed: SignedUrl
) -> None:
    other = b64encode(hashlib.sha256(b"other").digest()).decode()
    assert put(http, replace(signed, headers={"x-amz-checksum-sha256": other}), b"other") == 403


@pytest.mark.parametrize("field", ["partNumber", "uploadId", "X-Amz-Expires", "X-Amz-Signature"])
def test_a_url_that_was_tampered_with_is_refused(
    http: urllib3.PoolManager, signed: SignedUrl, field: str
) -> None:
    assert put(http, _with(signed, **{field: "2"})) == 403


def test_a_url_of_another_upload_is_refused(http: urllib3.PoolManager, signed: SignedUrl) -> None:
    target = urlsplit(signed.url)
    other = target._replace(path=f"{target.path}2")
    assert put(http, replace(signed, url=urlunsplit(other))) == 403


def test_a_url_for_a_put_does_not_read_or_delete(
    http: urllib3.PoolManager, signed: SignedUrl
) -> None:
    assert put(http, signed) == 200
    for method in ("GET", "DELETE"):
        assert http.request(method, signed.url, headers=dict(signed.headers)).status == 403


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 403)])
def test_a_url_lives_for_a_quarter_of_an_hour(
    http: urllib3.PoolManager, signed: SignedUrl, minutes: int, status: int
) -> None:
    begun = datetime.now(UTC) - timedelta(minutes=minutes)
    assert put(http, _signed_at(signed, begun)) == status


@pytest.mark.parametrize("store", ["cloud"], indirect=True)  # ministack does not look at it
@pytest.mark.parametrize(
    ("day", "service"), [("20200101", "s3"), ("", "dynamodb"), ("", "")], ids=str
)
def test_a_url_signed_for_another_day_or_service_is_refused(
    http: urllib3.PoolManager, signed: SignedUrl, day: str, service: str
) -> None:
    status = put(http, _signed_at(signed, datetime.now(UTC), day, service))
    assert status in {400, 403}


def _signed_at(signed: SignedUrl, begun: datetime, day: str = "", service: str = "s3") -> SignedUrl:
    """The URL as it would have been signed then, for another day or service if wanted."""
    stamp = begun.strftime(STAMP)
    fields = dict(parse_qsl(urlsplit(signed.url).query))
    key, _, region, *_ = fields["X-Amz-Credential"].split("/")
    scope = f"{day or stamp[:8]}/{region}/{service}/aws4_request"
    moved = _with(signed, **{"X-Amz-Date": stamp, "X-Amz-Credential": f"{key}/{scope}"})
    target = urlsplit(moved.url)
    headers = {"host": target.netloc, "content-length": str(len(BODY)), **signed.headers}
    request = Presigned("PUT", target.path, parse_qsl(target.query), headers)
    names = fields["X-Amz-SignedHeaders"].split(";")
    return _with(moved, **{"X-Amz-Signature": signature(request, scope, names)})


def _with(signed: SignedUrl, **fields: str) -> SignedUrl:
    target = urlsplit(signed.url)
    query = dict(parse_qsl(target.query)) | fields
    return replace(signed, url=urlunsplit(target._replace(query=urlencode(query, quote_via=quote))))
