"""The witness of a story: sees every write, notice and end, and checks the invariants.

Asked to, it also writes the story down.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable
from typing import Any

from greenlet import getcurrent

from chalicelib.domain.errors import Unavailable
from chalicelib.domain.lifetime import NOTIFIED
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import NoticeState, Upload
from chalicelib.ports import Announcement, Mail
from tests import invariants
from tests.invariants import Broken
from tests.simulation.gates import (
    DIE_AFTER,
    DIE_BEFORE,
    FAIL_AFTER,
    FAIL_BEFORE,
    PORT_FAULTS,
)
from tests.simulation.server import RULES

START_MS = 1_700_000_000_000
LOST = (DIE_AFTER, DIE_BEFORE, FAIL_AFTER, FAIL_BEFORE, "outage")
LOOKS = "looks after the lost"

FASTEST_MS = 5_000
"""How far a host's clock may be ahead; by that clock a lease has lapsed already."""


class Witness:
    """``told`` collects the story's lines, if it is to be told; ``seen`` counts what happened."""

    now: int
    parts: int
    server: Any
    rules: Any
    devices: Any

    def __init__(self, told: list[str] | None) -> None:
        self.told = told
        self.seen: Counter[str] = Counter()
        self.failure: BaseException | None = None
        self.recorded: set[str] = set()
        self.reached: set[tuple[str, int, str]] = set()
        self.notices: Counter[tuple[str, int, str]] = Counter()
        self.looks: Counter[str] = Counter()
        self.brought: Counter[str] = Counter()
        self.windows: Counter[tuple[str, int, str]] = Counter()

    def holds(self, check: Callable[..., None], *about: Any) -> None:
        """Check here and now; a broken invariant ends the story after this step."""
        try:
            check(*about)
        except Broken as broken:
            self.failure = self.failure or broken

    def wrote(self, before: Upload | None, after: Upload) -> None:
        if self.told is not None:
            self._tell_write(before, after)
        self.recorded.add(after.multipart_id)
        if after.status in NOTIFIED:
            self.reached.add((after.id, after.generation, after.status.value))
        call: Any = getcurrent()
        if call.telling is not None:
            self.windows[call.telling] += after.notice is NoticeState.NONE
            call.telling = None
        if before is not None and after.board.tickets is not before.board.tickets:
            gone = before.board.tickets.count(0) - after.board.tickets.count(0)
            self.brought[after.multipart_id] += max(0, gone)
        self.holds(self._check, before, after)
        self.server.wrote(before, after)

    def _check(self, before: Upload | None, after: Upload) -> None:
        if before is None or after.board is not before.board:
            invariants.honest_progress(after)
        if before is None:
            return
        server = self.server
        invariants.done_stays(before, after, server.storage.listed.get(after.multipart_id, ()))
        if after.board is not before.board:
            invariants.bounded_holding(before, after, self.now + FASTEST_MS, RULES)
            invariants.no_step_back(before, after)
            if after.board.tickets != before.board.tickets:
                self._check_brought(before, after)
        if after.status is Status.FAILED and before.status is not Status.FAILED:
            excused = any(self.seen[fault] for fault in LOST)
            invariants.failed_for_a_reason(after, server.storage.objects, excused)
        if after.status is Status.COMPLETE and before.status is not Status.COMPLETE:
            self._check_object(after)

    def _check_brought(self, before: Upload, after: Upload) -> None:
        clients = {c.number: c.id for c in after.board.clients}
        tickets = after.board.tickets
        storage = self.server.storage
        brought = {
            n: storage.has(after, n)
            for n, (was, now) in enumerate(zip(before.board.tickets, tickets, strict=True), 1)
            if now and not was and not clients[now].startswith("eve")
        }
        invariants.true_progress(after, brought)

    def looked_after(self, multipart_id: str) -> None:
        """The storage is asked what lost clients left: at most once for each part brought."""
        self.seen[LOOKS] += 1
        self.looks[multipart_id] += 1
        excused = sum(self.seen[fault] for fault in PORT_FAULTS)
        most = self.brought[multipart_id] + excused
        self.holds(invariants.bounded_cost, "looks", self.looks[multipart_id], most)

    def _check_object(self, upload: Upload) -> None:
        storage = self.server.storage
        stored = storage.objects.get(upload.key)
        files = [tuple(b.digest for b in d.file.bodies) for d in self.devices if d.honest]
        invariants.right_bytes(upload, stored.digests if stored else (), files)
        invariants.one_object(upload, storage.joined, storage.objects)

    def published(self, announcement: Announcement) -> None:
        said = json.loads(announcement.body)
        key = said["upload"], said["generation"], said["status"]
        self.notices[key] += 1
        call: Any = getcurrent()
        call.telling = key
        self.holds(invariants.notice_is_true, key, self.reached)

    def mailed(self, mail: Mail) -> None:
        self.seen["mail"] += 1
        call: Any = getcurrent()
        self.holds(invariants.step_by_step, call.telling)

    # ---- the end -------------------------------------------------------------------------------

    def _settle(self) -> None:
        server = self.server
        storage = server.storage
        left = {id for id in storage.unfinished if id in self.recorded or id not in server.cut}
        invariants.no_orphans(left, "multipart uploads")
        kept = {u.key for u in server.uploads.every() if u.status is Status.COMPLETE}
        invariants.no_orphans(set(storage.objects) - kept, "objects")
        for upload in server.uploads.every():
            invariants.one_object(upload, storage.joined, storage.objects)
            told = self.notices[upload.id, upload.generation, upload.status.value]
            invariants.told_at_all(upload, told)
        for key, told in self.notices.items():
            invariants.one_notice(f"{key}", told, self.windows[key])
        self._settle_costs()

    def _settle_costs(self) -> None:
        if sum(self.seen.values()) == self.seen["mail"] + self.seen[LOOKS]:
            starts = sum(d.starts for d in self.devices)
            most = self.rules.tries * self.parts * len(self.devices)
            invariants.bounded_cost("PUTs without a fault", starts, most)

    # ---- the story -----------------------------------------------------------------------------

    def note(self, line: str) -> None:
        if self.told is not None:
            self.tell(line)

    def tell(self, line: str) -> None:
        assert self.told is not None
        self.told.append(f"{(self.now - START_MS) / 1000:>12.3f} s  {line}")

    def _tell_write(self, before: Upload | None, after: Upload) -> None:
        board = after.board
        done = "".join("." if not t else str(t) for t in board.tickets[:40])
        held = {c.id: c.held for c in board.clients if c.held}
        call: Any = getcurrent()
        self.tell(
            f"{call.name}: {after.key[-6:]} v{after.version} {after.status} {done} {held or ''}"
            f"{after.notice if after.notice is not NoticeState.NONE else ''}"
        )


class Defects(logging.Handler):
    """What the service caught and logged, and should not have had to catch."""

    world: Witness | None = None

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, Unavailable) and self.world is not None:
            self.world.failure = self.world.failure or error


DEFECTS = Defects(logging.ERROR)
SERVICE = logging.getLogger("chalicelib")
SERVICE.addHandler(DEFECTS)
