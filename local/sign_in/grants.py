"""The rules: which requests are right, and what a code is good for."""

import base64
import hashlib
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

CODE_S = 60.0
SESSION_S = 3600.0
T = TypeVar("T")


class Mistaken(Exception):
    """The request names no client or no address that we know: a page, never a redirect."""


class Denied(Exception):
    """An answer of RFC 6749; ``code`` is its ``error``."""

    def __init__(self, code: str, description: str = "") -> None:
        super().__init__(description)
        self.code, self.description = code, description


@dataclass(frozen=True, slots=True)
class Client:
    """An application: its id, and the only addresses that are redirected to."""

    id: str
    callbacks: tuple[str, ...]
    logouts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorization request that is right so far."""

    client_id: str
    redirect_uri: str
    state: str
    challenge: str
    hint: str
    prompt: str

    def to(self, **answer: str) -> str:
        """Where to send the browser with this answer."""
        said = answer | ({"state": self.state} if self.state else {})
        return f"{self.redirect_uri}{'&' if '?' in self.redirect_uri else '?'}{urlencode(said)}"


@dataclass(frozen=True, slots=True)
class Tokens:
    """As Cognito issues them; ``expires_s`` from now."""

    access: str
    id: str
    refresh: str
    expires_s: int


@dataclass(frozen=True, slots=True)
class Grant:
    asked: Asked
    tokens: Tokens


class Kept(Generic[T]):
    """Values under random names, for a while."""

    def __init__(self, seconds: float, now: Callable[[], float]) -> None:
        self._seconds, self._now = seconds, now
        self._kept: dict[str, tuple[float, T]] = {}
        self._lock = threading.Lock()

    def put(self, value: T) -> str:
        name = secrets.token_urlsafe(24)
        with self._lock:
            self._kept[name] = (self._now() + self._seconds, value)
        return name

    def get(self, name: str) -> T | None:
        with self._lock:
            until, value = self._kept.get(name, (0.0, None))
        return value if self._now() < until else None

    def take(self, name: str) -> T | None:
        """Once only."""
        value = self.get(name)
        with self._lock:
            return value if self._kept.pop(name, None) else None


def asked(client: Client, query: Mapping[str, str]) -> Asked:
    """Raises Mistaken, Denied (which is told by redirect: see ``redirected``)."""
    if query.get("client_id") != client.id:
        raise Mistaken("There is no such client.")
    if query.get("redirect_uri") not in client.callbacks:
        raise Mistaken("This redirect_uri is not registered; it must be the same to the letter.")
    return Asked(
        client.id,
        query["redirect_uri"],
        query.get("state", ""),
        query.get("code_challenge", ""),
        query.get("login_hint", ""),
        query.get("prompt", ""),
    )


def check(request: Asked, query: Mapping[str, str]) -> None:
    """Raises Denied, which the client is told by redirect."""
    if query.get("response_type") != "code":
        raise Denied("unsupported_response_type", "Only response_type=code.")
    if not request.challenge or query.get("code_challenge_method") != "S256":
        raise Denied("invalid_request", "PKCE with S256 is needed.")


def redeem(grant: Grant | None, form: Mapping[str, str]) -> Tokens:
    """The tokens of a code. Raises Denied."""
    if grant is None:
        raise Denied("invalid_grant")
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    right = (grant.asked.client_id, grant.asked.redirect_uri, grant.asked.challenge)
    if (form.get("client_id"), form.get("redirect_uri"), challenge) != right:
        raise Denied("invalid_grant")
    return grant.tokens
