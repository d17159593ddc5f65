"""Just enough of HTTP/1.1 to read a request and to throw its body away.

The body is what costs, so it is not copied where that can be avoided: Linux drops the bytes of a
TCP socket in the kernel if asked with ``MSG_TRUNC``, and ``MSG_WAITALL`` lets one call wait for a
whole block, so that the interpreter wakes a few times for each part instead of for each segment.
TLS must be deciphered, record by record, into one buffer that is used again and again.

Both ways of saying how long a body is are understood, because the SDKs use both: a length, and
chunks (which carry the trailing checksum). ``http.server`` was refused: it takes each head through
a parser made for mails, and it knows no chunks.
"""

import socket
import ssl
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

BUFFER = 1024 * 1024
TOLD = 64 * 1024
"""So many bytes of a body are told of at once; slow lines are measured by it."""
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
DECODED_LENGTH = "x-amz-decoded-content-length"


@dataclass(frozen=True, slots=True)
class Request:
    """``headers`` with names in lower case; ``key`` is "" for a request about the bucket."""

    method: str
    bucket: str
    key: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


class Inbound:
    """The requests of one connection, one after the other. For one thread."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._bytes = bytearray(BUFFER)
        self._view = memoryview(self._bytes)
        self._start = self._end = 0
        dropping = sys.platform == "linux" and not isinstance(sock, ssl.SSLSocket)
        self._flags = socket.MSG_TRUNC if dropping else 0

    def request(self) -> Request | None:
        """The next request's head; None when the other side is done."""
        head = self._until(b"\r\n\r\n")
        return _parsed(head.decode("latin-1")) if head else None

    def discard(self, request: Request, taken: Callable[[int], None]) -> int:
        """Read the body to its end; how many bytes of the object were in it.

        ``taken`` is told of the bytes as they come, also of a body that never ends.
        """
        if request.headers.get("expect", "").lower() == "100-continue":
            self._sock.sendall(CONTINUE)
        if request.headers.get("transfer-encoding", "").lower() == "chunked":
            size = self._skip_chunks(taken)
        else:
            size = self._skip(int(request.headers.get("content-length", "0")), taken)
        return int(request.headers.get(DECODED_LENGTH, size))

    def _skip_chunks(self, taken: Callable[[int], None]) -> int:
        total = 0
        while size := int((self._until(b"\r\n") or b"0").split(b";")[0], 16):
            total += self._skip(size, taken)
            self._until(b"\r\n")
        while self._until(b"\r\n"):  # trailers, then an empty line
            pass
        return total

    def _skip(self, count: int, taken: Callable[[int], None]) -> int:
        buffered = min(count, self._end - self._start)
        self._start += buffered
        left, told = count - buffered, count
        try:
            while left:
                got = self._sock.recv_into(self._view, min(left, BUFFER), self._flags)
                if not got:
                    raise ConnectionError("the other side left in the middle of a body")
                left -= got
                if told - left >= TOLD:
                    taken(told - left)
                    told = left
        finally:
            taken(told - left)
        return count

    def _until(self, mark: bytes) -> bytes | None:
        """What comes before ``mark``; None at the end of the stream."""
        while (at := self._bytes.find(mark, self._start, self._end)) < 0:
            if not self._more():
                return None
        found = bytes(self._view[self._start : at])
        self._start = at + len(mark)
        return found

    def _more(self) -> bool:
        kept = self._end - self._start
        self._view[:kept] = self._view[self._start : self._end]
        got = self._sock.recv_into(self._view[kept:])
        self._start, self._end = 0, kept + got
        return got > 0


def _parsed(head: str) -> Request:
    first, *lines = head.split("\r\n")
    method, target, _ = first.split(" ", 2)
    url = urlsplit(target)
    bucket, _, key = unquote(url.path).lstrip("/").partition("/")
    named = (line.split(":", 1) for line in lines)
    headers = {name.lower(): value.strip() for name, value in named}
    return Request(method, bucket, key, dict(parse_qsl(url.query, True)), headers)
