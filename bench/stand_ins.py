"""What stands for S3, SNS, SES and Cognito in virtual time: they answer, and keep the bill."""

from collections import Counter
from collections.abc import Sequence

from bench.virtual import VirtualClock
from chalicelib.domain.board import Person
from chalicelib.domain.inspection import StoredPart
from chalicelib.domain.manifest import composite
from chalicelib.ports import Announcement, Mail, Mailed, PartsGone, SignedUrl, StoredObject

LISTED_AT_ONCE = 1_000
JOINING_MS = 2_000


class Storage:
    """The port ``PartStore`` for one upload; ``put`` is what a client's PUT does."""

    def __init__(self, clock: VirtualClock, bill: Counter[str]) -> None:
        self._clock, self._bill = clock, bill
        self._parts: dict[int, StoredPart] = {}
        self._joined: StoredObject | None = None

    def put(self, part: int, size: int, digest: bytes) -> None:
        self._bill["S3 PUT"] += 1
        self._parts[part] = StoredPart(part, size, digest, f'"{part}"')

    def create(self, key: str, token: str, name: str) -> str:
        self._bill["S3 POST"] += 1
        self._token = token
        return "m" * 120

    def sign_put(self, key: str, multipart_id: str, part: int, size: int, digest: str) -> SignedUrl:
        return SignedUrl("", {}, 900_000)

    def parts(self, key: str, multipart_id: str) -> Sequence[StoredPart]:
        if self._joined:
            raise PartsGone
        self._bill["S3 LIST"] += max(1, -(-len(self._parts) // LISTED_AT_ONCE))
        return [part for _, part in sorted(self._parts.items())]

    def parts_between(
        self, key: str, multipart_id: str, first: int, last: int
    ) -> Sequence[StoredPart]:
        self._bill["S3 LIST"] += 1
        there = range(first, last + 1)
        return [self._parts[part] for part in there if part in self._parts]

    def join(self, key: str, multipart_id: str, parts: Sequence[StoredPart], size: int) -> str:
        self._bill["S3 POST"] += 1
        self._clock.wait(JOINING_MS)
        checksum = composite(b"".join(part.digest for part in parts))
        self._joined = StoredObject(size, checksum, self._token)
        return checksum

    def find(self, key: str) -> StoredObject | None:
        self._bill["S3 HEAD"] += 1
        return self._joined

    def abort(self, key: str, multipart_id: str) -> None:
        """By who created what another had created a moment before; costs nothing."""

    def sign_get(self, key: str, name: str) -> SignedUrl:
        raise AssertionError("nothing is fetched here")

    def delete(self, key: str) -> None:
        raise AssertionError("nothing is deleted here")


class People:
    """The ports ``Topic``, ``Mailer`` and ``People`` at once."""

    def __init__(self, bill: Counter[str]) -> None:
        self._bill = bill

    def publish(self, announcement: Announcement) -> None:
        self._bill["SNS"] += 1

    def send(self, address: str, mail: Mail) -> Mailed:
        self._bill["SES"] += 1
        return Mailed.TAKEN

    def address(self, person: Person) -> str | None:
        return "ana@example.org"
