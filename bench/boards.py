"""Boards for measuring: half done, some clients at work, each holding what a fast line holds."""

import base64
import hashlib
import time
from dataclasses import replace

from bench.function import PERSON
from chalicelib.domain.board import Client, Person
from chalicelib.domain.manifest import (
    DIGEST_BYTES,
    FIRST_PAGES,
    page_count,
    page_length,
    parts_before,
)
from chalicelib.domain.parts import PartPlan
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import FileIdentity, Upload, new_upload
from chalicelib.service.core import Core
from chalicelib.wire import ExchangeRequest

PART = 5 * 1024 * 1024
OWNER = Person(PERSON, "ana")
HELD = 8


def half_done(core: Core, parts: int, clients: int, name: str = "film.mov") -> Upload:
    """Stored by the service's own ports, all digests known."""
    digests = b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(parts))
    plan = PartPlan(parts * PART, PART)
    identity = FileIdentity(f"user:{PERSON}", name, plan, digests[: DIGEST_BYTES * FIRST_PAGES[0]])
    upload = new_upload(identity, 1, OWNER, "m" * 120, _now())
    for number in range(page_count(parts)):
        core.manifests.put(upload.id, 1, number, _page(digests, number, parts))
    done = bytes(1 + n % clients for n in range(parts // 2))
    workers = tuple(_client(n, parts // 2 + (n - 1) * HELD, parts) for n in range(1, clients + 1))
    board = replace(
        upload.board,
        known=parts,
        tickets=done + bytes(parts - len(done)),
        clients=workers,
        status=Status.ACTIVE,
    )
    return core.uploads.add(replace(upload, board=board))


def _page(digests: bytes, number: int, parts: int) -> bytes:
    first = parts_before(number)
    return digests[first * DIGEST_BYTES : (first + page_length(number, parts)) * DIGEST_BYTES]


def request(upload: Upload, seq: int) -> ExchangeRequest:
    """The first client has sent all that it held, and wants as much again."""
    me = upload.board.clients[0]
    return ExchangeRequest(
        client=me.id,
        label=me.label,
        seq=me.seq + seq,
        holding=[],
        done=list(me.held),
        want=HELD,
        rate=me.rate,
    )


def _client(number: int, before: int, last: int) -> Client:
    id = base64.urlsafe_b64encode(hashlib.sha256(b"client %d" % number).digest()[:16]).decode()
    now = _now()
    return Client(
        number=number,
        id=id.rstrip("="),
        person=OWNER,
        label=f"Firefox on Pixel {number}",
        joined_at=now,
        seen_at=now,
        seq=now,
        rate=20_000_000 + number,
        held=tuple(range(before + 1, min(before + HELD, last) + 1)),
        delivered_at=now,
    )


def _now() -> int:
    return time.time_ns() // 1_000_000
