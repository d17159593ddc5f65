"""Sleep and change of network, noticed."""

import socket

import pytest

from manyhands.net.presence import Presence, Towards


class World:
    """Clocks and an address, moved by hand."""

    def __init__(self) -> None:
        self.clock, self.wall, self.address = 100.0, 5000.0, "10.0.0.7"
        self.presence = Presence(lambda: self.address, lambda: self.clock, lambda: self.wall)

    def after(self, seconds: float, asleep: float = 0.0) -> bool:
        self.clock += seconds
        self.wall += seconds + asleep
        return self.presence.woke()


def test_ordinary_ticks_are_nothing() -> None:
    world = World()
    assert not any(world.after(0.25) for _ in range(100))


def test_a_sleep_is_noticed_once() -> None:
    world = World()
    assert world.after(0.25, asleep=60)
    assert not world.after(0.25)


def test_a_tick_that_lasts_minutes_is_a_sleep_too() -> None:
    assert World().after(120)


def test_another_address_is_another_network() -> None:
    world = World()
    world.address = "192.168.4.2"
    assert world.after(2.5)
    assert not world.after(2.5)


def test_no_network_is_no_change_and_the_same_one_again_neither() -> None:
    world = World()
    world.address = ""
    assert not world.after(2.5)
    world.address = "10.0.0.7"
    assert not world.after(2.5)


def test_back_in_another_network_is_a_change() -> None:
    world = World()
    world.address = ""
    assert not world.after(2.5)
    world.address = "10.9.9.9"
    assert world.after(2.5)


def test_the_way_to_this_machine_is_this_machine() -> None:
    assert Towards("127.0.0.1")() == "127.0.0.1"


def test_a_name_that_leads_nowhere_is_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    assert Towards("no-such-host.invalid")() == ""


def test_a_name_is_looked_up_once_and_nobody_waits_for_it_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    towards = Towards("localhost")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: pytest.fail("looked up again"))
    assert towards() in ("127.0.0.1", "::1")
