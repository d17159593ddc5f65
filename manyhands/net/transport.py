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

CONNECT_S = 10.0


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
    """By urllib3: connections are kept and reused; redirects are not followed."""

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
                method, url, headers=headers, body=body, timeout=timeout, retries=False
            )
        except urllib3.exceptions.HTTPError as error:
            raise Unreachable(f"{_host(url)} cannot be reached: {_reason(error)}.") from error
        return Answer(answer.status, answer.headers, answer.data)


def _host(url: str) -> str:
    return urllib3.util.parse_url(url).netloc or url


def _reason(error: Exception) -> str:
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return "nobody answers there"
    timed_out = isinstance(error, urllib3.exceptions.TimeoutError)
    return "no answer in time" if timed_out else "no connection, or it broke"
