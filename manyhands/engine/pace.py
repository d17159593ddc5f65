"""How many tickets this client wants, how early it asks for more, and when it stops believing.

Tickets are wanted by time, not by number: as many as keep the client busy for ``busy_s`` at its
measured speed, and at least two, so that one part's answer is not waited for with an idle line.
More are asked for when those not yet begun last less than ``spare_s``, which is several round
trips, so that no connection waits, and only if that is half of what it would hold, so that one call
moves many tickets. What is sent is reported when the board asks for it, and after ``report_s`` at
the latest, even if nothing is wanted: if the machine dies, others send again what it had not
reported, and meanwhile they see how far it is.

A client uses no more connections than half of the tickets that it would hold. A slow line that
sends four parts side by side finishes all of them late; two are enough to fill it, and the board's
expectation of when each part ends, on which rescue is built, stays right. Where single connections
are what is slow, the rate grows with the second one, and with the rate the number of connections.
"""

import math
from dataclasses import dataclass, field

from manyhands.engine.backoff import Backoff
from manyhands.engine.reach import TROUBLE_S


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be tuned; seconds where the name ends so.

    ``connections``: the most parts under way; ``first``: how many to begin with (see ``lanes``);
    ``fewest``: as many as that even on a slow line;
    ``first_look_s``, ``look_s``: how soon to look whether the parts are joined, and how seldom at
    last; ``tries``: failures in a row after which a ticket is given back; ``refusals``: answers of
    the storage that are errors, in a row and over all parts, after which the client gives up;
    ``patience_s``: how long it goes on without any success; ``trouble_s``: see ``reach``.
    """

    connections: int = 16
    first: int = 4
    fewest: int = 2
    busy_s: float = 12.0
    spare_s: float = 1.0
    report_s: float = 8.0
    heartbeat_s: float = 20.0
    soonest_s: float = 0.2
    first_look_s: float = 0.1
    look_s: float = 2.0
    tries: int = 4
    refusals: int = 24
    patience_s: float = 900.0
    trouble_s: float = TROUBLE_S
    backoff: Backoff = field(default_factory=Backoff)

    def hold(self, rate: int, part_size: int, max_held: int) -> int:
        """How many tickets to hold at this rate."""
        fewest = min(self.fewest, self.connections)
        return min(max_held, max(fewest, math.ceil(rate * self.busy_s / part_size)))

    def widest(self, hold: int) -> int:
        """How many connections to use at most for so many tickets."""
        return max(min(self.fewest, self.connections), hold // 2)

    def spare(self, rate: int, part_size: int, hold: int) -> int:
        """How many tickets not yet begun are enough not to ask for more."""
        return max(1, min(math.ceil(rate * self.spare_s / part_size), hold // 2))


SOON_S = 3.0
USUAL_PART = 5 * 1024 * 1024


def enough_for(limit: int) -> int:
    """Connections for a limit in bytes a second: so few that each part ends soon. 0 for no limit.

    A slow line that sends many parts side by side ends all of them late, and if it is stopped
    before, none of them counts.
    """
    return min(16, math.ceil(limit * SOON_S / USUAL_PART))


class Trouble:
    """Failures in a row of one kind of call."""

    def __init__(self) -> None:
        self.failures = 0
        self._since = 0.0

    def failed(self, now: float) -> None:
        self._since = self._since if self.failures else now
        self.failures += 1

    def over(self) -> None:
        self.failures = 0

    def lasts_s(self, now: float) -> float:
        return now - self._since if self.failures else 0.0
