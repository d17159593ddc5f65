"""Serves the strict moto from threads of this process."""

import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import moto
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from local.strict import cognito, dynamodb, s3
from local.strict.gate import Gate

KNOWN = "5.2."


class StrictMoto:
    """A server; a context manager. Several of them serve the same, empty or not, AWS.

    ``port`` 0 takes a free one; ``trusted`` and ``now`` are the gate's.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        trusted: frozenset[str] | None = None,
        now: Any = lambda: datetime.now(UTC),
    ) -> None:
        if not moto.__version__.startswith(KNOWN):
            raise RuntimeError(f"moto {KNOWN}x is known here, not {moto.__version__}")
        s3.install()
        dynamodb.install()
        cognito.install()
        gate = Gate(DomainDispatcherApplication(create_backend_app), trusted, now)
        self._server = make_server(host, port, gate, threaded=True, request_handler=_Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.port: int = self._server.server_address[1]
        self.url = f"http://{host}:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(MotoRequestHandler):  # type: ignore[misc]
    disable_nagle_algorithm = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: every part would be a line."""
