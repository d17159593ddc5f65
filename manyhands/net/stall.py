"""When a line hangs: nothing has moved for too long, by what the kernel knows.

A socket waits in short looks (``LOOK_S``), and after each in vain ``Stall`` is asked whether to go
on. What the kernel took must still travel, on a slow line for a minute, and as long as the other
side confirms some of it nothing is wrong. Where the kernel tells what was confirmed, that decides;
a send over TLS, which returns only when its whole block was taken, can so take its time. If all has
arrived and only the answer is missing, the storage is busy or the line is dead. A proxy on the way
may take a whole part at once and pass it on slowly, so each such answer that was given up makes the
next wait longer, or that line would never send anything; an answer that came makes it as long as
was needed.

Refused: a time-out of the socket alone. It knows nothing of what was confirmed, over TLS it covers
a whole block, and session tickets, which come before any answer, end it early.

Source: man 7 tcp (SIOCOUTQ, TCP_INFO); linux/tcp.h, struct tcp_info; on macOS SO_NWRITE.
"""

import contextlib
import io
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

LOOK_S = 0.25
LONGER = 2
LONGEST = 8.0
"""A wait for an answer grows up to so many times the first one."""
UNTOLD = 4
"""Where the kernel tells nothing, wait so many times longer at once."""
NEEDED = 1.5
SO_NWRITE = 0x1024
BYTES_ACKED = struct.Struct("120xQ")

Flow = tuple[int, int]
"""Bytes that the other side has not confirmed yet, and those that it has."""


class Stall:
    """For one line. ``stall_s``: how long nothing may move."""

    def __init__(
        self,
        stall_s: float,
        flow: "Callable[[socket.socket], Flow | None] | None" = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stall_s, self._clock = stall_s, clock
        self._flow_of = flow or flow_of
        self._flow: Flow | None = None
        self._since = self._asked_at = clock()
        self._factor = 1.0

    def moved(self) -> None:
        """Something was taken, or came."""
        self._since = self._clock()

    def asked(self) -> None:
        """All was given to the kernel; from now on an answer is waited for."""
        self._since = self._asked_at = self._clock()

    def answered(self) -> None:
        """The answer came, after as long as it took."""
        needed = NEEDED * (self._clock() - self._asked_at) / self._stall_s
        self._factor = min(self._factor, max(1.0, needed))

    def check(self, sock: socket.socket) -> None:
        """A look was in vain. Raises TimeoutError if there were enough of them."""
        before, self._flow = self._flow, self._flow_of(sock)
        if self._flow is not None and self._flow != before:
            self.moved()
        elif self._clock() - self._since >= self._patience_s():
            if not self._on_its_way:
                self._factor = min(LONGEST, self._factor * LONGER)
            raise TimeoutError("nothing moves")

    @property
    def _on_its_way(self) -> bool:
        return self._flow is not None and self._flow[0] > 0

    def _patience_s(self) -> float:
        if self._on_its_way:
            return self._stall_s
        return self._stall_s * self._factor * (UNTOLD if self._flow is None else 1)


class Patiently:
    """A socket as ``http.client`` reads answers from it, in looks."""

    def __init__(self, sock: socket.socket, stall: Stall) -> None:
        self._sock, self._stall = sock, stall

    def makefile(self, *_: Any) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._sock, self._stall))


class _Reading(io.RawIOBase):
    def __init__(self, sock: socket.socket, stall: Stall) -> None:
        self._sock, self._stall = sock, stall
        self._open = sock.makefile("rb", buffering=0)  # so that closing waits for the reader

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while True:
            try:
                count = self._sock.recv_into(buffer)
            except TimeoutError:
                self._stall.check(self._sock)
            else:
                self._stall.moved()
                return count

    def close(self) -> None:
        self._open.close()
        super().close()


def flow_of(sock: socket.socket) -> Flow | None:
    """What the kernel tells; None if it does not."""
    with contextlib.suppress(OSError, struct.error):
        return _flow_of(sock)
    return None


if sys.platform == "linux":
    import fcntl
    import termios

    def _flow_of(sock: socket.socket) -> Flow | None:
        told = fcntl.ioctl(sock, termios.TIOCOUTQ, bytes(4))  # the number of SIOCOUTQ
        info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, BYTES_ACKED.size)
        return int(struct.unpack("i", told)[0]), int(BYTES_ACKED.unpack(info)[0])

elif sys.platform == "darwin":

    def _flow_of(sock: socket.socket) -> Flow | None:
        return sock.getsockopt(socket.SOL_SOCKET, SO_NWRITE), 0

else:

    def _flow_of(sock: socket.socket) -> Flow | None:
        return None
