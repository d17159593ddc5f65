"""The wire between botocore and the strict moto, which can be cut at any call.

A ``before-send`` hook answers instead of the network, in this very thread. So there are exactly two
ways to die at a call: before it left, and after it had its effect but before its answer was heard.
Whoever dies is killed by a BaseException, as a Lambda is: no handler of the product may catch it.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3
from botocore.awsrequest import AWSResponse
from moto import backends
from moto.core.botocore_stubber import MockRawResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import run_wsgi_app

from local.strict import cognito, dynamodb, s3
from local.strict.gate import Gate

NAMES = {"eventbridge": "events", "cognito-identity-provider": "cognito-idp"}
"""IAM's names for services that the SDK calls otherwise."""

Said = tuple[int, Mapping[str, str], bytes]


class Killed(BaseException):
    """The function is no more."""


@dataclass(frozen=True, slots=True)
class Point:
    """At which call to die, counted from 1, and whether "before" or "after" it had its effect."""

    call: int
    when: str


class Wire:
    """All of this process's botocore speaks by it.

    ``calls``: what was called while somebody watched, in order, e.g. "dynamodb.GetItem"."""

    def __init__(self) -> None:
        for rules in (s3, dynamodb, cognito):
            rules.install()
        boto3.setup_default_session()
        session: Any = boto3.DEFAULT_SESSION
        session.events.register_first("before-send", self)
        _list_modules_once()
        self._app = Gate(DomainDispatcherApplication(create_backend_app))
        self._point: Point | None = None
        self._watching = False
        self.calls: list[str] = []
        self.meanwhile: dict[str, Callable[[], object]] = {}
        """What others do just before the next such call leaves."""

    @contextmanager
    def watched(self, point: Point | None = None) -> Iterator[list[str]]:
        """Note the calls that are made in here, and die at ``point``."""
        self.calls, self._point, self._watching = [], point, True
        try:
            yield self.calls
        finally:
            self._watching = False

    def __call__(self, request: Any, event_name: str, **_: Any) -> AWSResponse:
        if self._watching:
            _, service, operation = event_name.split(".")
            self._note(f"{NAMES.get(service, service)}.{operation}")
            self._die("before")
        sent = {k: _text(v) for k, v in request.headers.items()}
        status, headers, body = self.http(request.method, request.url, sent, _bytes(request.body))
        if self._watching:
            self._die("after")
        return AWSResponse(request.url, status, headers, MockRawResponse(body))

    def http(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Said:
        """What the other side says to this request."""
        target = urlsplit(url)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(target.path).encode().decode("latin-1"),
            "QUERY_STRING": target.query,
            "REQUEST_URI": f"{target.path}?{target.query}",
            "SERVER_NAME": target.hostname,
            "SERVER_PORT": str(target.port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": target.netloc,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": target.scheme,
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
        } | {_variable(name): value for name, value in headers.items()}
        answer, status, heads = run_wsgi_app(self._app, environ, buffered=True)
        return int(status.split()[0]), dict(heads), b"".join(answer)

    def _note(self, name: str) -> None:
        others = self.meanwhile.pop(name, None)
        if others:
            self._watching = False
            others()
            self._watching = True
        self.calls.append(name)

    def _die(self, when: str) -> None:
        if self._point == Point(len(self.calls), when):
            self._watching = False
            raise Killed


def _list_modules_once() -> None:
    """moto reads its own folder for each request, a tenth of what a crash costs."""
    modules = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: modules


def _variable(header: str) -> str:
    name = header.upper().replace("-", "_")
    return name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if hasattr(body, "read"):
        body = body.read()
    return body.encode() if isinstance(body, str) else bytes(body)
