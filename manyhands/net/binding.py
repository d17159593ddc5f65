"""Which way out of this machine: ``--bind`` to an address of it, or to an interface.

An address makes connections come from there, and the system's routes do the rest. An interface is
stronger: the system is told to use it whatever the routes say, which is what a machine with two
lines to the internet mostly needs (Linux and macOS).
"""

import ipaddress
import socket
import sys
from dataclasses import dataclass

from urllib3.util.connection import create_connection

from manyhands.errors import BadBinding

SocketOption = tuple[int, int, int | bytes]
IP_BOUND_IF = 25  # macOS


@dataclass(frozen=True, slots=True)
class Binding:
    """``address`` of this machine, or ``interface``, or neither for the system's own choice."""

    address: str = ""
    interface: str = ""

    def __str__(self) -> str:
        return self.address or self.interface

    @property
    def source(self) -> tuple[str, int] | None:
        return (self.address, 0) if self.address else None

    @property
    def options(self) -> list[SocketOption]:
        """What is set on a socket before it connects."""
        if not self.interface:
            return []
        if sys.platform == "darwin":
            return [(socket.IPPROTO_IP, IP_BOUND_IF, socket.if_nametoindex(self.interface))]
        return [(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, self.interface.encode() + b"\0")]

    def connect(
        self, address: tuple[str, int], timeout: float | None = None, source: object = None
    ) -> socket.socket:
        """As ``socket.create_connection``. Raises OSError."""
        return create_connection(address, timeout, self.source, self.options)


ANY = Binding()


def binding_of(text: str) -> Binding:
    """From an IP address of this machine or an interface's name. Raises BadBinding."""
    try:
        return Binding(address=_own(str(ipaddress.ip_address(text))))
    except ValueError:
        pass
    names = [name for _, name in socket.if_nameindex()]
    if text not in names:
        raise BadBinding(
            f"«{text}» is no interface of this machine. There are: {', '.join(names)}."
        )
    if sys.platform != "darwin" and not hasattr(socket, "SO_BINDTODEVICE"):
        raise BadBinding(
            "This system binds to addresses only. Please give the interface's address."
        )
    return Binding(interface=text)


def _own(address: str) -> str:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
    except OSError as error:
        raise BadBinding(f"{address} is not an address of this machine.") from error
    return address
