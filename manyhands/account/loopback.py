"""Where the browser comes back to: an address of this machine that takes exactly one answer.

Cognito compares the address to the letter, port included, so it is one of a few fixed ports, all
registered in ``infra/resources.yaml``; they lie below those that systems give to outgoing
connections. ``127.0.0.1`` and not ``localhost``, as RFC 8252 advises: that name may lead elsewhere,
or to an IPv6 address that nobody listens on. Cognito takes both without TLS.

Any page in any browser here can call this address. So an answer counts only with the ``state`` of
this very sign-in; others are refused and change nothing, and the waiting goes on. Requests have
threads of their own, because browsers open connections that they then leave silent.

Source: RFC 8252, section 7.3 and 8.3; Amazon Cognito API Reference, CallbackURLs.
"""

import logging
import os
import secrets
import socketserver
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from manyhands.errors import PortsTaken, SignInRefused, SignInTimedOut

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
PORTS = (28471, 29563, 30817)
WAIT_S = 300.0
SILENT_S = 10.0
"""How long a connection may say nothing."""
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def address(port: int) -> str:
    """What is registered, to the letter."""
    return f"http://{HOST}:{port}/"


@dataclass(frozen=True, slots=True)
class _Came:
    """``error`` is empty if there is a code."""

    code: str
    error: str


class Loopback:
    """Listens from its making to the end of its ``with``. Raises PortsTaken."""

    def __init__(self, state: str, ports: Sequence[int] = PORTS) -> None:
        self._state = state
        self._came: _Came | None = None
        self._lock, self._told = threading.Lock(), threading.Event()
        self._server = self._bound(ports)
        self.url = address(self._server.server_address[1])

    def __enter__(self) -> Self:
        serve = self._server.serve_forever
        threading.Thread(target=serve, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def code(self, wait_s: float = WAIT_S) -> str:
        """Wait for the answer. Raises SignInTimedOut, SignInRefused."""
        if not self._told.wait(wait_s) or self._came is None:
            raise SignInTimedOut
        if self._came.error:
            reason = self._came.error.rstrip(".")
            raise SignInRefused(f"The sign-in service refused: {reason}.")
        return self._came.code

    def take(self, query: dict[str, str]) -> tuple[int, str]:
        """Status and text for the browser. Only the first right answer counts."""
        given = query.get("state", "").encode()
        if not secrets.compare_digest(given, self._state.encode()):
            return 400, "This is not the sign-in that is waited for here."
        came = _Came(query.get("code", ""), _error(query))
        with self._lock:
            if self._came is not None:
                return 409, "This sign-in was answered already."
            self._came = came
        return (
            (400, f"The sign-in was refused: {came.error}.") if came.error else (200, "Thank you.")
        )

    def answered(self) -> None:
        """The browser has its page; whoever waits may go on, and end all of this."""
        if self._came is not None:
            self._told.set()

    def _bound(self, ports: Sequence[int]) -> "_Server":
        handler = type("Handler", (_Handler,), {"loopback": self})
        for port in ports:
            try:
                return _Server((HOST, port), handler)
            except OSError:
                continue
        raise PortsTaken(ports)


def _error(query: dict[str, str]) -> str:
    if "error" in query:
        return query.get("error_description") or query["error"] or "no reason given"
    return "" if query.get("code") else "there is no code"


class _Server(socketserver.ThreadingTCPServer):
    """Not ``HTTPServer``, which looks up this machine's name and may wait long for it."""

    daemon_threads = True
    allow_reuse_address = os.name == "posix"  # elsewhere it would share a port that is in use

    def handle_error(self, request: object, client_address: object) -> None:
        log.debug("a browser went away", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    loopback: Loopback
    timeout = SILENT_S

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path != "/":
            return self._page(404, "There is nothing here.")
        try:
            return self._page(*self.loopback.take(dict(parse_qsl(parts.query))))
        finally:
            self.loopback.answered()

    def _page(self, status: int, text: str) -> None:
        body = (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Manyhands</title>'
            f"<p>{escape(text)}</p>"
            "<p>You may close this window and go back to the command line.</p>"
        ).encode()
        self.send_response(status)
        for name, value in {**HEADERS, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the address has the code in it."""
