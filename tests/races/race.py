"""Many threads at one board, through the real adapters, and what must be true afterwards."""

import hashlib
import threading
from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import urllib3

from chalicelib.adapters.system import SystemClock
from chalicelib.domain.board import Person
from chalicelib.domain.errors import BoardBusy, StorageUnavailable
from chalicelib.domain.exchange import Request
from chalicelib.domain.manifest import page_count, page_length, parts_before
from chalicelib.domain.parts import PartLimits
from chalicelib.domain.status import LIVE, Status
from chalicelib.domain.uploads import Upload
from chalicelib.ports import Beaten, Caller, Manifests, PartStore, Uploads
from chalicelib.service.assembling import assemble
from chalicelib.service.boards import Ticket, add_page, take
from chalicelib.service.core import Core
from chalicelib.service.creating import NewFile, create
from tests.fakes.limits import FakeLimits

PART = 1024
RETRY_AFTER_MS = 1_000
LIMITS = PartLimits(min_part=PART, step=PART)
ANA = Caller(Person("sub-ana", "ana"), ("user:sub-ana", "film"))


@dataclass
class Counted:
    """``Uploads`` that counts what became of each write."""

    inner: Uploads
    saved: int = 0
    conflicts: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def save(self, upload: Upload) -> Upload:
        try:
            saved = self.inner.save(upload)
        except Beaten:
            self._count("conflicts")
            raise
        self._count("saved")
        return saved

    def _count(self, name: str) -> None:
        with self._lock:
            setattr(self, name, getattr(self, name) + 1)


class Race:
    def __init__(
        self, uploads: Uploads, manifests: Manifests, store: PartStore, threads: int, parts: int
    ) -> None:
        self.counted, self.threads, self.busy = Counted(uploads), threads, 0
        self.body = b"".join(
            hashlib.sha256(str(n).encode()).digest() * (PART // 32) for n in range(parts)
        )
        self.core = Core(
            uploads=self.counted,
            manifests=manifests,
            store=store,
            group_limits=FakeLimits(),
            clock=SystemClock(),
            limits=LIMITS,
        )
        self._http = urllib3.PoolManager(maxsize=threads, retries=False)

    def run(self) -> str:
        """Create, send by all threads at once, join by several at once; how it went."""
        with self._http, ThreadPoolExecutor(self.threads) as pool:
            upload = self._create()
            barrier = threading.Barrier(self.threads)
            reported = dict(
                pool.map(
                    lambda n: self._work(upload.id, f"client-{n:03}", barrier), range(self.threads)
                )
            )
            self._check_board(self._now(upload.id), reported)
            list(pool.map(lambda _: self._assemble(upload.id), range(8)))
            self._check_object(self._now(upload.id))
        saved, lost = self.counted.saved, self.counted.conflicts
        return f"{saved} writes, {lost} conflicts, {self.busy} told to come again"

    def _create(self) -> Upload:
        pages = [self._page(n) for n in range(page_count(len(self.body) // PART))]
        made = [
            create(self.core, ANA, NewFile("film", "race.mov", len(self.body), PART, pages[0]))
            for _ in range(2)
        ]
        assert [new for new, _ in made] == [True, False]
        for number, page in enumerate(pages[1:], 1):
            add_page(self.core, ANA, made[0][1].id, number, page)
        return made[0][1]

    def _page(self, number: int) -> list[str]:
        before, there = parts_before(number), page_length(number, len(self.body) // PART)
        return [self._digest(before + n) for n in range(there)]

    def _digest(self, index: int) -> str:
        part = self.body[index * PART : (index + 1) * PART]
        return b64encode(hashlib.sha256(part).digest()).decode()

    def _work(self, id: str, name: str, barrier: threading.Barrier) -> tuple[str, set[int]]:
        """One client: take, send, report, until there is nothing for it; what it reported."""
        barrier.wait()
        reported: set[int] = set()
        done: tuple[int, ...] = ()
        for seq in range(1, 400):
            said = Request(name, ANA.person, name, seq, (), done, want=2, rate=0)
            try:
                upload, _, tickets = take(self.core, ANA, id, said)
            except BoardBusy:
                self.busy += 1
                self.core.clock.pause(RETRY_AFTER_MS)
                continue
            reported.update(done)
            done = self._send(tickets)
            if upload.status not in LIVE or not tickets:
                return name, reported
        raise AssertionError("liveness: a client finds no end")

    def _send(self, tickets: Sequence[Ticket]) -> tuple[int, ...]:
        for ticket in tickets:
            body = self.body[ticket.offset : ticket.offset + ticket.length]
            headers = {**ticket.signed.headers, "Content-Type": "application/octet-stream"}
            answer = self._http.request("PUT", ticket.signed.url, body=body, headers=headers)
            assert answer.status == 200, answer.data
        return tuple(ticket.part for ticket in tickets)

    def _assemble(self, id: str) -> None:
        with suppress(StorageUnavailable):
            assemble(self.core, id)

    def _now(self, id: str) -> Upload:
        upload = self.core.uploads.get(id)
        assert upload is not None
        return upload

    def _check_board(self, upload: Upload, reported: dict[str, set[int]]) -> None:
        board = upload.board
        assert board.status is Status.ASSEMBLING, "liveness: a ticket is stuck"
        assert set().union(*reported.values()) == set(range(1, board.plan.count + 1))
        credited = Counter(board.tickets)
        assert {c.number: c.parts for c in board.clients if c.parts} == dict(credited)
        for client in board.clients:
            own = {p for p, number in enumerate(board.tickets, 1) if number == client.number}
            assert own <= reported[client.id], "honest progress: credit for another's part"
            assert client.bytes == len(own) * PART
        assert upload.version == 1 + self.counted.saved, "a write was lost"

    def _check_object(self, upload: Upload) -> None:
        assert upload.status is Status.COMPLETE
        signed = self.core.store.sign_get(upload.key, upload.name)
        got = self._http.request("GET", signed.url)
        assert (got.status, got.data) == (200, self.body), "right bytes"
