"""A line as a fluid: its rate is shared by the PUTs under way, and each answer takes a while.

Connections never get equal shares of a line, so each PUT draws a weight; and between its last byte
and the storage's answer passes a gap in which it carries nothing. What is left out: round trips,
slow starts, queues. They make single connections slow, and there are several.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from bench.simulated.clock import Clock

SHARES = (0.6, 1.4)
GAP_S = 0.1
GAPS = (0.5, 1.5)
STOPPING_S = 0.005
LAST_BYTE = 0.5
"""What is less has left: rates and moments are floating point."""


@dataclass(slots=True)
class Flight:
    """One PUT; ``ended`` is called once, with whether the storage has the part."""

    share: float
    left: float
    ended: Callable[[bool], None]


class Line:
    """``sent``: bytes so far; ``began``: when the first of them left.

    The storage has a part, in ``stored``, once its last byte has left, whoever hears of it.
    """

    def __init__(self, clock: Clock, rng: Random, stored: set[int]) -> None:
        self._clock, self._rng, self._stored = clock, rng, stored
        self._rate = 0.0
        self._flights: dict[int, Flight] = {}
        self._answers: dict[int, Flight] = {}
        self._moved, self._at, self._token = 0.0, 0.0, 0
        self.sent, self.began = 0.0, float("inf")

    def carry(self, rate: float) -> None:
        """From now on so many bytes a second."""
        self._flow()
        self._rate = rate
        self._expect()

    def put(self, part: int, length: int, ended: Callable[[bool], None]) -> None:
        self._flow()
        self.began = min(self.began, self._clock.now)
        self._flights[part] = Flight(self._rng.uniform(*SHARES), float(length), ended)
        self._expect()

    def stop(self, part: int) -> None:
        self._flow()
        flight = self._flights.pop(part, None) or self._answers.pop(part, None)
        if flight:
            self._clock.after(STOPPING_S, lambda: flight.ended(False))
        self._expect()

    def cut(self) -> None:
        """Nobody is there any more."""
        self._flow()
        self._flights.clear()
        self._answers.clear()
        self._expect()

    def moved(self) -> int:
        """Bytes that have left since this was last asked."""
        self._flow()
        moved, self._moved = int(self._moved), self._moved % 1
        return moved

    def _flow(self) -> None:
        span, self._at = self._clock.now - self._at, self._clock.now
        if not span or not self._flights:
            return
        each = self._rate * span / sum(f.share for f in self._flights.values())
        for flight in self._flights.values():
            gone = min(flight.left, each * flight.share)
            flight.left -= gone
            self._moved += gone
            self.sent += gone

    def _expect(self) -> None:
        """The next PUT to have sent its last byte."""
        self._token += 1
        if not self._flights or not self._rate:
            return
        token, shares = self._token, sum(f.share for f in self._flights.values())
        soonest = min(f.left / f.share for f in self._flights.values()) * shares / self._rate
        self._clock.after(soonest, lambda: self._all_left() if token == self._token else None)

    def _all_left(self) -> None:
        self._flow()
        for part in [p for p, f in self._flights.items() if f.left < LAST_BYTE]:
            self._answers[part] = flight = self._flights.pop(part)
            self._stored.add(part)
            gap_s = GAP_S * self._rng.uniform(*GAPS)
            self._clock.after(gap_s, lambda part=part, flight=flight: self._answer(part, flight))  # type: ignore[misc]
        self._expect()

    def _answer(self, part: int, flight: Flight) -> None:
        if self._answers.get(part) is flight:
            del self._answers[part]
            flight.ended(True)
