"""What the service needs from outside, and what each implementation owes.

One contract suite for each port, in ``tests/contracts/``, runs on the fake and on the real
adapter. Unless a method says otherwise, an implementation raises StorageUnavailable (or
IdentityUnavailable) for whatever may pass by itself, and anything else is a defect.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from chalicelib.domain.board import Person
from chalicelib.domain.inspection import StoredPart
from chalicelib.domain.room import GroupLimits, Usage
from chalicelib.domain.uploads import Upload


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as a verified token says. ``groups`` holds the personal group as well."""

    person: Person
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Some uploads of a group. ``next`` continues the list; None at its end."""

    uploads: Sequence[Upload]
    next: str | None


class Beaten(Exception):
    """Somebody else wrote first. ``current`` is what stands there now, None for nothing."""

    def __init__(self, current: Upload | None) -> None:
        super().__init__("somebody else wrote first")
        self.current = current


class Uploads(Protocol):
    """Uploads with their boards; each is one item, written as a whole."""

    def get(self, id: str) -> Upload | None:
        """The upload as last written: never an older state."""

    def add(self, upload: Upload) -> Upload:
        """Store an upload that is not there yet, as version 1. Raises Beaten."""

    def save(self, upload: Upload) -> Upload:
        """Replace version ``upload.version`` and answer the next version.

        Atomic: of several that replace the same version exactly one succeeds, the others raise
        Beaten with what stands there now.
        """

    def in_group(self, group: str, cursor: str | None, limit: int) -> Page:
        """A group's uploads but deleted ones, newest first; soon after a write, not at once."""

    def due(self, now: int, limit: int) -> Sequence[str]:
        """Ids of uploads that the sweep should look at, the longest due first."""

    def open_of(self, person: Person) -> int:
        """How many unfinished uploads a person owns; soon after a write, not at once."""

    def usage_of(self, group: str, *, stored: bool) -> Usage:
        """What a group's uploads take; soon after a write, not at once.

        ``stored``: whether to count what is stored as well, which may be much.
        """


class Limits(Protocol):
    """What an operator has set for groups."""

    def of_group(self, group: str) -> GroupLimits:
        """The group's limits; none at all for a group that nobody set any for."""


class Manifests(Protocol):
    """The pages of manifests. A page is written once and never changes."""

    def put(self, id: str, generation: int, page: int, digests: bytes) -> bytes:
        """Store the page if it is not there; answer what is there now."""

    def get(self, id: str, generation: int, page: int) -> bytes | None:
        """The page, or None."""

    def whole(self, id: str, generation: int) -> bytes:
        """All stored pages in order, as one run of digests."""

    def remove(self, id: str, generation: int) -> None:
        """Remove all pages of a generation. Idempotent."""


@dataclass(frozen=True, slots=True)
class SignedUrl:
    """A URL good for one thing for a while, with the headers that must be sent with it."""

    url: str
    headers: Mapping[str, str]
    expires_ms: int


@dataclass(frozen=True, slots=True)
class StoredObject:
    """``token`` is what ``create`` was given; ``checksum`` the composite one, "" if not kept."""

    size: int
    checksum: str
    token: str


class PartsGone(Exception):
    """The storage knows no such multipart upload: joined already, or thrown away."""


class ObjectExists(Exception):
    """There is an object under this key already."""


class PartsChanged(Exception):
    """The storage finds other parts than it listed a moment ago."""


class PartStore(Protocol):
    """Multipart uploads and the objects that come of them."""

    def create(self, key: str, token: str, name: str) -> str:
        """Begin a multipart upload with SHA-256 for each part; answer its id.

        Not idempotent: who does not use the answer aborts it.
        """

    def sign_put(self, key: str, multipart_id: str, part: int, size: int, digest: str) -> SignedUrl:
        """Sign a PUT of exactly ``size`` bytes with this SHA-256 (base64). Does no I/O."""

    def parts(self, key: str, multipart_id: str) -> Sequence[StoredPart]:
        """All parts, to the end of the list, by number. Raises PartsGone."""

    def parts_between(
        self, key: str, multipart_id: str, first: int, last: int
    ) -> Sequence[StoredPart]:
        """Those of these parts that are there, by number; of more than 1,000 the lowest 1,000.

        One call, however many there are. Raises PartsGone.
        """

    def join(self, key: str, multipart_id: str, parts: Sequence[StoredPart], size: int) -> str:
        """Join the parts into the object; answer its composite checksum.

        Never overwrites: raises ObjectExists. Raises PartsGone, PartsChanged. May have joined them
        although it raises StorageUnavailable.
        """

    def abort(self, key: str, multipart_id: str) -> None:
        """Throw the parts away. Idempotent."""

    def find(self, key: str) -> StoredObject | None:
        """The object, or None."""

    def sign_get(self, key: str, name: str) -> SignedUrl:
        """Sign a download that saves under this name. Does no I/O."""

    def delete(self, key: str) -> None:
        """Delete the object. Idempotent."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """For the topic: ``attributes`` are what subscribers filter on, ``body`` is JSON."""

    subject: str
    body: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    text: str
    html: str


class Topic(Protocol):
    """Where programs listen: a topic, or a bus of events."""

    def publish(self, announcement: Announcement) -> None:
        """Tell the subscribers; at least once."""


class Mailed(Enum):
    """What came of a mail; trying again makes none of these better."""

    TAKEN = "taken"
    NO_ADDRESS = "no mail can go to this address"
    REFUSED = "the service takes no such mail from this sender"


class Mailer(Protocol):
    def send(self, address: str, mail: Mail) -> Mailed:
        """Send a mail, or say why none will ever be sent."""


class People(Protocol):
    def address(self, person: Person) -> str | None:
        """The person's mail address, None if there is none or the person is gone."""


class Tokens(Protocol):
    def verify(self, token: str) -> Caller:
        """Who calls. Raises TokenInvalid, TokenExpired, IdentityUnavailable."""


class Metric(Enum):
    """What is counted, by the names that the alarms and the dashboard know."""

    UPLOADS_STORED = "UploadsStored"
    UPLOADS_FAILED = "UploadsFailed"
    UPLOADS_EXPIRED = "UploadsExpired"
    UPLOADS_CANCELLED = "UploadsCancelled"
    BYTES_STORED = "BytesStored"
    ASSEMBLY_SECONDS = "AssemblySeconds"
    EXCHANGES = "Exchanges"
    PARTS_DONE = "PartsDone"
    RESCUES = "Rescues"
    STRIKES = "Strikes"
    CONFLICTS = "Conflicts"
    NOTICES_SENT = "NoticesSent"
    NOTICES_FAILED = "NoticesFailed"
    MAILS_REFUSED = "MailsRefused"
    SWEEP_RUNS = "SweepRuns"
    UPLOADS_STUCK = "UploadsStuck"
    COLD_STARTS = "ColdStarts"


class Meter(Protocol):
    def count(self, metric: Metric, value: float = 1) -> None:
        """Add to what is told of this call of the function. Does no I/O, never raises."""


class Unmetered:
    """The port ``Meter`` where nobody looks."""

    def count(self, metric: Metric, value: float = 1) -> None:
        """Nothing."""


class Clock(Protocol):
    def now(self) -> int:
        """Milliseconds since the epoch."""

    def pause(self, most_ms: int) -> None:
        """Wait a random time of at most so long, so that those who clash come apart."""
