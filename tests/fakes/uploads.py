"""Uploads in memory. Its indexes are never behind, and due dates are exact."""

import base64
import threading
from collections.abc import Sequence

from chalicelib.domain.board import Person
from chalicelib.domain.errors import InvalidRequest
from chalicelib.domain.lifetime import Lifetime, due_at
from chalicelib.domain.room import Usage
from chalicelib.domain.status import OPEN, Status
from chalicelib.domain.uploads import Upload
from chalicelib.domain.values import replace
from chalicelib.ports import Beaten, Page

Place = tuple[int, str]


class FakeUploads:
    """The port ``Uploads``."""

    def __init__(self, lifetime: Lifetime = Lifetime()) -> None:
        self._lifetime = lifetime
        self._uploads: dict[str, Upload] = {}
        self._lock = threading.Lock()

    def get(self, id: str) -> Upload | None:
        return self._uploads.get(id)

    def add(self, upload: Upload) -> Upload:
        return self._put(replace(upload, version=1), replaced=None)

    def save(self, upload: Upload) -> Upload:
        return self._put(replace(upload, version=upload.version + 1), replaced=upload.version)

    def _put(self, upload: Upload, replaced: int | None) -> Upload:
        with self._lock:
            current = self._uploads.get(upload.id)
            if (current.version if current else None) != replaced:
                raise Beaten(current)
            self._uploads[upload.id] = upload
        return upload

    def in_group(self, group: str, cursor: str | None, limit: int) -> Page:
        after = _read(cursor) if cursor else None
        listed = [u for u in self._all() if u.group == group and u.status is not Status.DELETED]
        newest = sorted(listed, key=_place, reverse=True)
        rest = [u for u in newest if after is None or _place(u) < after]
        page = rest[:limit]
        return Page(page, _write(_place(page[-1])) if len(rest) > limit else None)

    def due(self, now: int, limit: int) -> Sequence[str]:
        dates = ((due_at(u, self._lifetime), u.id) for u in self._all())
        due = sorted((at, id) for at, id in dates if at is not None and at <= now)
        return [id for _, id in due[:limit]]

    def open_of(self, person: Person) -> int:
        return sum(u.owner.id == person.id and u.status in OPEN for u in self._all())

    def usage_of(self, group: str, *, stored: bool) -> Usage:
        own = [u for u in self._all() if u.group == group]
        open_sizes = [u.plan.size for u in own if u.status in OPEN]
        kept = sum(u.plan.size for u in own if stored and u.status is Status.COMPLETE)
        return Usage(kept, sum(open_sizes), len(open_sizes))

    def _all(self) -> list[Upload]:
        return list(self._uploads.values())


def _place(upload: Upload) -> Place:
    return upload.created_at, upload.id


def _write(place: Place) -> str:
    return base64.urlsafe_b64encode(f"{place[0]} {place[1]}".encode()).decode()


def _read(cursor: str) -> Place:
    try:
        created_at, id = base64.urlsafe_b64decode(cursor).decode().split(" ")
        return int(created_at), id
    except ValueError as error:
        raise InvalidRequest("«cursor» must be the «next» of an earlier answer.") from error
