"""What can go wrong with one request on its way, as values; ``proxy`` makes them happen.

The words are toxiproxy's where it has one. Each says what the client meets, and whether the far
end heard of the request at all: a dropped answer is a request that had its effect.
"""

from dataclasses import dataclass, field
from enum import Enum


class End(Enum):
    """How a connection ends, or does not."""

    RESET = "reset"
    CLOSE = "close"
    HALF_CLOSE = "half-close"
    BLACK_HOLE = "black hole"


@dataclass(frozen=True, slots=True)
class Answer:
    """The far end never hears of it; this is answered in its place, once the body was read."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CutRequest:
    """After so many bytes of the request's body the line ends; what was passed on is incomplete."""

    end: End
    after: int = 0


@dataclass(frozen=True, slots=True)
class CutAnswer:
    """The request has its effect; of the answer's body only so many bytes arrive, or not even its
    head if ``after`` is None."""

    end: End
    after: int | None = None


@dataclass(frozen=True, slots=True)
class SlowFirstByte:
    """The answer comes so many seconds late."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Rate:
    """Both bodies go at this many bytes a second."""

    bytes_per_s: float


@dataclass(frozen=True, slots=True)
class Flip:
    """One bit of the request's body, or of the answer's, arrives wrong."""

    answer: bool = False


Fault = Answer | CutRequest | CutAnswer | SlowFirstByte | Rate | Flip


@dataclass(slots=True)
class Plan:
    """``fault`` for the next ``times`` requests of this method whose target contains ``target``,
    after ``skip`` such requests were let through. ``met``: their targets so far."""

    fault: Fault
    method: str = ""
    target: str = ""
    times: int = 1
    skip: int = 0
    met: list[str] = field(default_factory=list)

    def takes(self, method: str, target: str) -> bool:
        if not method.startswith(self.method) or self.target not in target:
            return False
        if self.skip:
            self.skip -= 1
            return False
        if len(self.met) >= self.times:
            return False
        self.met.append(target)
        return True
