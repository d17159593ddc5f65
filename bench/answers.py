"""What the null server says: S3's answers, without S3's work.

Nothing is verified: no signature, no checksum, no order. A checksum that a client sends comes back
as S3 would send it, and an ETag is the MD5 that the client claimed, or else made up, so clients
that compare what comes back are content. What is not in the table is answered with 501, so that a
peer which asks for more is noticed and does not run on half an answer.

Source: Amazon S3 API Reference, the operations named below.
"""

import base64
from collections.abc import Callable, Mapping

from bench.inbound import Request
from bench.ledger import Ledger, Part, Thing
from bench.replies import Answer, error, tag, xml

CHECKSUM, SHA256 = "x-amz-checksum-", "x-amz-checksum-sha256"
ETAG = "0" * 32
WHEN = "Sat, 01 Jan 2000 00:00:00 GMT"
SUBRESOURCES = ("uploads", "uploadId", "location")


def answer(request: Request, size: int, ledger: Ledger) -> Answer:
    """The answer to a request whose body, of ``size`` bytes, has been read."""
    about = "key" if request.key else "bucket"
    about = next((name for name in SUBRESOURCES if name in request.query), about)
    operation = _OPERATIONS.get((request.method, about))
    if operation is None:
        return error(501, "NotImplemented")
    try:
        return operation(request, size, ledger)
    except FileNotFoundError:
        return error(404, "NoSuchUpload" if about == "uploadId" else "NoSuchKey")


def _create_multipart_upload(request: Request, size: int, ledger: Ledger) -> Answer:
    upload = ledger.begin(_name(request), _kept(request))
    where = tag("Bucket", request.bucket) + tag("Key", request.key)
    return xml("InitiateMultipartUploadResult", where + tag("UploadId", upload))


def _upload_part(request: Request, size: int, ledger: Ledger) -> Answer:
    etag, sha256 = _etag(request), request.headers.get(SHA256, "")
    number = int(request.query["partNumber"])
    ledger.add(request.query["uploadId"], Part(number, size, etag, sha256))
    return Answer(headers={"ETag": f'"{etag}"', **_checksums(request)})


def _list_parts(request: Request, size: int, ledger: Ledger) -> Answer:
    after = int(request.query.get("part-number-marker") or 0)
    waiting = [p for p in ledger.parts(request.query["uploadId"]) if p.number > after]
    page = waiting[:1000]
    cut = tag("IsTruncated", str(len(waiting) > len(page)).lower())
    following = tag("NextPartNumberMarker", page[-1].number if page else 0)
    return xml("ListPartsResult", cut + following + "".join(map(_listed, page)))


def _complete_multipart_upload(request: Request, size: int, ledger: Ledger) -> Answer:
    joined = ledger.join(request.query["uploadId"])
    where = tag("Location", f"/{_name(request)}")
    where += tag("Bucket", request.bucket) + tag("Key", request.key)
    checksum = tag("ChecksumSHA256", joined.sha256) if joined.sha256 else ""
    etag = tag("ETag", f'"{joined.etag}"')
    return xml("CompleteMultipartUploadResult", where + etag + checksum)


def _abort_multipart_upload(request: Request, size: int, ledger: Ledger) -> Answer:
    ledger.abort(request.query["uploadId"])
    return Answer(204)


def _put_object(request: Request, size: int, ledger: Ledger) -> Answer:
    etag, sha256 = _etag(request), request.headers.get(SHA256, "")
    ledger.put(Thing(_name(request), _kept(request), size, etag, sha256))
    return Answer(headers={"ETag": f'"{etag}"', **_checksums(request)})


def _head_object(request: Request, size: int, ledger: Ledger) -> Answer:
    found = ledger.find(_name(request))
    checksum = {SHA256: found.sha256} if found.sha256 else {}
    said = {"ETag": f'"{found.etag}"', "Last-Modified": WHEN} | found.said | checksum
    return Answer(headers=said, length=found.size)


def _delete_object(request: Request, size: int, ledger: Ledger) -> Answer:
    ledger.delete(_name(request))
    return Answer(204)


def _bucket_is_there(request: Request, size: int, ledger: Ledger) -> Answer:
    return Answer(headers={"x-amz-bucket-region": "eu-central-1"})


def _list_objects(request: Request, size: int, ledger: Ledger) -> Answer:
    return xml("ListBucketResult", tag("KeyCount", 0) + tag("IsTruncated", "false"))


def _location(request: Request, size: int, ledger: Ledger) -> Answer:
    return xml("LocationConstraint", "eu-central-1")


_OPERATIONS: Mapping[tuple[str, str], Callable[[Request, int, Ledger], Answer]] = {
    ("POST", "uploads"): _create_multipart_upload,
    ("PUT", "uploadId"): _upload_part,
    ("GET", "uploadId"): _list_parts,
    ("POST", "uploadId"): _complete_multipart_upload,
    ("DELETE", "uploadId"): _abort_multipart_upload,
    ("PUT", "key"): _put_object,
    ("HEAD", "key"): _head_object,
    ("DELETE", "key"): _delete_object,
    ("PUT", "bucket"): _bucket_is_there,
    ("HEAD", "bucket"): _bucket_is_there,
    ("GET", "bucket"): _list_objects,
    ("GET", "location"): _location,
}


def _name(request: Request) -> str:
    return f"{request.bucket}/{request.key}"


def _kept(request: Request) -> dict[str, str]:
    return {k: v for k, v in request.headers.items() if k.startswith("x-amz-meta-")}


def _checksums(request: Request) -> dict[str, str]:
    return {k: v for k, v in request.headers.items() if k.startswith(CHECKSUM)}


def _etag(request: Request) -> str:
    claimed = request.headers.get("content-md5")
    return base64.b64decode(claimed).hex() if claimed else ETAG


def _listed(part: Part) -> str:
    digest = tag("ChecksumSHA256", part.sha256) if part.sha256 else ""
    number, size = tag("PartNumber", part.number), tag("Size", part.size)
    return tag("Part", number + size + tag("ETag", f'"{part.etag}"') + digest, raw=True)
