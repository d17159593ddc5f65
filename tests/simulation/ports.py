"""The ports, faulty: memory behind gates, S3 as strict as it is, and a clock for each host.

What is written is shown to the world before anybody can act on it, so a broken invariant is found
in the step that breaks it.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from greenlet import getcurrent

from chalicelib.domain.board import Person
from chalicelib.domain.inspection import StoredPart
from chalicelib.domain.manifest import composite
from chalicelib.domain.uploads import Upload
from chalicelib.ports import (
    Announcement,
    Beaten,
    Mail,
    Mailed,
    ObjectExists,
    PartsChanged,
    PartsGone,
    SignedUrl,
    StoredObject,
)
from tests.fakes.manifests import FakeManifests
from tests.fakes.uploads import FakeUploads
from tests.simulation.files import Body
from tests.simulation.gates import gated, wait

LIVES_MS = 900_000
SHA256 = "x-amz-checksum-sha256"


class Uploads(FakeUploads):
    """``behind``: the index of due uploads names all, due or not."""

    def __init__(self, world: Any) -> None:
        super().__init__()
        self.world, self.behind = world, False

    def peek(self, id: str) -> Upload | None:
        return self._uploads.get(id)

    def every(self) -> list[Upload]:
        return self._all()

    def _put(self, upload: Upload, replaced: int | None) -> Upload:
        current = self._uploads.get(upload.id)
        if (current.version if current else None) != replaced:
            self.world.seen["beaten"] += 1
            raise Beaten(current)
        self._uploads[upload.id] = upload
        self.world.wrote(current, upload)
        return upload

    def due(self, now: int, limit: int) -> list[str]:
        return list(self._uploads) if self.behind else list(super().due(now, limit))

    get, add, save = gated(FakeUploads.get), gated(FakeUploads.add), gated(FakeUploads.save)
    open_of, in_group = gated(FakeUploads.open_of), gated(FakeUploads.in_group)


class Manifests(FakeManifests):
    def __init__(self, world: Any) -> None:
        super().__init__()
        self.world = world

    def peek(self, id: str, generation: int) -> bytes:
        return FakeManifests.whole(self, id, generation)

    put, get = gated(FakeManifests.put), gated(FakeManifests.get)
    whole, remove = gated(FakeManifests.whole), gated(FakeManifests.remove)


@dataclass(slots=True)
class Multipart:
    key: str
    token: str
    bodies: dict[int, Body] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stored:
    facts: StoredObject
    digests: tuple[bytes, ...]


@cache
def stored_part(number: int, body: Body) -> StoredPart:
    return StoredPart(number, body.size, body.digest, body.etag)


class Storage:
    """The port ``PartStore``. A URL is the tuple of what it is bound to; ``put`` is the PUT."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.unfinished: dict[str, Multipart] = {}
        self.objects: dict[str, Stored] = {}
        self.joined: Counter[str] = Counter()
        self.listed: dict[str, frozenset[int]] = {}
        self.puts = 0
        self._created = 0

    @gated
    def create(self, key: str, token: str, name: str) -> str:
        self._created += 1
        id = f"multipart-{self._created}"
        self.unfinished[id] = Multipart(key, token)
        getcurrent().made.append(id)
        return id

    def sign_put(self, key: str, multipart_id: str, part: int, size: int, digest: str) -> SignedUrl:
        until = self.world.signing_clock() + LIVES_MS
        bound: Any = (multipart_id, key, part, size, digest, until)
        return SignedUrl(bound, {SHA256: digest}, LIVES_MS)

    def put(self, url: Any, body: Body) -> str:
        """S3's error code, "" for none."""
        multipart_id, key, part, size, digest, until = url
        if self.world.now > until:
            return "AccessDenied"
        if body.size != size:
            return "SignatureDoesNotMatch"
        upload = self.unfinished.get(multipart_id)
        if upload is None or upload.key != key:
            return "NoSuchUpload"
        if body.text != digest:
            return "BadDigest"
        upload.bodies[part] = body
        self.puts += 1
        return ""

    def has(self, upload: Upload, part: int) -> bool:
        there = self.unfinished.get(upload.multipart_id)
        return upload.key in self.objects or (there is not None and part in there.bodies)

    @gated
    def parts(self, key: str, multipart_id: str) -> list[StoredPart]:
        bodies = self._found(key, multipart_id).bodies
        self.listed[multipart_id] = frozenset(bodies)
        return [stored_part(number, bodies[number]) for number in sorted(bodies)]

    @gated
    def parts_between(self, key: str, multipart_id: str, first: int, last: int) -> list[StoredPart]:
        self.world.looked_after(multipart_id)
        bodies = self._found(key, multipart_id).bodies
        return [stored_part(n, bodies[n]) for n in range(first, last + 1) if n in bodies]

    @gated
    def join(self, key: str, multipart_id: str, parts: list[StoredPart], size: int) -> str:
        upload = self._found(key, multipart_id)
        if key in self.objects:
            raise ObjectExists
        there = {number: stored_part(number, body) for number, body in upload.bodies.items()}
        numbers = [part.number for part in parts]
        whole = numbers == list(range(1, len(parts) + 1)) and sum(p.size for p in parts) == size
        if not parts or not whole or any(there.get(p.number) != p for p in parts):
            raise PartsChanged
        digests = tuple(part.digest for part in parts)
        checksum = composite(b"".join(digests))
        self.objects[key] = Stored(StoredObject(size, checksum, upload.token), digests)
        self.joined[key] += 1
        del self.unfinished[multipart_id]
        return checksum

    @gated
    def abort(self, key: str, multipart_id: str) -> None:
        upload = self.unfinished.get(multipart_id)
        if upload and upload.key == key:
            del self.unfinished[multipart_id]

    @gated
    def find(self, key: str) -> StoredObject | None:
        return self.objects[key].facts if key in self.objects else None

    def sign_get(self, key: str, name: str) -> SignedUrl:
        bound: Any = (key, name)
        return SignedUrl(bound, {}, LIVES_MS)

    @gated
    def delete(self, key: str) -> None:
        self.objects.pop(key, None)

    def _found(self, key: str, multipart_id: str) -> Multipart:
        upload = self.unfinished.get(multipart_id)
        if upload is None or upload.key != key:
            raise PartsGone
        return upload


class Topic:
    def __init__(self, world: Any) -> None:
        self.world = world

    @gated
    def publish(self, announcement: Announcement) -> None:
        self.world.published(announcement)


class Mailer:
    def __init__(self, world: Any) -> None:
        self.world = world

    @gated
    def send(self, address: str, mail: Mail) -> Mailed:
        self.world.mailed(mail)
        return Mailed.TAKEN


class People:
    def __init__(self, world: Any) -> None:
        self.world = world

    @gated
    def address(self, person: Person) -> str | None:
        return f"{person.name}@example.org"


class HostClock:
    """A host's clock: right but for ``off_ms``. A pause lets the others go on."""

    def __init__(self, world: Any) -> None:
        self.world, self.off_ms = world, 0

    def now(self) -> int:
        return self.world.now + self.off_ms

    def pause(self, most_ms: int) -> None:
        world = self.world
        wait(world, most_ms * world.byte() // 256)
