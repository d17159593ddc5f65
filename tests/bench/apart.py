"""Running something in a process of its own: clients and settings belong to a process."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def apart(do: Callable[..., T], *arguments: object) -> T:
    """What it returns; what it raises is raised here."""
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawning) as pool:
        return pool.submit(do, *arguments).result()
