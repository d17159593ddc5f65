"""Many seeds, or one with its story; a failing one is made small and told."""

import gc
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.simulation.tape import Tape
from tests.simulation.world import World, played

SHRINKING = 1_500
"""How many shorter stories are tried at most."""


Fails = Callable[[bytes], bool]


class SeedFailed(AssertionError):
    """``text``: what broke, and the story as short as it could be made."""


@dataclass
class Figures:
    """What so many stories were made of. ``seconds`` of one core, not of the clock."""

    stories: int = 0
    steps: int = 0
    seconds: float = 0.0
    seen: Counter[str] = field(default_factory=Counter)
    parts: list[int] = field(default_factory=list)
    exchanges: list[int] = field(default_factory=list)
    faults: list[int] = field(default_factory=list)

    def add(self, world: World) -> None:
        self.stories += 1
        self.steps += world.steps
        self.seen += world.seen
        self.parts.append(world.parts)
        self.exchanges.append(sum(d.exchanges for d in world.devices))
        self.faults.append(sum(world.seen.values()))

    def __str__(self) -> str:
        spread = ", ".join(
            f"{what} {_spread(values)}"
            for what, values in (
                ("parts", self.parts),
                ("exchanges", self.exchanges),
                ("faults and acts", self.faults),
            )
        )
        rate = (
            f"{self.stories / self.seconds:.0f} stories/s, {self.steps / self.seconds:.0f} steps/s"
        )
        return f"{self.stories} stories in {self.seconds:.1f} s: {rate}; {spread}"


def _spread(values: list[int]) -> str:
    """Median, ninth decile and most."""
    ordered = sorted(values)
    return f"{ordered[len(ordered) // 2]}/{ordered[len(ordered) * 9 // 10]}/{ordered[-1]}"


def run(seeds: Iterable[int], seconds: float = float("inf")) -> Figures:
    """Raises SeedFailed with the first that fails, made small."""
    figures, began, busy = Figures(), time.perf_counter(), time.process_time()
    gc.disable()  # hardly a cycle outlives its story
    try:
        for count, seed in enumerate(seeds):
            if count % 256 == 0 and time.perf_counter() - began > seconds:
                break
            if count % 4096 == 0:
                gc.collect(0)
            world, failure = played(Tape(seed))
            if failure is not None:
                raise SeedFailed(report(seed, failure))
            figures.add(world)
            world.fall_apart()
    finally:
        gc.enable()
    figures.seconds = time.process_time() - busy
    return figures


def report(seed: int, failure: BaseException) -> str:
    tape = Tape(seed)
    played(tape)
    wanted = kind(failure)
    small = shrunk(tape.read, lambda choices: kind(played(Tape(given=choices))[1]) == wanted)
    told: list[str] = []
    _, last = played(Tape(given=small), told)
    story = "\n".join(told if len(told) < 200 else [*told[:60], "…", *told[-120:]])
    return f"seed {seed}: {failure!r}\n{len(small)} choices, {last!r}\n{story}"


def digest(seed: int) -> str:
    """Of the whole story: two runs of a seed must agree."""
    told: list[str] = []
    world, failure = played(Tape(seed), told)
    lines = [*told, str(world.steps), repr(failure), str(sorted(world.seen.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def kind(failure: BaseException | None) -> str:
    """Two failures of one kind are the same fault: the invariant's name, or the error's type."""
    return getattr(failure, "name", type(failure).__name__) if failure else ""


def shrunk(choices: bytes, still: Fails) -> bytes:
    """A shorter, smaller run of choices that is ``still`` what it should be."""
    left = SHRINKING

    def fails(candidate: bytes) -> bool:
        nonlocal left
        left -= 1
        return left >= 0 and still(candidate)

    choices = _cut_end(choices, fails)
    size = max(1, len(choices) // 2)
    while size and left > 0:
        choices = _without_chunks(choices, size, fails)
        size //= 2
    return _lowered(choices, fails)


def _cut_end(choices: bytes, fails: Fails) -> bytes:
    """Everything that was drawn and not needed. What is beyond the end is 0."""
    low, high = 0, len(choices)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fails(choices[:middle]) else (middle + 1, high)
    return choices[:high]


def _without_chunks(choices: bytes, size: int, fails: Fails) -> bytes:
    at = 0
    while at < len(choices):
        for smaller in (
            choices[:at] + choices[at + size :],
            choices[:at] + bytes(len(choices[at : at + size])) + choices[at + size :],
        ):
            if smaller != choices and fails(smaller):
                choices = smaller
                break
        else:
            at += size
            continue
        at += size if len(smaller) == len(choices) and not any(choices[at : at + size]) else 0
    return choices.rstrip(b"\0")


def _lowered(choices: bytes, fails: Fails) -> bytes:
    for at, value in enumerate(choices):
        for lower in (0, 1, value // 2):
            candidate = choices[:at] + bytes([lower]) + choices[at + 1 :]
            if lower < value and fails(candidate):
                choices = candidate
                break
    return choices
