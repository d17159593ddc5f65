"""Strict moto refuses what S3 refuses, with S3's words."""

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.strict.s3 import digest_of
from local.strict.server import StrictMoto
from tests.local.conftest import HTTP, Now, Storage, answer, client

PART = 5 * 1024 * 1024
BIG = bytes(PART)


def refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    return str(refused.value.response["Error"]["Code"])


def test_a_part_that_is_sent_as_it_was_signed_is_taken_and_listed(storage: Storage) -> None:
    assert storage.put(storage.signed(1, b"body"), b"body") == (200, "")
    (part,) = storage.listed()
    assert (part["PartNumber"], part["Size"], part["ChecksumSHA256"]) == (1, 4, digest_of(b"body"))


def test_a_bad_signature_is_refused(storage: Storage) -> None:
    url = storage.signed(1, b"body")
    head, _, signature = url.rpartition("=")
    forged = f"{head}={signature[:-1]}{'0' if signature[-1] != '0' else '1'}"
    assert storage.put(forged, b"body") == (403, "SignatureDoesNotMatch")


def test_a_url_after_its_time_is_refused(storage: Storage, now: Now) -> None:
    url = storage.signed(1, b"body")
    now.ahead = timedelta(seconds=890)
    assert storage.put(url, b"body") == (200, "")
    now.ahead = timedelta(seconds=905)
    assert storage.put(url, b"body") == (403, "AccessDenied")


def test_other_bytes_than_were_signed_for_are_refused(storage: Storage) -> None:
    url = storage.signed(1, b"body")
    assert storage.put(url, b"BODY", digest=digest_of(b"body")) == (400, "BadDigest")
    assert storage.put(url, b"BODY") == (403, "SignatureDoesNotMatch")


def test_a_checksum_that_is_left_out_is_refused(storage: Storage) -> None:
    url = storage.signed(1, b"body")
    kind = {"Content-Type": "application/octet-stream"}
    got = answer(HTTP.request("PUT", url, body=b"body", headers=kind))
    assert got == (403, "SignatureDoesNotMatch")


def test_a_multipart_upload_with_checksums_takes_no_part_without_one(storage: Storage) -> None:
    def upload() -> None:
        storage.s3.upload_part(
            Bucket=storage.bucket,
            Key=storage.key,
            UploadId=storage.multipart,
            PartNumber=1,
            Body=b"body",
            ChecksumAlgorithm="CRC32",
        )

    assert refusal(upload) == "InvalidRequest"


@pytest.mark.parametrize("body", [b"bod", b"body!"])
def test_another_length_than_was_signed_for_is_refused(storage: Storage, body: bytes) -> None:
    url = storage.signed(1, b"body")
    assert storage.put(url, body, digest=digest_of(b"body")) == (403, "SignatureDoesNotMatch")


def test_another_part_or_key_than_was_signed_for_is_refused(storage: Storage) -> None:
    url = storage.signed(1, b"body")
    for other in (url.replace("partNumber=1", "partNumber=2"), url.replace("/a/1", "/a/2")):
        assert storage.put(other, b"body") == (403, "SignatureDoesNotMatch")


def test_an_upload_belongs_to_its_key(storage: Storage) -> None:
    assert storage.put(storage.signed(1, b"x", Key="other"), b"x") == (404, "NoSuchUpload")


def test_another_method_than_was_signed_for_is_refused(storage: Storage) -> None:
    assert answer(HTTP.request("GET", storage.signed(1, b"x")))[0] == 403


def test_a_header_that_was_not_signed_is_refused(storage: Storage) -> None:
    got = storage.put(storage.signed(1, b"x"), b"x", **{"x-amz-acl": "public-read"})
    assert got == (403, "AccessDenied")


def test_who_has_neither_key_nor_url_reads_and_writes_nothing(storage: Storage) -> None:
    storage.s3.put_object(Bucket=storage.bucket, Key="k", Body=b"secret")
    plain = storage.signed(1, b"x").partition("/uploads")[0]
    assert answer(HTTP.request("GET", f"{plain}/k")) == (403, "AccessDenied")
    assert answer(HTTP.request("GET", plain)) == (403, "AccessDenied")
    kind = {"Content-Type": "application/octet-stream"}
    assert answer(HTTP.request("PUT", f"{plain}/k", body=b"x", headers=kind))[0] == 403


def test_a_key_that_nobody_knows_opens_nothing(strict: StrictMoto, storage: Storage) -> None:
    stranger = client(strict.url, "s3")
    stranger._request_signer._credentials.access_key = "AKIASTRANGER"
    assert refusal(lambda: stranger.list_objects_v2(Bucket=storage.bucket)) == "InvalidAccessKeyId"


def test_motos_own_control_is_out_of_reach(strict: StrictMoto) -> None:
    assert HTTP.request("POST", f"{strict.url}/moto-api/reset").status == 403


def test_signed_calls_are_taken_from_trusted_addresses_only(now: Now) -> None:
    with StrictMoto(trusted=frozenset({"192.0.2.1"}), now=now) as elsewhere:
        assert refusal(lambda: client(elsewhere.url, "s3").list_buckets()) == "AccessDenied"


def test_without_a_key_cognito_answers_only_what_anybody_may_ask(strict: StrictMoto) -> None:
    def ask(operation: str) -> int:
        target = {"X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}"}
        return HTTP.request("POST", strict.url, body=b"{}", headers=target).status

    assert ask("AdminCreateUser") == 403
    assert ask("InitiateAuth") == 400


def test_refusals_can_be_read_by_a_page(storage: Storage) -> None:
    url = storage.signed(1, b"x").replace("Signature=", "Signature=0")
    got = HTTP.request("PUT", url, body=b"x", headers={"Origin": "https://page.example.org"})
    assert got.headers["Access-Control-Allow-Origin"] == "https://page.example.org"


@pytest.mark.parametrize("part", [0, 10_001])
def test_part_numbers_beyond_the_limits_are_refused(storage: Storage, part: int) -> None:
    assert storage.put(storage.signed(part, b"x"), b"x") == (400, "InvalidArgument")


def test_an_unknown_upload_is_not_there(storage: Storage) -> None:
    storage.s3.abort_multipart_upload(
        Bucket=storage.bucket, Key=storage.key, UploadId=storage.multipart
    )
    assert storage.put(storage.signed(1, b"x"), b"x") == (404, "NoSuchUpload")
    assert refusal(storage.listed) == "NoSuchUpload"
    assert refusal(lambda: storage.join([])) == "NoSuchUpload"


def test_lists_are_paged_by_part_number(storage: Storage) -> None:
    for part in (2, 3, 7, 10):
        storage.send(part, b"%d" % part)
    for size in (1, 2, 3, 1000):
        assert [p["PartNumber"] for p in storage.listed(PageSize=size)] == [2, 3, 7, 10]


def test_a_part_that_is_sent_again_replaces_the_former(storage: Storage) -> None:
    storage.send(1, b"first")
    storage.send(1, b"second")
    (part,) = storage.listed()
    assert part["ChecksumSHA256"] == digest_of(b"second")


def test_joined_parts_are_one_object_with_the_composite_checksum(storage: Storage) -> None:
    parts = [storage.send(1, BIG), storage.send(2, b"end")]
    digests = hashlib.sha256(BIG).digest() + hashlib.sha256(b"end").digest()
    composite = f"{base64.b64encode(hashlib.sha256(digests).digest()).decode()}-2"
    assert storage.join(parts, MpuObjectSize=PART + 3)["ChecksumSHA256"] == composite
    where = {"Bucket": storage.bucket, "Key": storage.key}
    assert storage.s3.head_object(**where, ChecksumMode="ENABLED")["ChecksumSHA256"] == composite
    assert storage.s3.get_object(**where)["Body"].read() == BIG + b"end"


def test_joining_again_answers_the_same(storage: Storage) -> None:
    parts = [storage.send(1, b"all")]
    assert storage.join(parts)["ChecksumSHA256"] == storage.join(parts)["ChecksumSHA256"]


def test_one_empty_part_makes_an_empty_object(storage: Storage) -> None:
    storage.join([storage.send(1, b"")], MpuObjectSize=0)
    head = storage.s3.head_object(Bucket=storage.bucket, Key=storage.key)
    assert head["ContentLength"] == 0


def test_nothing_is_overwritten_on_demand(storage: Storage) -> None:
    parts = [storage.send(1, b"mine")]
    storage.s3.put_object(Bucket=storage.bucket, Key=storage.key, Body=b"theirs")
    assert refusal(lambda: storage.join(parts, IfNoneMatch="*")) == "PreconditionFailed"


Change = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


def without(field: str) -> Change:
    return lambda parts: [{k: v for k, v in p.items() if k != field} for p in parts]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda parts: parts[::-1], "InvalidPartOrder"),
        (lambda parts: [parts[0], parts[0]], "InvalidPartOrder"),
        (lambda parts: parts[1:], "InvalidPartOrder"),
        (without("ChecksumSHA256"), "InvalidRequest"),
        (
            lambda parts: [p | {"ChecksumSHA256": digest_of(b"other")} for p in parts],
            "InvalidPart",
        ),
        (lambda parts: [p | {"ETag": '"0"'} for p in parts], "InvalidPart"),
        (lambda parts: [*parts, parts[1] | {"PartNumber": 3}], "InvalidPart"),
        (lambda parts: [], "MalformedXML"),
    ],
)
def test_lists_of_parts_that_are_not_right_are_refused(
    storage: Storage, change: Change, code: str
) -> None:
    parts = [storage.send(1, BIG), storage.send(2, b"end")]
    assert refusal(lambda: storage.join(change(parts))) == code


def test_a_small_part_in_the_middle_is_refused(storage: Storage) -> None:
    parts = [storage.send(1, b"small"), storage.send(2, b"end")]
    assert refusal(lambda: storage.join(parts)) == "EntityTooSmall"


def test_another_total_than_was_said_is_refused(storage: Storage) -> None:
    parts = [storage.send(1, b"all")]
    assert refusal(lambda: storage.join(parts, MpuObjectSize=4)) == "InvalidRequest"


def test_a_download_comes_in_ranges_and_under_its_name(storage: Storage) -> None:
    storage.s3.put_object(Bucket=storage.bucket, Key="k", Body=b"0123456789")
    wanted = {"Bucket": storage.bucket, "Key": "k", "ResponseContentDisposition": "attachment; x"}
    url = storage.s3.generate_presigned_url("get_object", wanted, 60)
    got = HTTP.request("GET", url, headers={"Range": "bytes=2-4"})
    assert (got.status, got.data, got.headers["Content-Disposition"]) == (
        206,
        b"234",
        "attachment; x",
    )


def test_uploads_without_checksums_work_as_before(storage: Storage) -> None:
    storage.multipart = storage.begin()
    part = storage.s3.upload_part(
        Bucket=storage.bucket,
        Key=storage.key,
        UploadId=storage.multipart,
        PartNumber=1,
        Body=b"plain",
    )
    storage.join([{"PartNumber": 1, "ETag": part["ETag"]}])
    assert storage.s3.get_object(Bucket=storage.bucket, Key=storage.key)["Body"].read() == b"plain"
