"""S3's rules for multipart uploads, put into moto's model.

What Manyhands' safety rests on, and stock moto does not do: a part's SHA-256 is checked, kept and
listed; an upload belongs to its key; lists are paged by part number; joining demands every part's
checksum, consecutive numbers and the right total; the object's checksum is the composite one.

Source: Amazon S3 API Reference, UploadPart, ListParts, CompleteMultipartUpload.
"""

import base64
import hashlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import xmltodict
from moto.core.responses import ActionResult
from moto.s3.exceptions import NoSuchUpload, S3ClientError
from moto.s3.models import FakeMultipart, S3Backend
from moto.s3.responses import S3Response

MAX_PART = 10_000
LONGEST_LIST = 1_000
SHA256 = "x-amz-checksum-sha256"

_LOCK = threading.RLock()


def install() -> None:
    """Put the rules in place of moto's own. Once is enough; again is harmless."""
    if S3Response.upload_part is _upload_part:
        return
    S3Response.upload_part = _upload_part
    S3Response.list_parts = _list_parts
    S3Response._key_response_post = _joining_strictly(S3Response._key_response_post)
    S3Backend.complete_multipart_upload = _one_at_a_time(S3Backend.complete_multipart_upload)


def digest_of(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def _refused(code: str, message: str) -> S3ClientError:
    return S3ClientError(code, message)


def _multipart(response: Any, upload_id: str, key: str) -> FakeMultipart:
    multipart = response.backend.get_bucket(response.bucket_name).multiparts.get(upload_id)
    if multipart is None or multipart.key_name != key:
        raise NoSuchUpload(upload_id=upload_id)
    return multipart


def _wants_sha256(multipart: FakeMultipart) -> bool:
    return bool(multipart.metadata.get("x-amz-checksum-algorithm") == "SHA256")


def _upload_part(self: Any) -> Any:
    upload_id = self._get_param("uploadId")
    multipart = _multipart(self, upload_id, self.parse_key_name())
    number = self._get_int_param("partNumber")
    if not 1 <= number <= MAX_PART:
        raise _refused("InvalidArgument", "Part number must be between 1 and 10000, inclusive")
    body = self.body or b""
    claimed = self.headers.get(SHA256)
    if _wants_sha256(multipart) and not claimed:
        raise _refused("InvalidRequest", "expected checksum Type: sha256, actual: null")
    if claimed and claimed != digest_of(body):
        raise _refused("BadDigest", "The SHA256 you specified did not match the bytes received.")
    with _LOCK:
        part = multipart.set_part(number, body)
    part.sha256 = claimed
    checked = {SHA256: claimed} if claimed else {}
    try:
        described = part.response_dict
    except ValueError as error:  # moto has closed it: aborted while the body came in
        raise NoSuchUpload(upload_id=upload_id) from error
    headers = self._get_cors_headers_other() | described | checked
    return 200, headers | {"content-length": "0"}, ""


def _list_parts(self: Any) -> Any:
    upload_id, key = self._get_param("uploadId"), self.parse_key_name()
    multipart = _multipart(self, upload_id, key)
    after = self._get_int_param("part-number-marker", 0)
    most = min(self._get_int_param("max-parts", LONGEST_LIST), LONGEST_LIST)
    with _LOCK:
        waiting = [n for n in sorted(multipart.parts) if n > after]
        parts = [_listed(n, multipart.parts[n]) for n in waiting[:most]]
    result = {
        "Bucket": self.bucket_name,
        "Key": key,
        "UploadId": upload_id,
        "PartNumberMarker": after,
        "NextPartNumberMarker": parts[-1]["PartNumber"] if parts else 0,
        "MaxParts": most,
        "IsTruncated": len(waiting) > most,
        "Parts": parts,
        "StorageClass": "STANDARD",
    }
    if _wants_sha256(multipart):
        result |= {"ChecksumAlgorithm": "SHA256", "ChecksumType": "COMPOSITE"}
    self.data["Action"] = "ListParts"
    status, headers, body = self.serialized(ActionResult(result))
    return status, headers | self._get_cors_headers_other(), body


def _listed(number: int, part: Any) -> dict[str, Any]:
    known = {"ChecksumSHA256": part.sha256} if part.sha256 else {}
    return {
        "PartNumber": number,
        "LastModified": part.last_modified_ISO8601,
        "ETag": part.etag,
        "Size": part.size,
    } | known


def _joining_strictly(answer: Callable[..., Any]) -> Callable[..., Any]:
    def post(self: Any, request: Any, body: bytes, bucket: str, query: Any, key: str) -> Any:
        if not query.get("uploadId"):
            return answer(self, request, body, bucket, query, key)
        with _LOCK:
            checksum = _check_join(self, query["uploadId"][0], key, list(_claims(body)))
            status, headers, text = answer(self, request, body, bucket, query, key)
        if not checksum:
            return status, headers, text
        return status, headers, _with_checksum(text, checksum, headers)

    return post


def _claims(body: bytes) -> Iterator[dict[str, Any]]:
    found = (xmltodict.parse(body).get("CompleteMultipartUpload") or {}).get("Part") or []
    yield from found if isinstance(found, list) else [found]


def _check_join(self: Any, upload_id: str, key: str, claims: list[dict[str, Any]]) -> str:
    """The composite checksum of what is to be joined, "" if it is kept in another way."""
    standing = self.backend.get_object(self.bucket_name, key)
    if standing is not None and standing.multipart and standing.multipart.id == upload_id:
        return str(getattr(standing, "composite", ""))
    multipart = _multipart(self, upload_id, key)
    numbers = [int(c["PartNumber"]) for c in claims]
    if numbers != sorted(set(numbers)):
        raise _refused("InvalidPartOrder", "The list of parts was not in ascending order.")
    _check_size(self, multipart, numbers)
    if not _wants_sha256(multipart):
        return ""
    if numbers != list(range(1, len(numbers) + 1)):
        raise _refused("InvalidPartOrder", "Part numbers must be consecutive from 1.")
    digests = b"".join(_claimed_digest(multipart, c) for c in claims)
    multipart.composite = f"{digest_of(digests)}-{len(claims)}"
    return str(multipart.composite)


def _claimed_digest(multipart: FakeMultipart, claim: dict[str, Any]) -> bytes:
    number = int(claim["PartNumber"])
    claimed = claim.get("ChecksumSHA256")
    if not claimed:
        raise _refused("InvalidRequest", f"The checksum of part {number} is missing.")
    part: Any = multipart.parts.get(number)
    if part is None or part.sha256 != claimed:
        raise _refused("InvalidPart", "One or more of the specified parts could not be found.")
    return base64.b64decode(claimed)


def _check_size(self: Any, multipart: FakeMultipart, numbers: list[int]) -> None:
    expected = self.headers.get("x-amz-mp-object-size")
    found = sum(multipart.parts[n].contentsize for n in numbers if n in multipart.parts)
    if expected and int(expected) != found:
        raise _refused("InvalidRequest", "The provided MpuObjectSize does not match.")


def _with_checksum(text: Any, checksum: str, headers: dict[str, Any]) -> str:
    end = "</CompleteMultipartUploadResult>"
    said = f"<ChecksumSHA256>{checksum}</ChecksumSHA256><ChecksumType>COMPOSITE</ChecksumType>"
    whole = (text.decode() if isinstance(text, bytes) else text).replace(end, said + end)
    headers["content-length"] = str(len(whole.encode()))
    return whole


def _one_at_a_time(join: Callable[..., Any]) -> Callable[..., Any]:
    def complete(self: Any, bucket: str, multipart_id: str, body: Any) -> Any:
        multipart = self.get_bucket(bucket).multiparts[multipart_id]
        key = join(self, bucket, multipart_id, body)
        key.composite = getattr(multipart, "composite", "")
        if key.composite:
            key.checksum_value, key.checksum_type = key.composite, None
        multipart.parts.clear()
        return key

    return complete
