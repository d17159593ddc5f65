"""The service, the storage and the sign-in on one port of 127.0.0.1, with faults on demand.

The storage is as strict as S3: it takes exactly the signed length and digest, and nothing chunked.
A fault is put before the next requests whose method and path match, and used up one by one.
"""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from manyhands import wire
from tests.client.fake_board import LIMITS, FakeBoard, Stale

BAD_DIGEST = b"<Error><Code>BadDigest</Code></Error>"


@dataclass
class Fault:
    """``status`` is answered instead; or the answer is lost; or ``before`` runs first."""

    method: str
    path: str
    status: int = 0
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    lose_answer: bool = False
    before: Callable[[], None] | None = None
    times: int = 1


@dataclass
class Put:
    """A PUT as the storage saw it."""

    upload: str
    part: int
    headers: dict[str, str]


class FakeService:
    def __init__(self) -> None:
        self.boards: dict[str, FakeBoard] = {}
        self.faults: list[Fault] = []
        self.puts: list[Put] = []
        self.calls: list[str] = []
        self.pages: list[tuple[str, int]] = []
        self.tokens = {"token-1"}
        self.renewals = 0
        self.codes: list[dict[str, str]] = []
        self.revoked: list[str] = []
        self.lent: list[str] = []  # a whole manifest: boards are somebody else's, and know it
        self.password = "right"
        self.lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator["FakeService"]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()

    def fail(self, method: str, path: str, **how: Any) -> None:
        self.faults.append(Fault(method, path, **how))

    @property
    def board(self) -> FakeBoard:
        """The only board."""
        (board,) = self.boards.values()
        return board

    def fault(self, method: str, path: str) -> Fault | None:
        with self.lock:
            for fault in self.faults:
                if fault.times and fault.method == method and re.search(fault.path, path):
                    fault.times -= 1
                    return fault
        return None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        return type("Handler", (_Handler,), {"service": self})

    # -- what the routes do; each returns status and body

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, str]
    ) -> Any:
        if path.startswith("/s3/"):
            return self._store(path, headers, body)
        if path == "/config.json":
            pool = {"client_id": "c1", "cognito_endpoint": self.url}
            places = {"authorize": f"{self.url}/authorize", "token": f"{self.url}/token"}
            return 200, {"api": "/api", "sign_in": places} | pool
        if path == "/token":
            return self._redeem(dict(parse_qsl(body.decode())))
        if headers.get("x-amz-target", "").endswith(".RevokeToken"):
            self.revoked.append(json.loads(body)["Token"])
            return 200, b""
        if method == "POST" and path == "/":
            return self._sign_in(json.loads(body))
        if headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return refusal(401, "token_expired")
        self.calls.append(f"{method} {path}")
        return self._api(method, path.removeprefix("/api"), body, query)

    def _api(self, method: str, path: str, body: bytes, query: dict[str, str]) -> Any:
        match method, path.strip("/").split("/"):
            case "GET", ["me"]:
                groups = [wire.Group("user:1", "Personal", True), wire.Group("film", "film", False)]
                return 200, wire.MeReply(wire.User("1", "ana"), groups, LIMITS)
            case "GET", ["uploads"]:
                return 200, self._list(**query)
            case "POST", ["uploads"]:
                return self._create(msgspec.json.decode(body, type=wire.CreateRequest))
            case "GET", ["uploads", id] if id in self.boards:
                return 200, self._look(self.boards[id])
            case "GET", ["uploads", id, "manifest", page]:
                return self._read_page(self.boards[id], int(page))
            case "PUT", ["uploads", id, "manifest", page]:
                put = msgspec.json.decode(body, type=wire.PageRequest)
                return self._page(self.boards[id], int(page), put)
            case "POST", ["uploads", id, "tickets"]:
                request = msgspec.json.decode(body, type=wire.ExchangeRequest)
                return self._exchange(self.boards[id], request)
        return refusal(404, "no_such_upload")

    def _create(self, file: wire.CreateRequest) -> Any:
        if "\n" in file.name:
            return refusal(400, "name_not_usable", suggestion=file.name.replace("\n", "_"))
        text = f"{file.group}{file.name}{file.size}{file.checksum}{file.digests}"
        id = hashlib.sha256(text.encode()).hexdigest()[:26]
        found = id in self.boards
        if not found:
            size, part_size = file.size, file.part_size
            known = self.lent or list(file.digests)
            board = FakeBoard(id, file.group, file.name, size, part_size, known, not self.lent)
            self.boards[id] = board
        outcome = "joined" if found else "created"
        return 200 if found else 201, wire.CreateReply(outcome, self.boards[id].view())

    def _exchange(self, board: FakeBoard, request: wire.ExchangeRequest) -> Any:
        if request.generation != board.generation:
            return refusal(409, "begun_anew")
        try:
            return 200, board.exchange(request, f"{self.url}/s3")
        except Stale:
            return refusal(409, "stale_exchange")

    def _page(self, board: FakeBoard, page: int, put: wire.PageRequest) -> Any:
        self.pages.append((board.id, page))
        start, digests = page * LIMITS.page_parts, put.digests
        if put.generation != board.generation:
            return refusal(409, "begun_anew")
        if start > len(board.known):
            return refusal(409, "page_out_of_order", next_page=len(board.known) // 4)
        if start < len(board.known) and board.known[start : start + len(digests)] != digests:
            return refusal(409, "content_differs", page=page)
        if start == len(board.known):
            board.known += digests
        return 200, wire.KnownReply(len(board.known), board.parts, board.checksum)

    def _read_page(self, board: FakeBoard, page: int) -> Any:
        start = page * LIMITS.page_parts
        digests = board.known[start : start + LIMITS.page_parts]
        return (200, wire.PageReply(digests)) if digests else refusal(404, "no_such_upload")

    def _list(self, group: str, cursor: str = "0", limit: str = "50") -> wire.ListReply:
        found = [b for b in self.boards.values() if b.group == group]
        found.sort(key=lambda board: -board.created_at)
        end = int(cursor) + int(limit)
        views = [board.view() for board in found[int(cursor) : end]]
        return wire.ListReply(views, str(end) if end < len(found) else None)

    def _look(self, board: FakeBoard) -> wire.UploadReply:
        if board.status == "assembling":
            board.status = "complete"
        tickets = bytes(1 if part in board.done else 0 for part in range(1, board.parts + 1))
        view = wire.Board(base64.b64encode(tickets).decode(), board.clients())
        return wire.UploadReply(board.view(), view)

    def _store(self, path: str, headers: dict[str, str], body: bytes) -> Any:
        _, _, upload, part = path.split("/")
        assert "transfer-encoding" not in headers, "S3 takes nothing chunked"
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        board = self.boards[upload]
        if headers["x-amz-checksum-sha256"] != digest or board.known[int(part) - 1] != digest:
            return 400, BAD_DIGEST
        self.puts.append(Put(upload, int(part), headers))
        return 200, b""

    def _redeem(self, form: dict[str, str]) -> Any:
        self.codes.append(form)
        if form["code"] != "good":
            return 400, {"error": "invalid_grant"}
        (token,) = self.tokens
        return 200, {"access_token": token, "expires_in": 3600, "refresh_token": "refresh"}

    def _sign_in(self, request: dict[str, Any]) -> Any:
        given = request.get("AuthParameters") or request["ChallengeResponses"]
        if request.get("AuthFlow") == "REFRESH_TOKEN_AUTH":
            if given["REFRESH_TOKEN"] in self.revoked or given["REFRESH_TOKEN"] != "refresh":
                return 400, {"__type": "NotAuthorizedException", "message": "Invalid Refresh Token"}
            self.renewals += 1
            self.tokens = {f"token-{self.renewals + 1}"}
        elif given.get("PASSWORD") == "temporary":
            return 200, {"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": "s"}
        elif given.get("PASSWORD", self.password) != self.password:
            return 400, {"__type": "NotAuthorizedException", "message": "Incorrect"}
        (token,) = self.tokens
        tokens = {"AccessToken": token, "ExpiresIn": 3600, "RefreshToken": "refresh"}
        return 200, {"AuthenticationResult": tokens}


def refusal(status: int, code: str, **details: Any) -> Any:
    return status, wire.ErrorReply(code, f"Refused: {code}.", False, details)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news here."""


class _Handler(BaseHTTPRequestHandler):
    service: FakeService
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def _any(self) -> None:
        asked = urlsplit(self.path)
        path, query = asked.path, dict(parse_qsl(asked.query))
        fault = self.service.fault(self.command, path)
        if fault and fault.before:
            fault.before()
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        if fault and fault.status:
            return self._reply(fault.status, fault.body, fault.headers)
        with self.service.lock:
            status, message = self.service.answer(self.command, path, headers, body, query)
        if fault and fault.lose_answer:
            self.close_connection = True
            return None
        encoded = message if isinstance(message, bytes) else msgspec.json.encode(message)
        return self._reply(status, encoded, {})

    do_GET = do_PUT = do_POST = do_DELETE = _any

    def _reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""
