"""The fake service with one stored object: its manifest, its URLs, and ranged GETs with faults.

The storage is as strict as S3: it takes only URLs that are not too old, and gives 206 with the
range that was asked for. What it gave is written down, part by part.
"""

import base64
import hashlib
import re
import tempfile
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

from manyhands import wire
from manyhands.download.manifest import Manifest
from manyhands.download.rules import Rules
from manyhands.download.runner import Job, Runner
from manyhands.events import Downloaded, Event
from manyhands.net.limiter import Limiter
from manyhands.parts import PartPlan
from tests.client.fake_board import PART, FakeBoard
from tests.client.fake_service import FakeService, _Handler
from tests.client.runs import HASTE, api_of

ID = "mq3x7tkd5yeh2vwz4cbn6ojr5a"
QUICK = Rules(connections=3, first=2, backoff=HASTE)


def digests_of(data: bytes, part_size: int = PART) -> tuple[bytes, ...]:
    starts = range(0, max(1, len(data)), part_size)
    return tuple(hashlib.sha256(data[at : at + part_size]).digest() for at in starts)


def manifest_of(data: bytes, part_size: int = PART) -> Manifest:
    return Manifest(PartPlan(len(data), part_size), digests_of(data, part_size))


@dataclass
class Spoil:
    """What becomes of the next GETs of a part, any part if 0: a status, or one of

    *wrong* bytes, *short* ones, *stall* in the middle, another *range* or *size*, or all (*whole*).
    """

    how: str | int
    part: int = 0
    times: int = 1


@dataclass
class Get:
    part: int
    url: int
    whole: bool = True


@dataclass
class Stored:
    data: bytes
    name: str = "film.mov"
    spoils: list[Spoil] = field(default_factory=list)


class DownloadService(FakeService):
    def __init__(self, stored: Stored) -> None:
        super().__init__()
        self.stored, self.gets = stored, list[Get]()
        self.signed = 0
        self.oldest_url = 1
        self.expires_s = 900.0
        self.go_on = threading.Event()
        known = [base64.b64encode(d).decode() for d in digests_of(stored.data)]
        board = FakeBoard(ID, "film", stored.name, len(stored.data), PART, known)
        board.status = "complete"
        self.boards[ID] = board

    def spoil(self, how: str | int, part: int = 0, times: int = 1) -> None:
        self.stored.spoils.append(Spoil(how, part, times))

    def counted(self) -> dict[int, int]:
        """How often each part was given whole."""
        parts = [get.part for get in self.gets if get.whole]
        return {part: parts.count(part) for part in parts}

    def next_spoil(self, part: int) -> str | int:
        for spoil in self.stored.spoils:
            if spoil.times and spoil.part in (0, part):
                spoil.times -= 1
                return spoil.how
        return ""

    def _api(self, method: str, path: str, body: bytes, query: dict[str, str]) -> Any:
        match method, path.strip("/").split("/"):
            case "GET", ["uploads", id, "download"] if id == ID:
                return self._sign()
        return super()._api(method, path, body, query)

    def _sign(self) -> Any:
        board = self.board
        if board.status != "complete":
            details = {"status": board.status}
            return 409, wire.ErrorReply("wrong_status", "Refused.", False, details)
        self.signed += 1
        url = f"{self.url}/s3/{ID}?n={self.signed}"
        return 200, wire.DownloadReply(url, self.expires_s, board.name, board.size, board.checksum)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        return type("Handler", (_DownloadHandler,), {"service": self})


class _DownloadHandler(_Handler):
    service: DownloadService

    def do_GET(self) -> None:
        if not self.path.startswith("/s3/"):
            return self._any()
        self.rfile.read(int(self.headers.get("content-length", 0)))
        fault = self.service.fault("GET", urlsplit(self.path).path)
        if fault and fault.before:
            fault.before()
        return self._give(int(self.path.partition("?n=")[2]))

    def _give(self, url: int) -> None:
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"])
        assert found, self.headers["Range"]
        first, last = int(found[1]), int(found[2])
        get = Get(first // PART + 1, url)
        with self.service.lock:
            how = self.service.next_spoil(get.part)
            if url < self.service.oldest_url:
                how = 403
            get.whole = not how
            self.service.gets.append(get)
        if isinstance(how, int):
            return self._reply(how, b"<Error/>", {})
        return self._body(how, first, last)

    def _body(self, how: str, first: int, last: int) -> None:
        whole = self.service.stored.data
        body, status = whole[first : last + 1], 206
        shown = f"bytes {first}-{last}/{len(whole)}"
        if how == "wrong":
            body = bytes(len(body))
        elif how == "range":
            shown = f"bytes {first + 1}-{last + 1}/{len(whole)}"
        elif how == "size":
            shown = f"bytes {first}-{last}/{len(whole) + 1}"
        elif how == "whole":
            body, status = whole, 200
        self.send_response(status)
        self.send_header("Content-Range", shown)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if how in ("short", "stall"):
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            if how == "stall":
                self.service.go_on.wait(10)
            self.close_connection = True
        else:
            self.wfile.write(body)


class Fetch:
    """One run; ``events`` are all it told, ``hooks`` are called with each."""

    def __init__(self, service: FakeService, target: Path | None, **job: Any) -> None:
        self.events: list[Event] = []
        self.hooks: list[Any] = []
        settings = {"rules": QUICK, "limiter": Limiter(), "stall_s": 5.0, "upload": ID} | job
        api = api_of(service, Path(tempfile.mkdtemp()))
        self.runner = Runner(Job(target=target, **settings), api, self._listen, rng=Random(1))

    def go(self) -> Downloaded:
        return self.runner.run()

    def told(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def _listen(self, event: Event) -> None:
        self.events.append(event)
        for hook in self.hooks:
            hook(event)
