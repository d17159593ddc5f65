"""A small board: the protocol's rules for one upload, without rescue, leases or shares."""

import base64
import hashlib
import time
from dataclasses import dataclass, field

from manyhands import wire

PART = 64 * 1024
LIMITS = wire.Limits(
    min_part_size=PART,
    part_size_step=1024,
    max_parts=10_000,
    max_file_size=10**10,
    first_pages=[],
    page_parts=4,
    max_held=16,
)

SIGNATURE = "5ec2e7" * 10
"""What a log must not hold."""


class Stale(Exception):
    """A later exchange of this client was answered already."""


@dataclass
class FakeBoard:
    """``known`` is the manifest so far; ``sent`` says what the storage has."""

    id: str
    group: str
    name: str
    size: int
    part_size: int
    known: list[str]
    yours: bool = True
    generation: int = 1
    status: str = "initialized"
    created_at: int = field(default_factory=lambda: int(time.time() * 1000))
    touched_at: int = field(default_factory=lambda: int(time.time() * 1000))
    done: dict[int, str] = field(default_factory=dict)
    held: dict[str, list[int]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    answers: dict[str, tuple[int, wire.ExchangeReply]] = field(default_factory=dict)
    exchanges: list[wire.ExchangeRequest] = field(default_factory=list)

    @property
    def parts(self) -> int:
        return max(1, -(-self.size // self.part_size))

    @property
    def whole(self) -> bool:
        return len(self.known) == self.parts

    @property
    def checksum(self) -> str:
        digests = b"".join(base64.b64decode(d) for d in self.known)
        text = base64.b64encode(hashlib.sha256(digests).digest()).decode()
        return f"{text}-{len(self.known)}" if self.whole else ""

    def length(self, part: int) -> int:
        return min(self.part_size, self.size - (part - 1) * self.part_size)

    def exchange(self, request: wire.ExchangeRequest, storage: str) -> wire.ExchangeReply:
        """The same ``seq`` again is answered again. Raises Stale."""
        seq, reply = self.answers.get(request.client, (0, None))
        if request.seq < seq:
            raise Stale
        if reply is None or request.seq > seq:
            self.exchanges.append(request)
            reply = self._exchange(request, storage)
            self.answers[request.client] = request.seq, reply
        return reply

    def _exchange(self, request: wire.ExchangeRequest, storage: str) -> wire.ExchangeReply:
        client = request.client
        self.labels[client] = request.label
        mine = self.held.get(client, [])
        for part in request.done:
            if part not in self.done:
                assert part in mine, f"part {part} was not taken"
                self.done[part] = client
        kept = [p for p in request.holding if p in mine and p not in self.done]
        self.held[client] = kept
        revoked = [p for p in request.holding if p not in kept and p not in request.done]
        new = self._grant(client, request.want)
        self.settle()
        return self._reply(client, new, revoked, storage)

    def take_away(self, part: int) -> None:
        """Somebody else has brought this part."""
        self.done[part] = "somebody else"
        for held in self.held.values():
            if part in held:
                held.remove(part)
        self.settle()

    def _grant(self, client: str, want: int) -> list[int]:
        if self.status not in ("initialized", "active"):
            return []
        taken = {p for parts in self.held.values() for p in parts} | set(self.done)
        free = [p for p in range(1, len(self.known) + 1) if p not in taken]
        new = free[: min(want, LIMITS.max_held - len(self.held[client]))]
        self.held[client] += new
        self.status = "active" if new else self.status
        return new

    def settle(self) -> None:
        if self.status == "active" and self.whole and len(self.done) == self.parts:
            self.status = "assembling"

    def _reply(
        self, client: str, new: list[int], revoked: list[int], storage: str
    ) -> wire.ExchangeReply:
        return wire.ExchangeReply(
            status=self.status,
            tickets=[self._ticket(part, storage) for part in new],
            revoked=revoked,
            progress=wire.Progress(
                self.parts, len(self.known), len(self.done), self.size, self.bytes_done
            ),
            clients=self.clients(),
            next_exchange_s=0.05,
            number=list(self.labels).index(client) + 1,
        )

    def _ticket(self, part: int, storage: str) -> wire.Ticket:
        url = f"{storage}/{self.id}/{part}?X-Amz-Signature={SIGNATURE}"
        headers = {"x-amz-checksum-sha256": self.known[part - 1]}
        offset = (part - 1) * self.part_size
        return wire.Ticket(part, offset, self.length(part), url, headers, 900.0)

    @property
    def bytes_done(self) -> int:
        return sum(self.length(part) for part in self.done)

    def clients(self) -> list[wire.Client]:
        rows = enumerate(self.labels.items(), 1)
        return [self._row(number, client, label) for number, (client, label) in rows]

    def _row(self, number: int, client: str, label: str) -> wire.Client:
        brought = [p for p, who in self.done.items() if who == client]
        return wire.Client(
            number=number,
            label=label,
            person="ana",
            rate=1000,
            parts=len(brought),
            bytes=sum(map(self.length, brought)),
            seen_s=0.0,
            alive=True,
            held=self.held.get(client, []),
        )

    def view(self) -> wire.Upload:
        return wire.Upload(
            id=self.id,
            generation=self.generation,
            group=self.group,
            owner="ana",
            yours=self.yours,
            name=self.name,
            size=self.size,
            part_size=self.part_size,
            parts=self.parts,
            parts_known=len(self.known),
            parts_done=len(self.done),
            bytes_done=self.bytes_done,
            status=self.status,
            created_at=self.created_at,
            changed_at=self.created_at,
            touched_at=self.touched_at,
            checksum=self.checksum,
            reason="",
        )


def content(size: int) -> bytes:
    """Bytes that differ from part to part."""
    return b"".join(number.to_bytes(8, "big") for number in range(-(-size // 8)))[:size]
