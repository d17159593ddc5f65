"""A whole upload on some S3 and some DynamoDB, by the server's own adapters, and what it shows.

Real sizes: two parts of 5 MiB and a rest. What does not hold is told as a fault; for whom that
matters is said in docs/stores.md.
"""

import hashlib
import os
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import urllib3

from chalicelib.adapters.dynamodb import DynamoManifests, DynamoUploads
from chalicelib.adapters.limits import DynamoLimits
from chalicelib.adapters.s3 import S3Parts
from chalicelib.adapters.system import SystemClock
from chalicelib.domain.board import Person
from chalicelib.domain.exchange import Request
from chalicelib.domain.inspection import StoredPart
from chalicelib.domain.lifetime import Lifetime
from chalicelib.domain.manifest import page_count, page_length, parts_before
from chalicelib.domain.parts import PartPlan
from chalicelib.domain.status import LIVE, Status
from chalicelib.domain.uploads import Upload
from chalicelib.ports import Beaten, Caller, ObjectExists, PartsGone, SignedUrl
from chalicelib.service.assembling import assemble
from chalicelib.service.boards import Ticket, add_page, take
from chalicelib.service.core import Core
from chalicelib.service.creating import NewFile, create
from chalicelib.service.uploads import delete, download, listed

MIB = 1024 * 1024
PLAN = PartPlan(10 * MIB + 12345, 5 * MIB)
ANA = Caller(Person("sub-ana", "ana"), ("user:sub-ana", "film"))

_numbers = count(1)


@dataclass
class Trial:
    """``faults``: what did not hold, by the step that showed it."""

    dynamodb: Any
    table: str
    s3: Any
    bucket: str
    faults: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.core = Core(
            uploads=DynamoUploads(self.dynamodb, self.table, Lifetime()),
            manifests=DynamoManifests(self.dynamodb, self.table),
            store=S3Parts(self.s3, self.bucket),
            group_limits=DynamoLimits(self.dynamodb, self.table),
            clock=SystemClock(),
        )
        self._http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(30))
        seed = f"{os.getpid()} {next(_numbers)}".encode()
        self.body = (hashlib.sha256(seed).digest() * (PLAN.size // 32 + 1))[: PLAN.size]

    def run(self) -> dict[str, str]:
        """Every step, whatever became of the others."""
        for name, step in self._steps():
            try:
                step()
            except Exception as error:  # noqa: BLE001 - what it is, is the answer
                self.faults[name] = f"{type(error).__name__}: {error}"[:300]
        self._http.clear()
        return self.faults

    def _steps(self) -> Iterator[tuple[str, Callable[[], None]]]:
        yield "beaten", self._beaten
        yield "refusals", self._refusals
        yield "upload", self._upload
        yield "no overwriting", self._no_overwriting
        yield "gone", self._gone

    def _upload(self) -> None:
        upload = self._created()
        self._send_all(upload.id)
        assemble(self.core, upload.id)
        done = self._now(upload.id)
        assert done.status is Status.COMPLETE, f"{done.status.value}: {done.reason}"
        _, signed = download(self.core, ANA, upload.id)
        got = self._http.request("GET", signed.url)
        assert (got.status, got.data) == (200, self.body), f"download: {got.status}"
        part = self._http.request("GET", signed.url, headers={"Range": "bytes=5-9"})
        assert (part.status, part.data) == (206, self.body[5:10]), f"range: {part.status}"
        said = got.headers.get("content-disposition", "")
        assert "film" in said, f"the download's name: {said!r}"
        assert upload.id in [each.id for each in listed(self.core, ANA, "film", None, 50).uploads]
        delete(self.core, ANA, upload.id)
        assert self.core.store.find(done.key) is None, "a deleted object is still there"

    def _created(self) -> Upload:
        first = NewFile(
            "film", f"film {next(_numbers)}.mov", PLAN.size, PLAN.part_size, self._page(0)
        )
        made = [create(self.core, ANA, first) for _ in range(2)]
        assert [is_new for is_new, _ in made] == [True, False]
        for page in range(1, page_count(PLAN.count)):
            add_page(self.core, ANA, made[0][1].id, page, self._page(page))
        return made[0][1]

    def _send_all(self, id: str) -> None:
        done: tuple[int, ...] = ()
        for seq in range(1, 20):
            said = Request("the-one-client", ANA.person, "here", seq, (), done, want=2, rate=0)
            upload, _, tickets = take(self.core, ANA, id, said)
            if upload.status not in LIVE:
                return
            for ticket in tickets:
                status = self._put(ticket.signed, self._part(ticket))
                assert status == 200, f"PUT: {status}"
            done = tuple(ticket.part for ticket in tickets)
        raise AssertionError("the board finds no end")

    def _beaten(self) -> None:
        """Of two who write at once one succeeds, and the other is told what stands there."""
        upload = self._created()
        stored = self.core.uploads.save(replace(upload, touched_at=1))
        try:
            self.core.uploads.save(replace(upload, touched_at=2))
        except Beaten as beaten:
            assert beaten.current == stored, "who is beaten is not told what stands there"
            self.core.store.abort(upload.key, upload.multipart_id)
            return
        raise AssertionError("both of two who wrote at once succeeded")

    def _refusals(self) -> None:
        """What a signed URL must not allow."""
        body = b"the owner's bytes"
        key = f"uploads/refusals-{next(_numbers)}/1"
        id = self.core.store.create(key, "token", "film.mov")
        signed = self.core.store.sign_put(key, id, 1, len(body), digest(body))
        other = replace(signed, headers={"x-amz-checksum-sha256": digest(b"other")})
        attempts = {
            "other bytes of the same length": self._put(signed, body.swapcase()),
            "fewer bytes": self._put(signed, body[:-1]),
            "another digest than was signed": self._put(other, b"other bytes here!"),
            "another part": self._put(_with(signed, "partNumber=1", "partNumber=2"), body),
            "another signature": self._put(
                _with(signed, "X-Amz-Signature=", "X-Amz-Signature=0"), body
            ),
            "no signature": self._put(replace(signed, url=signed.url.partition("?")[0]), body),
        }
        taken = [what for what, status in attempts.items() if status < 400]
        assert self._put(signed, body) == 200, "the right bytes are refused"
        self.core.store.abort(key, id)
        assert not taken, f"takes {', '.join(taken)}"

    def _no_overwriting(self) -> None:
        key = f"uploads/there-{next(_numbers)}/1"
        for _ in range(2):
            id = self.core.store.create(key, "token", "film.mov")
            signed = self.core.store.sign_put(key, id, 1, 4, digest(b"part"))
            assert self._put(signed, b"part") == 200
            try:
                (there,) = self.core.store.parts(key, id)
                sha256 = hashlib.sha256(b"part").digest()
                part = StoredPart(there.number, there.size, sha256, there.etag)
                self.core.store.join(key, id, [part], 4)
            except ObjectExists:
                self.core.store.abort(key, id)
                self.core.store.delete(key)
                return
        raise AssertionError("an object was replaced by another")

    def _gone(self) -> None:
        key = f"uploads/gone-{next(_numbers)}/1"
        id = self.core.store.create(key, "token", "film.mov")
        self.core.store.abort(key, id)
        self.core.store.abort(key, id)
        try:
            self.core.store.parts(key, id)
        except PartsGone:
            return
        raise AssertionError("an aborted upload is still there")

    def _put(self, signed: SignedUrl, body: bytes) -> int:
        headers = {**signed.headers, "Content-Type": "application/octet-stream"}
        return self._http.request("PUT", signed.url, body=body, headers=headers).status

    def _page(self, page: int) -> list[str]:
        before, there = parts_before(page), page_length(page, PLAN.count)
        parts = range(before + 1, before + there + 1)
        return [digest(self._bytes(part)) for part in parts]

    def _part(self, ticket: Ticket) -> bytes:
        return self._bytes(ticket.part)

    def _bytes(self, part: int) -> bytes:
        return self.body[PLAN.offset(part) :][: PLAN.length(part)]

    def _now(self, id: str) -> Upload:
        upload = self.core.uploads.get(id)
        assert upload is not None
        return upload


def digest(body: bytes) -> str:
    return b64encode(hashlib.sha256(body).digest()).decode()


def _with(signed: SignedUrl, what: str, instead: str) -> SignedUrl:
    assert what in signed.url
    return replace(signed, url=signed.url.replace(what, instead))
