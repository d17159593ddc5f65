"""A URL is good for one part, its bytes, its time, and nothing else.

The URLs are those that the API hands out; what refuses is ``local/strict``, which does as S3's
documentation says. So this proves that everything is *signed* that has to be: which part of which
upload, length, SHA-256, method, moment. That S3 itself refuses is AWS's word; docs/security.md says
which is which.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest

from local.stack import Stack
from local.strict.gate import Presigned, Refused, check_presigned
from tests.calls import HTTP, PART, Caller, Device, File, digest
from tests.local.conftest import answer
from tests.security.conftest import stored, until_stored

Ticket = Mapping[str, Any]
Told = tuple[int, str]

MISMATCH = (403, "SignatureDoesNotMatch")
DENIED = (403, "AccessDenied")
GONE = (404, "NoSuchUpload")


@pytest.fixture
def file() -> File:
    return File.of(2 * PART, name="signed.mov")


@pytest.fixture
def upload(dora: Caller, file: File) -> str:
    return str(dora.post("/uploads", file.described()).body["upload"]["id"])


@pytest.fixture
def tickets(dora: Caller, upload: str) -> list[Ticket]:
    """One for each of the two parts."""
    taken: list[Ticket] = Device(dora, upload).exchange(want=2).body["tickets"]
    assert [t["part"] for t in taken] == [1, 2]
    return taken


def put(ticket: Ticket, body: bytes, method: str = "PUT", **changed: str | None) -> Told:
    """Use the ticket's URL; a header that is None is left out."""
    named = {name.replace("_", "-"): value for name, value in changed.items()}
    said = {**ticket["headers"], "Content-Type": "application/octet-stream", **named}
    headers = {name: value for name, value in said.items() if value is not None}
    return answer(HTTP.request(method, ticket["url"], body=body, headers=headers))


def with_query(ticket: Ticket, **changed: str) -> Ticket:
    parts = urlsplit(ticket["url"])
    query = urlencode(dict(parse_qsl(parts.query)) | changed)
    return {**ticket, "url": urlunsplit(parts._replace(query=query))}


def fields(url: str) -> set[str]:
    return {name for name, _ in parse_qsl(urlsplit(url).query)}


def test_as_it_was_signed_it_is_taken(tickets: list[Ticket], file: File) -> None:
    assert put(tickets[0], file.part(1)) == (200, "")


def test_it_takes_no_other_part(tickets: list[Ticket], file: File) -> None:
    first, second = tickets
    assert put(with_query(first, partNumber="2"), file.part(1)) == MISMATCH
    assert put(with_query(first, partNumber="2"), file.part(2), **second["headers"]) == MISMATCH
    assert put({**first, "headers": second["headers"]}, file.part(2)) == MISMATCH


def test_it_takes_no_other_bytes(tickets: list[Ticket], file: File) -> None:
    other = bytes(PART)
    assert put(tickets[0], other) == (400, "BadDigest")
    assert put(tickets[0], other, x_amz_checksum_sha256=digest(other)) == MISMATCH
    flipped = bytes([file.body[0] ^ 1]) + file.part(1)[1:]
    assert put(tickets[0], flipped) == (400, "BadDigest")


@pytest.mark.parametrize(
    "cut", [lambda b: b[:-1], lambda b: b + b"x", lambda b: b""], ids=["shorter", "longer", "none"]
)
def test_it_takes_no_other_length(
    tickets: list[Ticket], file: File, cut: Callable[[bytes], bytes]
) -> None:
    assert put(tickets[0], cut(file.part(1))) == MISMATCH


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_it_is_good_for_no_other_method(tickets: list[Ticket], method: str) -> None:
    assert put(tickets[0], b"", method)[0] == 403


def test_it_needs_its_checksum_and_takes_no_further_commands(
    tickets: list[Ticket], file: File
) -> None:
    body = file.part(1)
    assert put(tickets[0], body, x_amz_checksum_sha256=None) == MISMATCH
    for header in ("x_amz_acl", "x_amz_copy_source", "x_amz_checksum_crc32", "x_amz_meta_a"):
        assert put(tickets[0], body, **{header: "x"}) == DENIED


def test_it_takes_part_in_no_other_upload(dora: Caller, tickets: list[Ticket], file: File) -> None:
    other = dora.post("/uploads", File.of(2 * PART).described()).body["upload"]["id"]
    theirs = Device(dora, other).exchange(want=1).body["tickets"][0]
    ours, foreign = urlsplit(tickets[0]["url"]), urlsplit(theirs["url"])
    upload_id = dict(parse_qsl(foreign.query))["uploadId"]
    elsewhere = {**tickets[0], "url": urlunsplit(ours._replace(path=foreign.path))}
    assert put(elsewhere, file.part(1)) == MISMATCH
    assert put(with_query(tickets[0], uploadId=upload_id), file.part(1)) == MISMATCH
    assert put(with_query(elsewhere, uploadId=upload_id), file.part(1)) == MISMATCH


@pytest.mark.parametrize(
    "changed",
    [
        {"X-Amz-Expires": "604800"},
        {"X-Amz-Date": "20991231T235959Z"},
        {"X-Amz-SignedHeaders": "host"},
        {"X-Amz-Credential": "AKIASTRANGER/20260101/eu-central-1/s3/aws4_request"},
        {"x-amz-acl": "public-read"},
        {"versionId": "1"},
    ],
    ids=str,
)
def test_nothing_of_it_can_be_changed(
    tickets: list[Ticket], file: File, changed: dict[str, str]
) -> None:
    status, _ = put(with_query(tickets[0], **changed), file.part(1))
    assert status == (400 if "X-Amz-Date" in changed else 403), "of another day it is malformed"


def test_it_ends_after_a_quarter_of_an_hour(tickets: list[Ticket]) -> None:
    """Asked of the gate itself, whose clock is an argument."""
    target = urlsplit(tickets[0]["url"])
    headers = {"host": target.netloc, "content-length": str(PART), **tickets[0]["headers"]}
    request = Presigned("PUT", target.path, parse_qsl(target.query), headers)
    now = datetime.now(UTC)
    check_presigned(request, now + timedelta(seconds=890))
    with pytest.raises(Refused, match="expired"):
        check_presigned(request, now + timedelta(seconds=905))
    assert tickets[0]["expires_s"] == 900


def test_after_cancel_it_is_good_for_nothing(
    dora: Caller, upload: str, tickets: list[Ticket], file: File
) -> None:
    dora.post(f"/uploads/{upload}/cancel")
    assert put(tickets[0], file.part(1)) == GONE


def test_in_the_next_generation_the_former_ones_urls_are_good_for_nothing(
    dora: Caller, upload: str, tickets: list[Ticket], file: File
) -> None:
    dora.post(f"/uploads/{upload}/cancel")
    again = dora.post("/uploads", file.described()).body["upload"]
    assert (again["id"], again["generation"]) == (upload, 2)
    assert put(tickets[0], file.part(1)) == GONE
    assert dora.get(f"/uploads/{upload}").body["upload"]["parts_done"] == 0


def test_after_the_end_it_is_good_for_nothing_and_the_object_stays(dora: Caller) -> None:
    file = File.of(PART + 1, name="ended.mov")
    upload = dora.post("/uploads", file.described()).body["upload"]["id"]
    device = Device(dora, upload)
    first, second = device.exchange(want=2).body["tickets"]
    assert (put(first, file.part(1)), put(second, file.part(2))) == ((200, ""), (200, ""))
    device.exchange(done=[1, 2])
    until_stored(dora, upload)
    assert put(first, file.part(1)) == GONE
    url = dora.get(f"/uploads/{upload}/download").body["url"]
    assert HTTP.request("GET", url).data == file.body


def test_a_download_is_good_for_its_object_only_and_writes_nothing(
    stack: Stack, dora: Caller
) -> None:
    file = File.of(9, name="downloaded.mov")
    upload = dora.post("/uploads", file.described()).body["upload"]["id"]
    stored(dora, upload, file)
    got = dora.get(f"/uploads/{upload}/download").body
    served = HTTP.request("GET", got["url"])
    assert (served.data, got["expires_s"]) == (file.body, 900)
    assert served.headers["Content-Type"] == "application/octet-stream"
    assert served.headers["Content-Disposition"].startswith("attachment;")
    assert {"response-content-type", "response-content-disposition"} <= fields(got["url"])
    ticket = {"url": got["url"], "headers": {}}
    for method in ("PUT", "DELETE", "POST", "HEAD"):
        assert put(ticket, b"x", method)[0] == 403, method
    elsewhere = {**ticket, "url": got["url"].replace("/1?", "/2?")}
    assert put(elsewhere, b"", "GET") == MISMATCH
    shown = {"response-content-type": "text/html", "response-content-disposition": "inline"}
    assert put(with_query(ticket, **shown), b"", "GET") == MISMATCH
    dora.delete(f"/uploads/{upload}")
    assert put(ticket, b"", "GET")[0] in {403, 404}, "S3's choice, and moto's other one"
