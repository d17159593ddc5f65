"""Ctrl-C and SIGTERM: the first asks the run to end well, a second Ctrl-C ends it at once."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from types import FrameType


@contextlib.contextmanager
def stopping(stop: Callable[[int], None], abandon: Callable[[], None]) -> Iterator[None]:
    """Signals go to ``stop``; ``abandon`` tidies the terminal before an end at once."""
    asked: list[int] = []

    def on_signal(number: int, _: FrameType | None) -> None:
        if asked and number == signal.SIGINT:
            abandon()
            os._exit(128 + number)
        asked.append(number)
        stop(number)

    former = {n: signal.signal(n, on_signal) for n in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
