"""The front door: page and API on one address, as the deployed distribution has them.

Below ``/api`` stands Chalice's own local server, with four of its habits mended. It answers in
two writes, which Nagle's algorithm turns into 45 ms a request; here the answer leaves in one. It
reads a body of any size; the real gateway takes 10 MB. It compresses nothing; the real one does,
for whoever asks. And it refuses unknown addresses in words of its own; the deployed gateway's
responses are set in ``infra/resources.yaml``, and are read from there. Everything else is the page,
and what only this machine has: the outbox.
"""

import functools
import gzip
import logging
import sys
from collections.abc import Mapping
from typing import Any

from chalice import Chalice
from chalice.config import Config
from chalice.local import (
    ChaliceRequestHandler,
    CustomLocalChalice,
    LocalChalice,
    LocalGatewayException,
    ThreadedHTTPServer,
)

from local.site import Answer, Site

log = logging.getLogger(__name__)

API = "/api"
MAX_BODY = 10 * 1024 * 1024


class Gateway:
    """The server. ``refusals`` maps the gateway's response types to status and body.

    ``compress_from``: the fewest bytes of an answer of the API that are compressed.
    """

    def __init__(
        self,
        app: Chalice,
        site: Site,
        refusals: Mapping[str, Answer],
        host: str,
        port: int,
        compress_from: int,
    ) -> None:
        _make_thread_local(app)
        handler = functools.partial(
            _Handler,
            app_object=app,
            config=Config(),
            site=site,
            refusals=refusals,
            compress_from=compress_from,
        )
        self._server = _Server((host, port), handler)
        self.port: int = self._server.server_address[1]

    def serve_forever(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadedHTTPServer):  # type: ignore[misc]
    request_queue_size = 256
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who hangs up in the middle, as browsers do, is nothing to be told of."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(ChaliceRequestHandler):  # type: ignore[misc]
    disable_nagle_algorithm = True
    wbufsize = -1

    def __init__(
        self,
        *args: Any,
        site: Site,
        refusals: Mapping[str, Answer],
        compress_from: int,
        **kw: Any,
    ) -> None:
        self._site, self._refusals, self._compress_from = site, refusals, compress_from
        super().__init__(*args, **kw)

    def _generic_handle(self) -> None:
        if not self._body_is_right():
            self.close_connection = True
            self._send(self._refusals["REQUEST_TOO_LARGE"])
        elif self.path == API or self.path.startswith(f"{API}/"):
            self._call_api()
        else:
            headers, body = self._parse_payload()
            lower = {name.lower(): value for name, value in headers.items()}
            self._send(self._site.answer(self.command, self.path, lower, body or b""))

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do_PATCH = do_OPTIONS = _generic_handle

    def _body_is_right(self) -> bool:
        length = self.headers.get("content-length", "0")
        return length.isdecimal() and int(length) <= MAX_BODY

    def _call_api(self) -> None:
        headers, body = self._parse_payload()
        try:
            response = self.local_gateway.handle_request(
                self.command, self.path.removeprefix(API) or "/", headers, body
            )
        except (LocalGatewayException, UnicodeEncodeError):
            self._send(self._refusals["MISSING_AUTHENTICATION_TOKEN"])
        else:
            sent = response["headers"] | response["multiValueHeaders"]
            self._send_http_response(response["statusCode"], *self._packed(sent, response["body"]))

    def _packed(self, headers: dict[str, Any], body: str) -> tuple[dict[str, Any], str | bytes]:
        """As the deployed gateway does it: only for who asks for it; no word is no consent."""
        wanted = "gzip" in self.headers.get("accept-encoding", "").lower()
        if not wanted or len(body) < self._compress_from:
            return headers, body
        return headers | {"Content-Encoding": "gzip"}, gzip.compress(body.encode())

    def _send(self, answer: Answer) -> None:
        body = b"" if self.command == "HEAD" else answer.body
        self._send_http_response(answer.status, dict(answer.headers), body)

    def log_message(self, format: str, *args: Any) -> None:
        log.debug(format, *args)


def _make_thread_local(app: Chalice) -> None:
    """As Chalice's ``create_local_server`` does: each thread has its own current request."""
    if not isinstance(app, LocalChalice):
        CustomLocalChalice.__bases__ = (LocalChalice, app.__class__)
        app.__class__ = CustomLocalChalice
