"""Saying so when no answer comes for some seconds: whoever waits in silence thinks of a defect."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SLOW_S = 3.0


@contextmanager
def told(tell: Callable[[], None]) -> Iterator[None]:
    """``tell`` is called once, from another thread, if what is within lasts longer."""
    timer = threading.Timer(SLOW_S, tell)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
