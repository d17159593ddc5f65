"""What an upload engine promises, held against each of its decisions.

It remembers what every part is to the engine by what was said alone: what it was given and still
has, what is under way, what it owes the board.
"""

import math

from tests.machines.drivers import CONNECTIONS, MAX_HELD, PATIENCE_S, REFUSALS, Driver, Value


class Promises:
    """``hand``: tickets that were given and are the engine's still, with their end.

    ``puts``: what is under way, False once its ticket was revoked since it began; ``stopping``: of
    these, what it was told to stop; ``owed``: what the storage has and the next exchange must say.
    """

    driver: Driver

    def remember(self, seq: int) -> None:
        """Nothing has happened yet; the last exchange of an earlier run was ``seq``."""
        self.now, self.seq, self.wake_at = 0.0, seq, 0.0
        self.asked: Value | None = None
        self.hand: dict[int, tuple[str, float]] = {}
        self.puts: dict[int, bool] = {}
        self.stopping: set[int] = set()
        self.stored: set[int] = set()
        self.owed: set[int] = set()
        self.status = "initialized"
        self.looking = self.resting = self.heard = False
        self.holds: set[str] = set()
        self.over = ""
        self.refusals = self.own_refusals = self.failures = 0
        self.expired: set[str] = set()
        self.looks = 0
        self.trouble = {"board": math.inf, "storage": math.inf}

    def tell(self, *happenings: Value) -> None:
        if self.over == "left":
            return
        ended = bool(self.over)
        said = self.driver.tell(list(happenings), self.now)
        assert not (ended and said.decisions), "after the end nothing is ordered"
        for decision in said.decisions:
            assert not self.over, "the end is the last that is said"
            getattr(self, f"on_{decision['kind']}")(decision)
        self.wake_at = said.wake_at
        assert said.seq == self.seq
        if self.over:
            assert said.wake_at == math.inf
            assert self.puts.keys() == self.stopping, "what is under way is stopped at the end"
            return
        assert self.own_refusals < REFUSALS, "it gives up in bounded tries"
        assert self.owed <= {*said.unreported} <= self.stored
        assert said.wake_at > self.now, "a moment that has passed is no moment to wait for"
        waits = self.asked or self.looking or self.puts or self.holds
        assert waits or said.wake_at < math.inf, "nothing would ever happen again"

    def on_start_put(self, decision: Value) -> None:
        ticket = decision["ticket"]
        part, (url, good_until) = ticket["part"], self.hand.get(ticket["part"], ("", 0.0))
        assert url == ticket["url"], "only a ticket in the hand, by its latest URL"
        assert self.now < good_until, "not by a URL that has lapsed"
        assert url not in self.expired, "not by a URL that the storage no longer takes"
        assert part not in self.puts, "once at a time"
        assert part not in self.owed, "what the storage has is not sent again"
        assert not self.resting
        assert "offline" not in self.holds
        self.puts[part] = True
        assert len(self.puts) <= CONNECTIONS

    def on_stop_put(self, decision: Value) -> None:
        assert decision["part"] in self.puts
        self.stopping.add(decision["part"])

    def on_exchange(self, decision: Value) -> None:
        request = decision["request"]
        assert self.asked is None, "one exchange under way at a time"
        assert not self.holds
        self._check_request(request)
        if self.resting:
            assert request["want"] == 0
        self.asked = request
        self.hand = {
            p: t for p, t in self.hand.items() if p in request["holding"] or p in self.owed
        }

    def _check_request(self, request: Value) -> None:
        holding, done = request["holding"], request["done"]
        assert request["seq"] > self.seq
        self.seq = request["seq"]
        assert len({*holding}) == len(holding) <= MAX_HELD
        assert len({*done}) == len(done)
        assert not {*holding} & {*done}
        assert 0 <= request["want"] <= MAX_HELD - len(holding)
        assert self.owed <= {*done} <= self.stored, "all that was sent, and only that"
        for part in holding:
            assert part in self.hand, "it holds only what it was given"
            assert part in self.puts or self.hand[part][1] > self.now
        assert {p for p, own in self.puts.items() if own} <= {*holding}, "what is under way is held"

    def on_look(self, decision: Value) -> None:
        assert self.driver.traits.looks
        assert self.status == "assembling"
        assert not self.looking
        self.looking = True

    def on_turned(self, decision: Value) -> None:
        assert decision["status"] != self.status
        self.status = decision["status"]
        if self.status == "paused" and self.driver.traits.pause_is_rest:
            self.resting = True
        if self.status in ("assembling", "complete", "cancelled", "expired", "failed"):
            self._drop_all()

    def on_retry(self, decision: Value) -> None:
        assert decision["wait_s"] >= 0

    def on_end(self, decision: Value) -> None:
        assert decision["status"] == self.status
        ends = {"complete", "cancelled", "expired", "failed"}
        assert self.status in (ends if self.driver.traits.looks else {*ends, "assembling"})
        self.over = "end"

    def on_give_up(self, decision: Value) -> None:
        lasts_s = self.now - min(self.trouble.values())
        impatient = self.driver.traits.loses_patience and lasts_s > PATIENCE_S
        assert self.refusals >= REFUSALS or impatient, "not without trying"
        self.over = "give_up"

    def on_rested(self, decision: Value) -> None:
        assert self.resting
        assert not self.puts
        assert not self.owed or self.failures, "all is reported, unless the board is out of reach"
        self.over = "rested"

    def _drop_all(self) -> None:
        self.hand, self.owed = {}, set()
        self.puts = dict.fromkeys(self.puts, False)
