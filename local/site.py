"""What a browser finds beside the API: the page, its configuration, the sign-in, the outbox."""

import json
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from local.outbox import Outbox

CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self' {aws}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""``{aws}``: where the sign-in service and the storage are."""

PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
"""What no script on the page may ask for, should one ever get there."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Door(Protocol):
    """Answers the addresses that are its own."""

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Answer | None: ...


class Site:
    """Files of ``folder``; ``/config.json`` with ``config``; ``/outbox``; the sign-in.

    ``other_origins``: whose pages may read the configuration.
    """

    def __init__(
        self,
        folder: Path,
        config: Mapping[str, Any],
        outbox: Outbox,
        sign_in: Door,
        aws: list[str],
        other_origins: tuple[str, ...] = (),
    ) -> None:
        self._folder = folder.resolve()
        self._config = json.dumps(config, indent=2).encode()
        self._outbox, self._sign_in = outbox, sign_in
        self._other_origins = other_origins
        self._policy = CONTENT_SECURITY.format(aws=" ".join(aws))

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        signing_in = self._sign_in.answer(method, target, headers, body)
        return signing_in or self._read(method, target, headers.get("origin", ""))

    def _read(self, method: str, target: str, origin: str) -> Answer:
        if method not in {"GET", "HEAD"}:
            return self._page(405, b"Only reading here.", "text/plain")
        path = unquote(urlsplit(target).path)
        if path == "/config.json":
            return self._page(200, self._config, "application/json", self._permission(origin))
        if path == "/outbox":
            headers = _headers("text/html; charset=utf-8", Outbox.CONTENT_SECURITY)
            return Answer(200, self._outbox.page().encode(), headers)
        return self._file(path)

    def _file(self, path: str) -> Answer:
        if "\0" in path:
            return self._page(404, b"There is nothing here.", "text/plain")
        found = (self._folder / path.lstrip("/")).resolve()
        if found.is_dir():
            found /= "index.html"
        if not found.is_relative_to(self._folder) or not found.is_file():
            return self._page(404, b"There is nothing here.", "text/plain")
        kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
        return self._page(200, found.read_bytes(), kind)

    def _permission(self, origin: str) -> dict[str, str]:
        """Pages that embed the uploader learn from the configuration where to sign in."""
        return {"Access-Control-Allow-Origin": origin} if origin in self._other_origins else {}

    def _page(self, status: int, body: bytes, kind: str, more: Mapping[str, str] = {}) -> Answer:
        text = kind.startswith("text/") or kind.endswith(("javascript", "json"))
        headers = _headers(f"{kind}; charset=utf-8" if text else kind, self._policy)
        return Answer(status, body, headers | dict(more))


def _headers(kind: str, policy: str) -> dict[str, str]:
    return {
        "Content-Type": kind,
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Permissions-Policy": PERMISSIONS,
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
    }
