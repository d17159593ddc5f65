"""Looking at an upload again and again, until it is over or somebody has seen enough.

The first look fails like any call. Later ones do not: a watcher that gives up when the network is
away for a moment is none, so what was known stays on the screen, with the time since. Each of them
is one try with a short wait, because the next comes anyway. Ctrl-C ends the watching at once, also
in the middle of a call; nothing is held, so nothing is to be given back.
"""

import contextlib
import signal
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import NoReturn

import typer

from manyhands.board.look import Look
from manyhands.board.statuses import ended_well, is_over, look_again_s
from manyhands.errors import NotUnderstood, Refused, Unreachable
from manyhands.net.api import Api, Patience

ONCE = Patience(tries=1, timeout_s=10.0)


def first(api: Api, id: str) -> Look:
    reply = api.upload(id)
    return Look(reply, api.now_ms())


def looks(
    api: Api,
    id: str,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Look]:
    """One look after another; the last is of an upload that is over."""
    look, heard_at = first(api, id), clock()
    yield look
    while not is_over(look.upload.status):
        sleep(look_again_s(look.upload.status))
        found = _another(api, id)
        heard_at = clock() if found else heard_at
        look = found or look.later(clock() - heard_at)
        yield look


def follow(looks: Iterator[Look], show: Callable[[Look], None]) -> int:
    """Shows each look; answers the exit code: 0 if the upload ended well, else 1."""
    status = ""
    for look in looks:
        show(look)
        status = look.upload.status
    return 0 if ended_well(status) else 1


@contextlib.contextmanager
def leaving() -> Iterator[None]:
    """Ctrl-C and SIGTERM leave at once, with 130 and 143, and the terminal as it was."""

    def leave(number: int, _: FrameType | None) -> NoReturn:
        raise typer.Exit(128 + number)

    former = {n: signal.signal(n, leave) for n in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _another(api: Api, id: str) -> Look | None:
    """None if there was no answer this time. Raises what another try does not mend."""
    try:
        reply = api.upload(id, ONCE)
    except (Unreachable, NotUnderstood):
        return None
    except Refused as error:
        if error.retryable:
            return None
        raise
    return Look(reply, api.now_ms())
