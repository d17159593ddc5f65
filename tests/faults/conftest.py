"""The whole system in a process of its own, a proxy before its API and one before its storage."""

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.stack import Options
from tests.calls import Caller
from tests.faults.proxy import HOST, Proxy
from tests.stacks import serving
from tests.system.terminal import Terminal


@dataclass(frozen=True)
class Behind:
    """Where the proxies are; ``api`` carries the page too."""

    api: Proxy
    storage: Proxy

    @property
    def url(self) -> str:
        return self.api.url


@pytest.fixture(scope="session")
def running() -> Iterator[Behind]:
    ports = _free_ports(2)
    with Proxy(ports[0]) as api, Proxy(ports[1]) as storage:
        options = Options(
            port=ports[0],
            storage_port=ports[1],
            page_url=api.url,
            storage_url=storage.url,
            sweep_every_s=2,
        )
        with serving(options):
            yield Behind(api, storage)


def _free_ports(count: int) -> list[int]:
    probes = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def puts(proxy: Proxy) -> int:
    """How many parts were sent, or begun."""
    return sum(1 for method, target in proxy.requests if method == "PUT" and "partNumber" in target)


@pytest.fixture
def behind(running: Behind) -> Iterator[Behind]:
    yield running
    running.api.clear()
    running.storage.clear()


@pytest.fixture
def ana(behind: Behind) -> Caller:
    return Caller.signed_in(behind.url, "ana")


@pytest.fixture(scope="session")
def seat(running: Behind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """Signed in once for all tests."""
    sitting = Terminal(running.url, "ana", tmp_path_factory.mktemp("home"))
    yield sitting
    sitting.close()


@pytest.fixture
def terminal(behind: Behind, seat: Terminal) -> Terminal:
    return seat


@pytest.fixture
def a_file(tmp_path: Path) -> Callable[[float], Path]:
    """Makes files of so many parts."""

    def make(parts: float) -> Path:
        path = tmp_path / "film.mov"
        path.write_bytes(os.urandom(int(parts * 5 * 2**20)))
        return path

    return make
