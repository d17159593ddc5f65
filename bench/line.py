"""What the benchmark needs of a line, and the line that is one through the shaping proxy.

``tools.network.Line`` is the other: a namespace with a cable.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from bench.servers import Served


class Line(Protocol):
    """``address``: what connections of this device come from, if they are bound to it."""

    @property
    def address(self) -> str: ...

    def shape(self, megabits: float) -> None:
        """At this speed from now on, in both directions."""
        ...

    def command(self, *arguments: str) -> list[str]:
        """The command line that runs this command at the device."""
        ...

    def inside(self) -> AbstractContextManager[None]:
        """This thread, and whatever it starts, is at the device."""
        ...


class ShapedLine:
    """All devices are this machine; ``proxy`` (``bench.shaped``) tells them by their addresses."""

    def __init__(self, address: str, proxy: Served) -> None:
        self.address, self._proxy = address, proxy

    def shape(self, megabits: float) -> None:
        self._proxy.ask(f"{self.address} {megabits}")

    def command(self, *arguments: str) -> list[str]:
        return list(arguments)

    def inside(self) -> AbstractContextManager[None]:
        return nullcontext()
