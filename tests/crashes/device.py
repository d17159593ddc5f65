"""A client that holds a file and does what real clients do, one call at a time.

A call that was not answered is not believed: what the device knows comes from answers alone. Then
it says the same again, or is never heard of again while another device goes on.
"""

import hashlib
from base64 import b64encode
from typing import Any

from chalicelib.domain.manifest import page_count, page_length, parts_before
from chalicelib.domain.parts import plan_parts
from tests.crashes.world import LIMITS, PART, Answer, World

LIVE = {"initialized", "active", "paused"}


class File:
    """A file of so many parts, the last one shorter, unlike any other number's."""

    def __init__(self, number: int, parts: int) -> None:
        self.name = f"film {number}.mov"
        whole = [hashlib.sha256(f"{number}.{n}".encode()).digest() * 32 for n in range(parts)]
        self.body = b"".join(whole)[: parts * PART - 24]
        self.plan = plan_parts(len(self.body), LIMITS)

    def part(self, number: int) -> bytes:
        start = self.plan.offset(number)
        return self.body[start : start + self.plan.length(number)]

    def digests(self, page: int) -> list[str]:
        before, count = parts_before(page), page_length(page, self.plan.count)
        return [_digest(self.part(before + n)) for n in range(1, count + 1)]

    def described(self) -> dict[str, Any]:
        return {
            "group": "film",
            "name": self.name,
            "size": len(self.body),
            "part_size": self.plan.part_size,
            "digests": self.digests(0),
        }


class Device:
    """``done``: parts that the storage took and the board has not confirmed yet."""

    def __init__(self, world: World, who: str, file: File) -> None:
        self.world, self.who, self.file = world, who, file
        self.client, self.seq = f"client-of-{who}-{id(self)}", 0
        self.id = ""
        self.done: list[int] = []
        self.tickets: list[Any] = []

    def create(self) -> Answer:
        answer = self._heard(self.world.call(self.who, "POST", "/uploads", self.file.described()))
        self.id = answer.body["upload"]["id"]
        return answer

    def put_page(self, page: int) -> Answer:
        said = {"digests": self.file.digests(page)}
        return self._heard(self.call("PUT", f"/manifest/{page}", said))

    def call(self, method: str, path: str = "", body: Any = None) -> Answer:
        return self.world.call(self.who, method, f"/uploads/{self.id}{path}", body)

    def look(self) -> Any:
        return self._heard(self.call("GET")).body["upload"]

    def request(self, **fields: Any) -> dict[str, Any]:
        """The next exchange, not yet said."""
        self.seq += 1
        base = {"client": self.client, "label": self.who, "seq": self.seq, "holding": []}
        return base | {"done": [], "want": 0, "rate": 0} | fields

    def say(self, request: dict[str, Any]) -> Answer:
        answer = self._heard(self.call("POST", "/tickets", request))
        self.done = [part for part in self.done if part not in request["done"]]
        self.tickets = answer.body["tickets"]
        return answer

    def take(self, want: int, **fields: Any) -> list[Any]:
        self.say(self.request(want=want, **fields))
        return self.tickets

    def send(self, tickets: list[Any]) -> None:
        for ticket in tickets:
            headers = {**ticket["headers"], "Content-Type": "application/octet-stream"}
            body = self.file.part(ticket["part"])
            status, _, text = self.world.wire.http("PUT", ticket["url"], headers, body)
            assert status == 200, text
            self.done.append(ticket["part"])

    def finish(self) -> None:
        """Join, make known what is not, and work until the board takes no parts any more."""
        upload = self.create().body["upload"]
        if upload["status"] == "paused":
            upload = self._heard(self.call("POST", "/resume")).body["upload"]
        for page in range(page_count(upload["parts_known"]), page_count(self.file.plan.count)):
            self.put_page(page)
        self.send(self.tickets)
        for _ in range(60):
            holding: list[int] = []
            answer = self.say(self.request(want=64, done=self.done, holding=holding, rate=10**9))
            self.send(self.tickets)
            if answer.body["status"] not in LIVE or not (self.done or self.tickets):
                return
        raise AssertionError("liveness: the device finds no end")

    def _heard(self, answer: Answer) -> Answer:
        assert answer.status < 300, answer
        return answer


def _digest(body: bytes) -> str:
    return b64encode(hashlib.sha256(body).digest()).decode()
