"""Networks on one machine: a service at the hub, and devices behind lines of their own.

    hub namespace ── bridge ──┬── line "laptop" ── namespace of the laptop
    10.77.0.1                 └── line "phone"  ── namespace of the phone

Everything is in namespaces that are made here and removed again; this machine's own network is
not touched. A process or thread that is started ``inside`` one has its view of the network, so
real clients meet real cables: a line can be slow, be cut and come back, or change its address.

Refused: shaping in a proxy of ours. A proxy answers for the far end, so a connection through a cut
line would be reset instead of hanging, which is the harder case. Needs root and Linux; ``ip`` and
``tc`` are Debian's iproute2. Source: man 8 ip-netns, man 8 tc-tbf, man 2 setns.
"""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count, cycle
from pathlib import Path
from types import TracebackType
from typing import Self

HUB = "10.77.0.1"
NAMESPACES = Path("/run/netns")
CLONE_NEWNET = 0x40000000
APART = 50
"""So far apart are the addresses of one line: at least five each, for as many lines."""

LATENCY_MS = 50
"""How long a packet may wait in a shaped line's queue before it is dropped."""


class NetworkRefused(Exception):
    """This machine makes no namespaces: not Linux, not root, or without iproute2."""


class Network:
    """A context manager; ``inside()`` the hub, a service may listen at ``HUB``."""

    _made = count(1)

    def __init__(self) -> None:
        self._prefix = f"mh{os.getpid()}n{next(self._made)}"
        self._lines: list[Line] = []
        self._all = ExitStack()
        self._hub = f"{self._prefix}hub"

    def __enter__(self) -> Self:
        if shutil.which("ip") is None:
            raise NetworkRefused("There is no ip command; apt-get install iproute2.")
        with ExitStack() as made:
            try:
                made.enter_context(_namespace(self._hub))
            except subprocess.CalledProcessError as error:
                raise NetworkRefused(error.stderr.decode().strip()) from error
            within(self._hub, "ip link set lo up")
            within(self._hub, "ip link add bridge type bridge")
            within(self._hub, f"ip address add {HUB}/24 dev bridge")
            within(self._hub, "ip link set bridge up")
            self._all = made.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._all.close()

    def line(self, megabits: float | None = None) -> "Line":
        """A device's own namespace and its line to the hub; ``None`` is as fast as the machine."""
        number = len(self._lines) + 2
        name = self._all.enter_context(_namespace(f"{self._prefix}l{number}"))
        line = Line(name, self._hub, number)
        self._lines.append(line)
        if megabits is not None:
            line.shape(megabits)
        return line

    @contextmanager
    def inside(self) -> Iterator[None]:
        """This thread, and whatever it starts, is in the hub."""
        with _inside(self._hub):
            yield


class Line:
    """``name``: the device's namespace. The cable has one end there, the other in the hub.

    ``number``: from 2 to ``APART`` + 1, other than any line's of the same hub.
    """

    def __init__(self, name: str, hub: str, number: int) -> None:
        self.name, self._hub, self._far = name, hub, f"far{number}"
        self._addresses = cycle(range(number, 255, APART))
        self.address = ""
        within(hub, f"ip link add {self._far} type veth peer name near netns {name}")
        within(hub, f"ip link set {self._far} master bridge up")
        within(name, "ip link set lo up")
        within(name, "ip link set near up")
        self.readdress()

    @contextmanager
    def inside(self) -> Iterator[None]:
        """This thread, and whatever it starts, is at the device."""
        with _inside(self.name):
            yield

    def command(self, *arguments: str) -> list[str]:
        """The command line that runs this command at the device."""
        return ["ip", "netns", "exec", self.name, *arguments]

    def shape(self, megabits: float) -> None:
        """At this speed from now on, in both directions; 1 megabit is 10^6 bits a second."""
        rule = f"root tbf rate {int(megabits * 1000)}kbit burst 32kb latency {LATENCY_MS}ms"
        within(self.name, f"tc qdisc replace dev near {rule}")
        within(self._hub, f"tc qdisc replace dev {self._far} {rule}")

    def cut(self) -> None:
        """Somewhere beyond the device's own socket: its end stays up, and nothing arrives."""
        within(self._hub, f"ip link set {self._far} nomaster")

    def mend(self) -> None:
        within(self._hub, f"ip link set {self._far} master bridge")

    def unplug(self) -> None:
        """The device sees it: its link is down."""
        within(self._hub, f"ip link set {self._far} down")

    def plug(self) -> None:
        within(self._hub, f"ip link set {self._far} up")

    def readdress(self) -> None:
        """Another address, as after a change of network; connections of the former one hang."""
        within(self.name, "ip address flush dev near")
        self.address = f"10.77.0.{next(self._addresses)}"
        within(self.name, f"ip address add {self.address}/24 dev near")


@contextmanager
def _namespace(name: str) -> Iterator[str]:
    _ip("netns", "add", name)
    try:
        yield name
    finally:
        _ip("netns", "delete", name)


def within(namespace: str, command: str) -> None:
    """Run a command of iproute2 in a namespace; raises CalledProcessError."""
    _ip("netns", "exec", namespace, *command.split())


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


@contextmanager
def _inside(namespace: str) -> Iterator[None]:
    with Path("/proc/thread-self/ns/net").open() as before:
        _enter(NAMESPACES / namespace)
        try:
            yield
        finally:
            _set(before.fileno())


def _enter(namespace: Path) -> None:
    with namespace.open() as file:
        _set(file.fileno())


def _set(descriptor: int) -> None:
    if ctypes.CDLL(None, use_errno=True).setns(descriptor, CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
