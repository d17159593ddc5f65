"""What a line carries: several plain PUTs side by side for some seconds, and no client at all.

That is the measure of every efficiency: not the number that the line was shaped to, which counts
headers and acknowledgements too, but the bytes of bodies that arrived. Several connections, because
on a line that loses packets one alone does not fill it.
"""

import contextlib
import http.client
import ssl
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from bench.line import Line

CONNECTIONS = 4
SIZE = 4 * 2**20
BLOCK = 64 * 1024
SETTLING_S, LOOKING_S = 1.0, 6.0


def carried(line: Line, storage: str) -> float:
    """Bytes a second, of bodies, from the device behind ``line`` to the null server."""
    with line.inside():
        ending = threading.Event()
        senders = [
            threading.Thread(target=_send, args=(line, storage, number, ending), daemon=True)
            for number in range(CONNECTIONS)
        ]
        for sender in senders:
            sender.start()
        time.sleep(SETTLING_S)
        before, began = received(storage), time.monotonic()
        time.sleep(LOOKING_S)
        rate = (received(storage) - before) / (time.monotonic() - began)
        ending.set()
        for sender in senders:
            sender.join()
    return rate


def received(storage: str) -> int:
    """Bytes of bodies that came to the null server so far, finished or not."""
    with contextlib.closing(_connection(storage)) as connection:
        connection.request("GET", "/-/received")
        return int(connection.getresponse().read())


def _send(line: Line, storage: str, number: int, ending: threading.Event) -> None:
    with line.inside(), contextlib.closing(_connection(storage)) as connection:
        while not ending.is_set():
            with contextlib.suppress(OSError, http.client.HTTPException):
                headers = {"Content-Length": str(SIZE)}
                connection.request("PUT", f"/bench/plain-{number}", _body(ending), headers)
                connection.getresponse().read()
            connection.close()


def _body(ending: threading.Event) -> Iterator[bytes]:
    block = bytes(BLOCK)
    for _ in range(SIZE // BLOCK):
        if ending.is_set():
            raise ConnectionAbortedError
        yield block


def _connection(storage: str) -> http.client.HTTPConnection:
    """By TLS whoever it is believed: it is a counter on this machine."""
    where = urlsplit(storage)
    if where.scheme == "https":
        anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection(where.hostname or "", where.port, context=anybody)
    return http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
