"""Noticing that the machine slept, or that its network is another one.

While a machine sleeps, the wall clock goes on and the other does not (or everything stands still
and a tick lasts minutes). When the network changes, the address changes from which the service
would be reached; asking for that sends nothing. In both cases connections are dead without knowing
it, and it is quicker to begin anew than to wait for each to notice.
"""

import contextlib
import socket
import time
from collections.abc import Callable
from typing import Any

SLEPT_S = 8.0
LOOK_EVERY_S = 2.0


class Presence:
    """``woke`` is asked at every tick; ``address`` gives this machine's, "" without a network."""

    def __init__(
        self,
        address: Callable[[], str],
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._address, self._clock, self._wall = address, clock, wall
        self._last_clock, self._last_wall = clock(), wall()
        self._looked_at, self._known = clock(), address()

    def woke(self) -> bool:
        """Whether connections from before are not to be trusted any more."""
        slept = self._slept()
        return self._moved() or slept

    def _slept(self) -> bool:
        clock, wall = self._clock(), self._wall()
        span = max(clock - self._last_clock, wall - self._last_wall)
        self._last_clock, self._last_wall = clock, wall
        return span > SLEPT_S

    def _moved(self) -> bool:
        if self._clock() - self._looked_at < LOOK_EVERY_S:
            return False
        self._looked_at = self._clock()
        former, found = self._known, self._address()
        self._known = found or former
        return bool(found and former and found != former)


class Towards:
    """This machine's address on the way to ``host``; "" if there is no way. Sends nothing.

    The name is looked up once, when it is made: without a network that can take long, and whoever
    asks then must not be kept waiting.
    """

    def __init__(self, host: str) -> None:
        self._targets: list[tuple[socket.AddressFamily, Any]] = []
        with contextlib.suppress(OSError):
            found = socket.getaddrinfo(host, 9, type=socket.SOCK_DGRAM)
            self._targets = [(family, target) for family, _, _, _, target in found]

    def __call__(self) -> str:
        return next(filter(None, (_own(*target) for target in self._targets)), "")


def _own(family: socket.AddressFamily, target: Any) -> str:
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect(target)
        return str(probe.getsockname()[0])
    return ""
