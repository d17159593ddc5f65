"""Board, storage and clock of one upload engine, played by Hypothesis.

The board is the protocol in its fewest words, for one client, and free in all that the protocol
leaves free: how many tickets it gives, what it revokes. What must always hold is in ``promises``.
"""

import math
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.machines.drivers import MAX_HELD, PART_SIZE, Value, refused
from tests.machines.promises import Promises
from tests.machines.small_board import NotTaken, SmallBoard

REFUSED = [
    *("bad_json", "invalid_request", "part_out_of_range", "too_many_held", "body_too_large"),
    *("token_missing", "token_invalid", "token_expired", "not_in_group", "struck_out"),
    *("no_such_upload", "wrong_status", "stale_exchange", "client_taken", "ticket_not_taken"),
    *("board_full", "board_busy", "storage_unavailable", "identity_unavailable", "internal"),
]
BOUND = 500
FAILS_AFTER_S = 5.0


class UploadWorld(Promises, RuleBasedStateMachine):
    @initialize(
        parts=st.integers(1, 10),
        unknown=st.integers(0, 9),
        seed=st.integers(0, 2**31),
        seq=st.sampled_from([0, 0, 41]),
        hostile=st.sampled_from(["", "", "", "refused", "expired", "line"]),
    )
    def begin(self, parts: int, unknown: int, seed: int, seq: int, hostile: str) -> None:
        patient = hostile == "line" and not self.driver.traits.loses_patience
        self.hostile = "" if patient else hostile
        self.board = SmallBoard(parts, max(1, parts - unknown))
        self.remember(seq)
        self.driver.begin(seed, seq)
        self.tell()

    @rule(
        grant=st.sampled_from([0, 1, 3, MAX_HELD, MAX_HELD]),
        revoke=st.sampled_from([0, 0, 1, MAX_HELD]),
        expires_s=st.sampled_from([900.0, 900.0, 30.0, 1.0]),
    )
    @precondition(lambda self: self.asked)
    def board_answers(self, grant: int, revoke: int, expires_s: float) -> None:
        asked = self._ask_no_more()
        try:
            reply = self.board.exchange(asked, grant, {*asked["holding"][:revoke]}, expires_s)
        except NotTaken as refusal:
            return self._disown(refusal.parts)
        self._hear(asked, reply)
        self.tell({"kind": "answered", "reply": reply})
        return None

    def _hear(self, asked: Value, reply: Value) -> None:
        self._talks()
        self.owed -= {*asked["done"]}
        self._forget({*asked["done"], *reply["revoked"]})
        for part in self.puts.keys() & {*reply["revoked"]}:
            self.puts[part] = False
        working = reply["status"] in ("initialized", "active")
        if working and not self.resting:
            for ticket in reply["tickets"]:
                self.hand[ticket["part"]] = (ticket["url"], self.now + ticket["expires_s"])

    def _forget(self, parts: set[int]) -> None:
        self.owed -= parts
        self.hand = {p: t for p, t in self.hand.items() if p not in parts}

    @rule(grant=st.integers(0, 4), revoke=st.sampled_from([0, 0, 1, MAX_HELD]))
    @precondition(lambda self: self.asked)
    def answer_is_lost(self, grant: int, revoke: int) -> None:
        asked = self._ask_no_more()
        try:
            self.board.exchange(asked, grant, {*asked["holding"][:revoke]}, 900.0)
        except NotTaken as refusal:
            return self._disown(refusal.parts)
        self._fail(0.0)
        return None

    @rule(code=st.sampled_from(REFUSED))
    @precondition(lambda self: self.asked)
    def board_refuses(self, code: str) -> None:
        """Some of them end the run: then it takes its leave."""
        asked = self._ask_no_more()
        happening = refused(code, asked["done"][:1])
        if happening is None:
            return self.leaves()
        if happening["kind"] == "disowned":
            return self._disown(happening["parts"])
        return self._fail(happening["atLeastS"])

    @rule(at_least_s=st.sampled_from([0.0, 5.0, 60.0]))
    @precondition(lambda self: self.asked)
    def board_is_out_of_reach(self, at_least_s: float) -> None:
        self._ask_no_more()
        self._fail(at_least_s)

    def _ask_no_more(self) -> Value:
        asked, self.asked = self.asked, None
        assert asked
        return asked

    def _disown(self, parts: list[int]) -> None:
        gone = {*parts} or set(self.owed)
        self._forget(gone)
        self.tell({"kind": "disowned", "parts": parts})

    def _fail(self, at_least_s: float) -> None:
        self.failures += 1
        self._trouble("board")
        self.tell({"kind": "failed", "atLeastS": at_least_s})

    def _trouble(self, who: str) -> None:
        self.trouble[who] = min(self.trouble[who], self.now)

    def _talks(self) -> None:
        self.failures, self.trouble["board"] = 0, math.inf

    @rule(
        which=st.integers(0, 9), how=st.sampled_from(["sent", "sent", "line", "refused", "expired"])
    )
    @precondition(lambda self: self.puts)
    def put_ends(self, which: int, how: str) -> None:
        part = sorted(self.puts)[which % len(self.puts)]
        self._put_ends(part, "stopped" if how != "sent" and part in self.stopping else how)

    def _put_ends(self, part: int, how: str) -> None:
        own, url = self.puts.pop(part), self.hand.get(part, ("", 0.0))[0]
        if how == "expired" and own:
            self.expired.add(url)
        self.stopping.discard(part)
        if how == "sent":
            self.stored.add(part)
            self.refusals = self.own_refusals = 0
            self.trouble["storage"] = math.inf
            if own:
                self.owed.add(part)
            return self.tell({"kind": "moved", "bytes": PART_SIZE}, {"kind": "sent", "part": part})
        if how != "stopped":
            self.refusals += how != "line"
            self.own_refusals += how != "line" and own
            self._trouble("storage")
        return self.tell({"kind": "put_failed", "part": part, "why": how, "detail": how})

    @rule(count=st.sampled_from([0, 1, 500_000, 20_000_000]), seconds=st.sampled_from([0.2, 1.0]))
    @precondition(lambda self: self.puts)
    def bytes_leave(self, count: int, seconds: float) -> None:
        self.now += seconds
        self.tell({"kind": "moved", "bytes": count})

    @rule()
    @precondition(lambda self: self.wake_at < math.inf)
    def it_wakes(self) -> None:
        self.now = max(self.now, self.wake_at)
        self.tell()

    @rule(seconds=st.sampled_from([0.05, 1.0, 4.0, 4.0, 20.0, 20.0, 95.0, 1_000.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.tell()

    @rule()
    def machine_slept(self) -> None:
        """A look that is under way stays so until it is answered, or its connection gives up."""
        self.now += 3_600.0
        self._talks()
        self.tell({"kind": "woke"})

    @rule(more=st.integers(1, 5))
    @precondition(lambda self: self.board.known < self.board.parts)
    def more_is_known(self, more: int) -> None:
        self.board.known = min(self.board.parts, self.board.known + more)
        if self.driver.traits.looks:
            self.tell({"kind": "more_known"})

    @rule()
    @precondition(lambda self: self.board.status in ("initialized", "active"))
    def people_pause(self) -> None:
        self.board.status = "paused"

    @rule()
    @precondition(lambda self: self.board.status == "paused")
    def people_resume(self) -> None:
        self.board.status = "active"
        self.board.settle()

    @rule(steps=st.integers(1, 6))
    @precondition(lambda self: not self.over)
    def all_goes_well(self, steps: int) -> None:
        """For a while; so that a story comes far."""
        for _ in range(steps if not self.over else 0):
            self._quiet_step("")

    @rule(sure=st.integers(0, 9), status=st.sampled_from(["cancelled", "expired", "failed"]))
    def upload_ends(self, sure: int, status: str) -> None:
        if sure == 9:
            self.board.status = status

    @rule(
        lost=st.just(set()) | st.sets(st.integers(1, 10), max_size=3),
        joined=st.booleans(),
    )
    @precondition(lambda self: self.looking)
    def look_is_answered(self, lost: set[int], joined: bool) -> None:
        """The storage is still joining, has joined, or lacks some."""
        lost, self.looks = lost & self.board.done, self.looks + 1
        if self.board.status == "assembling" and lost:
            self.board.status, self.board.done = "active", self.board.done - lost
            self.stored -= lost
        elif self.board.status == "assembling" and joined:
            self.board.status = "complete"
        self._look_is_answered()

    def _look_is_answered(self) -> None:
        self.looking = False
        self._talks()
        self.tell({"kind": "status_seen", "status": self.board.status})

    @rule()
    @precondition(lambda self: self.looking)
    def look_fails(self) -> None:
        self.looking = False
        self._fail(0.0)

    @rule(why=st.sampled_from(["offline", "signed_out"]))
    @precondition(lambda self: self.driver.traits.holds)
    def hold(self, why: str) -> None:
        self.holds.add(why)
        self.tell({"kind": "hold", "why": why})
        assert why != "offline" or self.over or self.puts.keys() == self.stopping

    @rule(why=st.sampled_from(["offline", "signed_out"]))
    @precondition(lambda self: self.holds)
    def go_on(self, why: str) -> None:
        if why in self.holds:
            self._talks()
        self.holds.discard(why)
        self.tell({"kind": "go_on", "why": why})

    @rule(sure=st.integers(0, 7))
    def person_rests(self, sure: int) -> None:
        if sure == 7 or (sure > 3 and self.puts and self.asked):
            self.resting = True
            self.tell({"kind": "rest"})

    def leaves(self) -> None:
        """Its last exchange reports all and holds nothing; what comes later is nothing to it."""
        last: dict[str, Any] = self.driver.farewell()
        assert (last["holding"], last["want"]) == ([], 0)
        assert last["seq"] > self.seq
        assert self.over or self.owed <= {*last["done"]} <= self.stored
        self.over, self.wake_at = "left", math.inf

    def teardown(self) -> None:
        if not hasattr(self, "wake_at") or self.over == "left":
            return
        self.board.known = self.board.parts
        for why in sorted(self.holds):
            self.go_on(why)
        for _ in range(BOUND):
            self._quiet_step(self.hostile)
        assert self.over, "who can finish does, and who cannot gives up"
        if self.over == "end" and self.status in ("assembling", "complete"):
            assert len(self.board.done) == self.board.parts
        self.tell()
        self.leaves()

    def _quiet_step(self, hostile: str) -> None:
        """What is next is done, or fails as it always does."""
        self.now += FAILS_AFTER_S if hostile else 0.0
        if self.over:
            return
        if self.board.status == "paused":
            self.people_resume()
        if self.asked:
            self.board_answers(MAX_HELD, 0, 900.0)
        elif self.looking:
            self.look_is_answered(set(), joined=self.looks % 2 == 1)
        elif self.puts:
            part = min(self.puts)
            stopped, ends = part in self.stopping, hostile or "sent"
            self._put_ends(part, "stopped" if stopped else ends)
        elif self.wake_at < math.inf:
            self.now = max(self.now, self.wake_at)
            self.tell()
