"""When an answer that does not come is a line that hangs."""

import socket
from collections.abc import Iterator
from itertools import count, pairwise

import pytest

from manyhands.net import awaiting
from manyhands.net.awaiting import LONGEST, UNTOLD, Awaiting, unconfirmed_bytes

STALL_S = 15.0
Ends = tuple[socket.socket, socket.socket]


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ends]:
    monkeypatch.setattr(awaiting, "LOOK_S", 0.0)
    near, far = socket.socketpair()
    with near, far:
        yield near, far


class Clock:
    """One second later each time it is asked."""

    def __init__(self) -> None:
        self._seconds = count()
        self.now = 0

    def __call__(self) -> float:
        self.now = next(self._seconds)
        return self.now


def gives_up_after(waiting: Awaiting, clock: Clock, sock: socket.socket) -> int:
    before = clock.now
    with pytest.raises(TimeoutError):
        waiting.answer(sock)
    return clock.now - before


def test_an_answer_ends_the_waiting(ends: Ends) -> None:
    near, far = ends
    far.sendall(b"HTTP/1.1 200 OK\r\n")
    Awaiting(STALL_S, lambda _: 0).answer(near)


def test_a_connection_that_is_closed_ends_the_waiting(ends: Ends) -> None:
    near, far = ends
    far.close()
    Awaiting(STALL_S, lambda _: 0).answer(near)


def test_as_long_as_the_kernels_queue_shrinks_nothing_hangs(ends: Ends) -> None:
    near, far = ends
    queue = iter(range(1000, 0, -1))

    def unconfirmed(_: socket.socket) -> int:
        left = next(queue)
        if left == 1:
            far.sendall(b"HTTP/1.1 200 OK\r\n")
        return left

    clock = Clock()
    Awaiting(STALL_S, unconfirmed, clock).answer(near)
    assert clock.now > 10 * STALL_S


def test_a_queue_that_stands_still_is_a_line_that_hangs(ends: Ends) -> None:
    clock = Clock()
    waiting = Awaiting(STALL_S, lambda _: 4096, clock)
    assert gives_up_after(waiting, clock, ends[0]) == pytest.approx(STALL_S, abs=2)
    assert gives_up_after(waiting, clock, ends[0]) == pytest.approx(STALL_S, abs=2)


@pytest.mark.parametrize(("told", "first"), [(0, 1), (None, UNTOLD)])
def test_each_answer_that_does_not_come_makes_the_next_wait_longer(
    ends: Ends, told: int | None, first: int
) -> None:
    clock = Clock()
    waiting = Awaiting(STALL_S, lambda _: told, clock)
    waits = [gives_up_after(waiting, clock, ends[0]) for _ in range(6)]
    assert waits[0] == pytest.approx(STALL_S * first, abs=2)
    assert waits[1] == pytest.approx(2 * STALL_S * first, abs=3)
    assert waits[-1] == pytest.approx(LONGEST * STALL_S * first, abs=3)
    assert all(b >= a - 1 for a, b in pairwise(waits))


def test_the_kernel_tells_what_the_other_side_has_not_confirmed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        near = socket.create_connection(listener.getsockname())
        far, _ = listener.accept()
        with near, far:
            if unconfirmed_bytes(near) is None:
                pytest.skip("this system does not tell")
            near.setblocking(False)
            sent = 0
            with pytest.raises(BlockingIOError):
                while True:
                    sent += near.send(b"x" * 65536)
            before = unconfirmed_bytes(near)
            assert before is not None
            assert 0 < before <= sent
            received = 0
            far.settimeout(5)
            while received < sent:
                received += len(far.recv(2**20))
            deadline = 200
            while unconfirmed_bytes(near) and (deadline := deadline - 1):
                awaiting.readable(near, 0.01)
            assert unconfirmed_bytes(near) == 0
