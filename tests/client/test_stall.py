"""When a line hangs, and when it is only slow."""

import socket
from collections.abc import Callable
from itertools import count

import pytest

from manyhands.net.stall import LONGEST, UNTOLD, Flow, Stall, flow_of

STALL_S = 15.0
NO_SOCKET = socket.socket()
NO_SOCKET.close()


class Clock:
    """One second later each time it is asked, and as much later as a test wants."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


def of(flow: Callable[[], Flow | None]) -> tuple[Stall, Clock]:
    clock = Clock()
    return Stall(STALL_S, lambda _: flow(), clock), clock


def gives_up_after(stall: Stall, clock: Clock) -> float:
    stall.asked()
    before = clock.now
    with pytest.raises(TimeoutError):
        for _ in range(10_000):
            stall.check(NO_SOCKET)
    return clock.now - before


def test_as_long_as_something_is_confirmed_nothing_hangs() -> None:
    confirmed = count()
    stall, clock = of(lambda: (4096, next(confirmed)))
    stall.asked()
    for _ in range(100):
        stall.check(NO_SOCKET)
    assert clock.now > 6 * STALL_S


@pytest.mark.parametrize("flow", [(4096, 7), (1, 0)])
def test_a_queue_that_stands_still_is_a_line_that_hangs_however_often(flow: Flow) -> None:
    stall, clock = of(lambda: flow)
    waits = [gives_up_after(stall, clock) for _ in range(4)]
    assert waits == pytest.approx([STALL_S] * 4, abs=3)


@pytest.mark.parametrize(("flow", "first"), [((0, 9), 1), (None, UNTOLD)])
def test_each_answer_that_does_not_come_makes_the_next_wait_longer(
    flow: Flow | None, first: int
) -> None:
    stall, clock = of(lambda: flow)
    waits = [gives_up_after(stall, clock) for _ in range(6)]
    base = STALL_S * first
    assert waits == pytest.approx([base, 2 * base, 4 * base, *[LONGEST * base] * 3], abs=3)


def test_an_answer_that_came_makes_the_next_wait_as_long_as_was_needed() -> None:
    stall, clock = of(lambda: (0, 9))
    for _ in range(3):
        gives_up_after(stall, clock)
    stall.asked()
    clock.now += 40
    stall.answered()
    assert gives_up_after(stall, clock) == pytest.approx(60, abs=4)
    stall.asked()
    stall.answered()
    assert gives_up_after(stall, clock) == pytest.approx(STALL_S, abs=4)


def test_the_kernel_tells_what_the_other_side_has_confirmed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        near = socket.create_connection(listener.getsockname())
        far, _ = listener.accept()
        with near, far:
            first = flow_of(near)
            if first is None:
                pytest.skip("this system does not tell")
            near.setblocking(False)
            sent = 0
            with pytest.raises(BlockingIOError):
                while True:
                    sent += near.send(b"x" * 65536)
            full = flow_of(near)
            assert full is not None
            assert 0 < full[0] <= sent
            received = 0
            far.settimeout(5)
            while received < sent:
                received += len(far.recv(2**20))
            for _ in range(500):
                flow = flow_of(near)
                if flow and not flow[0]:
                    break
                far.settimeout(0.01)
                with pytest.raises(TimeoutError):
                    far.recv(1)
            assert flow is not None
            assert flow[0] == 0
            assert flow[1] >= first[1] + sent


def test_a_socket_that_is_none_of_tcp_tells_nothing() -> None:
    near, far = socket.socketpair()
    with near, far:
        assert flow_of(near) is None
