"""Ways out of this machine."""

import socket
import threading

import pytest

from manyhands.errors import BadBinding
from manyhands.net.binding import ANY, Binding, binding_of
from manyhands.net.line import Line
from manyhands.net.transport import PoolTransport
from tests.client.fake_service import FakeService


def test_an_address_of_this_machine_and_an_interface_are_known() -> None:
    assert binding_of("127.0.0.1") == Binding(address="127.0.0.1")
    name = socket.if_nameindex()[0][1]
    assert binding_of(name) == Binding(interface=name)


@pytest.mark.parametrize("bad", ["192.0.2.1", "wlan77", "", "127.0.0.1:80", "2001:db8::1"])
def test_what_this_machine_has_not_is_said(bad: str) -> None:
    with pytest.raises(BadBinding):
        binding_of(bad)


@pytest.mark.parametrize(
    ("binding", "source"),
    [(ANY, "127.0.0.1"), (Binding(address="127.0.0.3"), "127.0.0.3")],
)
def test_connections_come_from_where_they_are_bound_to(binding: Binding, source: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        seen: list[str] = []

        def serve() -> None:
            for _ in range(2):
                connection, peer = server.accept()
                with connection:
                    seen.append(peer[0])
                    connection.recv(65536)
                    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        PoolTransport(binding).send("GET", url, headers={}, body=None, timeout_s=5)
        line = Line(binding=binding)
        assert line.put(url, {}, 0, []).status == 200
        line.close()
        thread.join(5)
    assert seen == [source, source]


def test_an_interface_carries_connections(service: FakeService) -> None:
    loopback = next(name for _, name in socket.if_nameindex() if name.startswith("lo"))
    answer = PoolTransport(Binding(interface=loopback)).send(
        "GET", f"{service.url}/config.json", headers={}, body=None, timeout_s=5
    )
    assert answer.status == 200
