"""The one URL that all lanes fetch from: asked for once, renewed once for all.

    NONE ── ask ──► ASKED ── signed ──► GOOD ── refused, or about to expire ──► NONE

Every URL has a number, and each GET remembers by which it began; so when a URL expires under eight
lanes, the first 403 drops it and the other seven say nothing new. A URL that was refused before it
gave a single part counts as a refusal in a row, and those end the download after a few.
"""

import math
from random import Random

from manyhands.download.rules import Rules


class Link:
    def __init__(self, rules: Rules, rng: Random) -> None:
        self._rules, self._rng = rules, rng
        self._url = ""
        self._good_until = -math.inf
        self._asked = False
        self._failures = 0
        self._next_at = -math.inf
        self.number = 0
        self.refusals = 0

    def url(self, now: float) -> str:
        """The URL to begin a GET with, "" if there is none that is good."""
        return self._url if now < self._good_until else ""

    def ask(self, now: float) -> bool:
        """Whether to ask for a fresh one now; True only once until that is answered."""
        if self._asked or now < self._next_at:
            return False
        self._asked = True
        return True

    def wake_at(self) -> float:
        """When to ask, if it is needed."""
        return math.inf if self._asked else self._next_at

    def signed(self, url: str, expires_s: float, now: float) -> None:
        self._asked, self._failures = False, 0
        self._url, self.number = url, self.number + 1
        ahead_s = min(self._rules.renew_s, expires_s / 2)
        self._good_until = now + max(1.0, expires_s - ahead_s)

    def failed(self, now: float, at_least_s: float) -> float:
        """There was none; returns the seconds until the next try."""
        self._asked, self._failures = False, self._failures + 1
        return self._wait(self._failures, now, at_least_s)

    def proved(self, number: int) -> None:
        """The URL of this number gave a part."""
        if number == self.number:
            self.refusals = 0

    def refused(self, number: int, now: float) -> bool:
        """Drop the URL of this number; False if it was dropped before."""
        if number != self.number or not self._url:
            return False
        self.drop()
        self.refusals += 1
        if self.refusals > 1:
            self._wait(self.refusals - 1, now)
        return True

    def drop(self) -> None:
        self._url, self._good_until = "", -math.inf

    def hurry(self, now: float) -> None:
        """No wait any more, and a URL from before counts as old."""
        self.drop()
        self._next_at = min(self._next_at, now)

    def _wait(self, failures: int, now: float, at_least_s: float = 0.0) -> float:
        wait_s = self._rules.backoff.wait_s(failures, self._rng, at_least_s)
        self._next_at = now + wait_s
        return wait_s
