"""How long to wait for the storage's answer once everything was given to the kernel.

What the kernel has must still travel, on a slow line for a minute, and as long as that goes on
there is nothing wrong. So the kernel is asked, where it tells, how much the other side has not yet
confirmed: only a queue that no longer shrinks, or an answer that does not come although all has
arrived, is a line that hangs. A proxy on the way may take a whole part at once and pass it on
slowly, so each answer that was given up makes the next wait longer; else such a line would never
send anything.

Source: man 7 tcp, SIOCOUTQ; on macOS SO_NWRITE of man 2 getsockopt.
"""

import select
import socket
import ssl
import struct
import sys
import time
from collections.abc import Callable

LONGER = 2
LONGEST = 8
"""A wait grows up to so many times the first one."""
UNTOLD = 4
"""Where the kernel does not tell what is still on its way, wait so many times longer at once."""
LOOK_S = 0.25
SO_NWRITE = 0x1024


class Awaiting:
    """For one line. ``stall_s``: how long nothing may move."""

    def __init__(
        self,
        stall_s: float,
        unconfirmed: Callable[[socket.socket], int | None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stall_s, self._clock = stall_s, clock
        self._unconfirmed = unconfirmed or unconfirmed_bytes
        self._factor = 1

    def answer(self, sock: socket.socket) -> None:
        """Return when something can be read. Raises TimeoutError."""
        queued = self._unconfirmed(sock)
        since = self._clock()
        while not readable(sock, LOOK_S):
            before, queued = queued, self._unconfirmed(sock)
            if queued != before:
                since = self._clock()
            elif self._clock() - since >= self._patience_s(queued):
                self._factor = min(LONGEST, self._factor * LONGER)
                raise TimeoutError("no answer")

    def _patience_s(self, queued: int | None) -> float:
        if queued:
            return self._stall_s
        return self._stall_s * self._factor * (UNTOLD if queued is None else 1)


def readable(sock: socket.socket, wait_s: float) -> bool:
    """Whether there is something to read, or the other side has closed."""
    decrypted = sock.pending() if isinstance(sock, ssl.SSLSocket) else 0
    return bool(decrypted or select.select([sock], [], [], wait_s)[0])


if sys.platform == "linux":
    import fcntl
    import termios

    def unconfirmed_bytes(sock: socket.socket) -> int | None:
        """Bytes in the kernel that the other side has not confirmed; None if it does not tell."""
        told = fcntl.ioctl(sock, termios.TIOCOUTQ, b"\0\0\0\0")  # the number of SIOCOUTQ
        return int(struct.unpack("i", told)[0])

elif sys.platform == "darwin":

    def unconfirmed_bytes(sock: socket.socket) -> int | None:
        """Bytes in the kernel that the other side has not confirmed; None if it does not tell."""
        return sock.getsockopt(socket.SOL_SOCKET, SO_NWRITE)

else:

    def unconfirmed_bytes(sock: socket.socket) -> int | None:
        """Bytes in the kernel that the other side has not confirmed; None if it does not tell."""
        return None
