"""The one seam through which calls to the service and to the sign-in service leave.

A transport sends one request and gives back what came, whatever the status; only when nothing
came does it raise. It retries nothing and knows no token: that is ``api``'s and ``auth``'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import urllib3

from manyhands.errors import Unreachable
from manyhands.net.binding import ANY, Binding
from manyhands.net.reasons import reason

CONNECT_S = 10.0
PACKED = {"Accept-Encoding": "gzip"}
"""Signed URLs are all alike: an answer with eight of them shrinks to a tenth."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``headers`` ignores case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport(Protocol):
    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None,
        timeout_s: float,
    ) -> Answer:
        """One request, one answer. Safe to call from several threads. Raises Unreachable."""
        ...


class PoolTransport:
    """By urllib3: connections are kept and reused, answers unpacked; redirects are not followed."""

    def __init__(self, binding: Binding = ANY) -> None:
        options = [*urllib3.connection.HTTPConnection.default_socket_options, *binding.options]
        self._pool = urllib3.PoolManager(
            maxsize=4, source_address=binding.source, socket_options=options
        )

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None,
        timeout_s: float,
    ) -> Answer:
        timeout = urllib3.Timeout(connect=min(CONNECT_S, timeout_s), read=timeout_s)
        try:
            answer = self._pool.request(
                method,
                url,
                headers=PACKED | dict(headers),
                body=body,
                timeout=timeout,
                retries=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise Unreachable(_said(error, _host(url))) from error
        return Answer(answer.status, answer.headers, answer.data)


def _host(url: str) -> str:
    return urllib3.util.parse_url(url).netloc or url


def _said(error: Exception, host: str) -> str:
    timed_out = isinstance(error, urllib3.exceptions.TimeoutError)
    own = isinstance(error, urllib3.exceptions.NewConnectionError)  # which is a timeout, too
    found = TimeoutError() if timed_out and not own else error.__cause__ or error
    text = reason(found, host)
    return f"{text[0].upper()}{text[1:]}."
