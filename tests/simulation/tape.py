"""The tape: every choice of a simulated story, one byte each.

A seed makes an endless tape, and everything that could go one way or another reads the next byte
of it. So a seed tells a story exactly, and a story is a short run of bytes that can be made
shorter and smaller. 0 is always the ordinary course: no fault, no delay, the first of several.
What is beyond the end of a tape that was given is 0.

Refused: a generator with floats and ranges. A choice from a table of 256 entries is one index, and
the speed of the simulation is worth more than probabilities finer than that.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, repeat
from random import Random
from typing import TypeVar

T = TypeVar("T")

CHUNK = 512


class Tape:
    """``byte`` is the next choice; ``read`` is all that was read so far, and a little more."""

    def __init__(self, seed: int = 0, given: bytes | None = None) -> None:
        self._chunks: list[bytes] = [] if given is None else [given]
        endless = self._drawn(seed) if given is None else chain((given,), repeat(b"\0" * CHUNK))
        self.byte: Callable[[], int] = chain.from_iterable(endless).__next__

    def _drawn(self, seed: int) -> Iterator[bytes]:
        draw = Random(seed).randbytes
        while True:
            self._chunks.append(draw(CHUNK))
            yield self._chunks[-1]

    @property
    def read(self) -> bytes:
        return b"".join(self._chunks)

    def one_of(self, several: Sequence[T]) -> T:
        return several[self.byte() % len(several)]


class Dice:
    """The little of ``random.Random`` that engines use, from the tape."""

    def __init__(self, byte: Callable[[], int]) -> None:
        self._byte = byte

    def uniform(self, least: float, most: float) -> float:
        return least + (most - least) * self._byte() / 255


def table(default: T, **shares: tuple[int, T]) -> tuple[T, ...]:
    """256 entries for one byte: each of ``shares`` so many of them, the rest ``default``."""
    rare = [entry for count, entry in shares.values() for _ in range(count)]
    assert len(rare) < 256, "the ordinary course must stay possible"
    return (*[default] * (256 - len(rare)), *rare)
