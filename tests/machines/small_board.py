"""The protocol's board in its fewest words, for one client, and free in all it leaves free."""

from dataclasses import dataclass, field

from tests.machines.drivers import MAX_HELD, PART_SIZE, Value


class NotTaken(Exception):
    """These parts were never this client's."""

    def __init__(self, parts: list[int]) -> None:
        self.parts = parts


@dataclass
class SmallBoard:
    parts: int
    known: int
    status: str = "initialized"
    done: set[int] = field(default_factory=set)
    held: set[int] = field(default_factory=set)
    urls: int = 0

    def exchange(self, request: Value, grant: int, revoke: set[int], expires_s: float) -> Value:
        """An answer by the protocol; ``grant`` tickets at most. Raises NotTaken."""
        if self.status not in ("initialized", "active", "paused"):
            return self._reply([], request["holding"], expires_s)
        untaken = set(request["done"]) - self.held - self.done
        if untaken:
            raise NotTaken(sorted(untaken))
        self.done |= {*request["done"]}
        mine = [p for p in request["holding"] if p in self.held - self.done]
        self.held = {*mine} - revoke
        revoked = [p for p in request["holding"] if p not in self.held and p not in request["done"]]
        new = self._grant(min(grant, request["want"]))
        self.settle()
        return self._reply(new, revoked, expires_s)

    def _grant(self, most: int) -> list[int]:
        if self.status == "paused":
            return []
        free = [p for p in range(1, self.known + 1) if p not in self.held | self.done]
        new = free[: min(most, MAX_HELD - len(self.held))]
        self.held |= {*new}
        self.status = "active" if new else self.status
        return new

    def settle(self) -> None:
        if self.status == "active" and len(self.done) == self.parts:
            self.status = "assembling"

    def _reply(self, tickets: list[int], revoked: list[int], expires_s: float) -> Value:
        return {
            "status": self.status,
            "tickets": [self._ticket(part, expires_s) for part in tickets],
            "revoked": revoked,
            "progress": {
                "parts": self.parts,
                "parts_known": self.known,
                "parts_done": len(self.done),
                "bytes": self.parts * PART_SIZE,
                "bytes_done": len(self.done) * PART_SIZE,
            },
            "clients": [],
            "number": 1,
            "next_exchange_s": 2.0,
        }

    def _ticket(self, part: int, expires_s: float) -> Value:
        self.urls += 1
        offset, url = (part - 1) * PART_SIZE, f"https://s3/{self.urls}"
        return {
            "part": part,
            "offset": offset,
            "length": PART_SIZE,
            "url": url,
            "headers": {},
            "expires_s": expires_s,
        }
