"""The server of the site: its own page, the uploader's files under ``/manyhands/``, and a token.

It has a strict Content-Security-Policy; what the uploader needs of one is no more than this.
Whoever opens it counts as signed in as one of the sample people; a real site gives a token of the
person that *it* has signed in, from the same Cognito pool.
"""

import json
import mimetypes
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import urllib3

from local.people import PASSWORD

HERE = Path(__file__).resolve().parent
UPLOADER = HERE.parents[1] / "frontend"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; "
    "connect-src 'self' {service} {storage}; base-uri 'none'; form-action 'none'"
)


class Site:
    """On a free port of this machine; a context manager."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"

    def serve(self, service: str, token: Callable[[], str | None]) -> None:
        """``token``: asked whenever the page asks; None while nobody is signed in."""
        storage = urllib3.request("GET", f"{service}/config.json").json()["cognito_endpoint"]
        handler: Any = self._server
        handler.service, handler.token = service, token
        handler.policy = POLICY.format(service=service, storage=storage)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Any

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/settings.json":
            self._send(200, json.dumps({"service": self.server.service}).encode(), "a.json")
        elif path == "/token":
            token = self.server.token()
            self._send(200 if token else 401, (token or "").encode(), "a.txt")
        else:
            self._send_file(path)

    def _send_file(self, path: str) -> None:
        inside = path.removeprefix("/manyhands/")
        folder = HERE if inside == path else UPLOADER
        found = (folder / (inside.lstrip("/") or "index.html")).resolve()
        if found.is_relative_to(folder) and found.is_file() and found.suffix != ".py":
            self._send(200, found.read_bytes(), found.name)
        else:
            self._send(404, b"There is nothing here.", "a.txt")

    def _send(self, status: int, body: bytes, name: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", mimetypes.guess_type(name)[0] or "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", self.server.policy)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def token_of(service: str, name: str) -> str:
    """What the site's own sign-in would have brought it."""
    config = urllib3.request("GET", f"{service}/config.json").json()
    asked = {
        "ClientId": config["client_id"],
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": name, "PASSWORD": PASSWORD},
    }
    headers = {
        "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
        "Content-Type": "application/x-amz-json-1.1",
    }
    answer = urllib3.request(
        "POST", config["cognito_endpoint"], body=json.dumps(asked), headers=headers
    )
    return str(answer.json()["AuthenticationResult"]["AccessToken"])
