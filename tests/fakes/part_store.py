"""Multipart uploads in memory, as strict as S3: a URL takes its own bytes, in time, and no others.

``put`` and ``fetch`` stand in for the clients' HTTP: what a PUT or GET of a signed URL would do.
They raise Refused with the code that S3 answers.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import parse_qs, urlencode, urlsplit

from chalicelib.domain.inspection import StoredPart
from chalicelib.domain.manifest import composite
from chalicelib.ports import (
    Clock,
    ObjectExists,
    PartsChanged,
    PartsGone,
    SignedUrl,
    StoredObject,
)

MIN_PART = 5 * 1024 * 1024
LISTED_AT_ONCE = 1_000
LIVES_MS = 900_000
SHA256 = "x-amz-checksum-sha256"


class Refused(Exception):
    """The storage takes no such request; ``code`` is S3's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class _Unfinished:
    key: str
    token: str
    bodies: dict[int, bytes] = field(default_factory=dict)


class FakePartStore:
    """The port ``PartStore``. ``min_part``: bytes that all parts but the last must have."""

    def __init__(self, clock: Clock, min_part: int = MIN_PART) -> None:
        self._clock, self._min_part = clock, min_part
        self._created = 0
        self._unfinished: dict[str, _Unfinished] = {}
        self._objects: dict[str, tuple[StoredObject, bytes]] = {}

    def create(self, key: str, token: str, name: str) -> str:
        self._created += 1
        id = f"multipart-{self._created}"
        self._unfinished[id] = _Unfinished(key, token)
        return id

    def sign_put(self, key: str, multipart_id: str, part: int, size: int, digest: str) -> SignedUrl:
        bound = {"upload": multipart_id, "part": part, "size": size, "sha256": digest}
        return self._signed(key, {SHA256: digest}, **bound)

    def put(self, signed: SignedUrl, body: bytes) -> None:
        """PUT the body with the signed headers. Raises Refused."""
        key, bound = self._opened(signed)
        if signed.headers != {SHA256: bound["sha256"]} or len(body) != int(bound["size"]):
            raise Refused("SignatureDoesNotMatch")
        upload = self._unfinished.get(bound["upload"])
        if upload is None or upload.key != key:
            raise Refused("NoSuchUpload")
        if b64encode(_sha256(body)).decode() != bound["sha256"]:
            raise Refused("BadDigest")
        upload.bodies[int(bound["part"])] = body

    def parts(self, key: str, multipart_id: str) -> Sequence[StoredPart]:
        bodies = self._found(key, multipart_id).bodies
        return [_stored(number, bodies[number]) for number in sorted(bodies)]

    def parts_between(
        self, key: str, multipart_id: str, first: int, last: int
    ) -> Sequence[StoredPart]:
        there = [p for p in self.parts(key, multipart_id) if first <= p.number <= last]
        return there[:LISTED_AT_ONCE]

    def join(self, key: str, multipart_id: str, parts: Sequence[StoredPart], size: int) -> str:
        upload = self._found(key, multipart_id)
        if key in self._objects:
            raise ObjectExists
        self._check(upload, parts, size)
        body = b"".join(upload.bodies[part.number] for part in parts)
        checksum = composite(b"".join(part.digest for part in parts))
        self._objects[key] = StoredObject(len(body), checksum, upload.token), body
        del self._unfinished[multipart_id]
        return checksum

    def _check(self, upload: _Unfinished, parts: Sequence[StoredPart], size: int) -> None:
        there = {number: _stored(number, body) for number, body in upload.bodies.items()}
        right = (
            bool(parts)
            and [part.number for part in parts] == list(range(1, len(parts) + 1))
            and all(there.get(part.number) == part for part in parts)
            and all(part.size >= self._min_part for part, _ in pairwise(parts))
            and sum(part.size for part in parts) == size
        )
        if not right:
            raise PartsChanged

    def abort(self, key: str, multipart_id: str) -> None:
        upload = self._unfinished.get(multipart_id)
        if upload and upload.key == key:
            del self._unfinished[multipart_id]

    def find(self, key: str) -> StoredObject | None:
        return self._objects[key][0] if key in self._objects else None

    def sign_get(self, key: str, name: str) -> SignedUrl:
        return self._signed(key, {}, name=name)

    def fetch(self, signed: SignedUrl) -> bytes:
        """GET what a signed download leads to. Raises Refused."""
        key, _ = self._opened(signed)
        if key not in self._objects:
            raise Refused("NoSuchKey")
        return self._objects[key][1]

    def delete(self, key: str) -> None:
        self._objects.pop(key, None)

    def _found(self, key: str, multipart_id: str) -> _Unfinished:
        upload = self._unfinished.get(multipart_id)
        if upload is None or upload.key != key:
            raise PartsGone
        return upload

    def _signed(self, key: str, headers: Mapping[str, str], **bound: object) -> SignedUrl:
        query = urlencode(bound | {"until": self._clock.now() + LIVES_MS})
        return SignedUrl(f"fake://storage/{key}?{query}", headers, LIVES_MS)

    def _opened(self, signed: SignedUrl) -> tuple[str, dict[str, str]]:
        url = urlsplit(signed.url)
        bound = {name: values[0] for name, values in parse_qs(url.query).items()}
        if self._clock.now() > int(bound["until"]):
            raise Refused("AccessDenied")
        return url.path.removeprefix("/"), bound


def _stored(number: int, body: bytes) -> StoredPart:
    digest = _sha256(body)
    return StoredPart(number, len(body), digest, f'"{digest.hex()[:32]}"')


def _sha256(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()
