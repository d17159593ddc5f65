"""The whole system in a process of its own, wherever in the network whoever starts it is."""

import contextlib
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from local.stack import Options, Stack


@contextmanager
def serving(options: Options) -> Iterator[str]:
    """The page's address."""
    processes = multiprocessing.get_context("spawn")
    here, there = processes.Pipe()
    child = processes.Process(target=_serve, args=(options, there), daemon=True)
    child.start()
    there.close()  # so that the end of the child is heard
    try:
        yield str(here.recv())
    finally:
        here.close()
        child.join(20)


def _serve(options: Options, parent: Connection) -> None:
    with Stack(options) as stack:
        parent.send(stack.url)
        with contextlib.suppress(EOFError):
            parent.recv()
