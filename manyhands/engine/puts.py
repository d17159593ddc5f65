"""The engine's half that faces the storage: tickets, connections, and what failures lead to.

A connection is busy from the order to start a PUT until news of its end, even if the ticket left
the hand meanwhile, so a part is never on two connections of one client. Failures are counted by
part and outlive the ticket: one that comes back after it was given up waits before its next PUT.

| failure | the ticket |
|---|---|
| the line, or an error of the storage | again after a wait; given back after some tries |
| 403 | given back with all as old: their URLs have expired, fresh ones will come |
| stopped on order, in time or too late | stays if it is in the hand again |
"""

from collections import Counter
from collections.abc import Iterable
from random import Random

from manyhands.engine.hand import Hand, Held, Phase, Step
from manyhands.engine.happenings import (
    Decision,
    Failure,
    GiveUp,
    PutFailed,
    Retry,
    StartPut,
    StopPut,
)
from manyhands.engine.pace import Rules, Trouble
from manyhands.errors import KEPT, OutOfReach, StorageRefused
from manyhands.wire import Ticket

HOLDING = (Phase.READY, Phase.SENDING)


class Puts:
    def __init__(self, rules: Rules, rng: Random) -> None:
        self._rules, self._rng = rules, rng
        self._hand = Hand()
        self._busy: set[int] = set()
        self._lanes = 0
        self._failures: Counter[int] = Counter()
        self._trouble, self._refusals = Trouble(), 0
        self._from_before: set[int] = set()

    @property
    def busy(self) -> int:
        """How many PUTs are under way."""
        return len(self._busy)

    @property
    def holding(self) -> list[int]:
        """Parts that are meant to be sent or under way, in order."""
        return self._hand.parts(*HOLDING)

    @property
    def sent(self) -> list[int]:
        """Parts that the storage has and that are not yet reported."""
        sent = self._hand.parts(Phase.SENT)
        return [*sorted(self._from_before), *sent] if self._from_before else sent

    @property
    def reports(self) -> bool:
        """Something is sent and not yet reported."""
        return bool(self._from_before) or self._hand.any_in(Phase.SENT)

    def remember(self, parts: Iterable[int]) -> None:
        """An earlier run of this client sent these and could not report them."""
        self._from_before.update(parts)

    def take(self, tickets: Iterable[Ticket], now: float) -> None:
        for ticket in tickets:
            failures = self._failures[ticket.part]
            wait_s = self._rules.backoff.wait_s(failures, self._rng) if failures > 1 else 0.0
            self._hand.take(Held(ticket, now + ticket.expires_s, now + wait_s))

    def forget(self, parts: Iterable[int]) -> None:
        """These are reported, or not ours to report."""
        gone = list(parts)
        self._from_before.difference_update(gone)
        self._hand.drop(gone)

    def revoke(self, parts: Iterable[int]) -> list[Decision]:
        dropped = list(parts)
        self._hand.drop(dropped)
        return [StopPut(part) for part in dropped if part in self._busy]

    def give_back_ready(self) -> None:
        self._hand.drop_ready()

    def restart(self, now: float) -> list[Decision]:
        """Everything again at once, on new connections."""
        self._hand.hurry(now)
        return [StopPut(part) for part in sorted(self._busy)]

    def stop_all(self) -> list[Decision]:
        self._hand = Hand()
        return [StopPut(part) for part in sorted(self._busy)]

    def start(self, now: float, lanes: int) -> list[Decision]:
        """The PUTs to start now, so that no more than ``lanes`` are under way."""
        self._lanes = lanes
        if not self._hand:
            return []
        self._hand.drop_ready(good_until=now)
        free = lanes - len(self._busy)
        if free <= 0:
            return []
        tickets = [held.ticket for held in self.startable(now)[:free]]
        for ticket in tickets:
            self._hand.step(ticket.part, Step.START)
            self._busy.add(ticket.part)
        return [StartPut(ticket) for ticket in tickets]

    def startable(self, now: float) -> list[Held]:
        ready = self._hand.in_phase(Phase.READY)
        return [h for h in ready if h.ready_at <= now and h.ticket.part not in self._busy]

    def wake_at(self) -> float:
        """When a ticket that waits after a failure may start."""
        if not self._hand or len(self._busy) >= self._lanes:
            return float("inf")
        ready = self._hand.in_phase(Phase.READY)
        waits = (h.ready_at for h in ready if h.ticket.part not in self._busy)
        return min(waits, default=float("inf"))

    def succeeded(self, part: int) -> None:
        self._busy.discard(part)
        self._hand.step(part, Step.SUCCEED)
        self._trouble.over()
        self._refusals = 0
        del self._failures[part]

    def failed(self, failed: PutFailed, now: float, *, may_retry: bool) -> list[Decision]:
        """What follows from a failed PUT; without ``may_retry`` its ticket is given back."""
        self._busy.discard(failed.part)
        self._hand.step(failed.part, Step.FAIL)
        held = self._hand.get(failed.part)
        if failed.why is Failure.STOPPED or held is None:
            return []
        self._count(failed, now)
        if failed.why is Failure.EXPIRED:
            self._hand.drop_ready(held.good_until)
            return self._hopeless(failed, now)
        if not may_retry or self._failures[failed.part] % self._rules.tries == 0:
            self._hand.drop([failed.part])
            return self._hopeless(failed, now)
        return self._hopeless(failed, now) or [self._retry_later(failed, now)]

    def _count(self, failed: PutFailed, now: float) -> None:
        self._failures[failed.part] += 1
        self._trouble.failed(now)
        self._refusals += failed.why is not Failure.LINE

    def _hopeless(self, failed: PutFailed, now: float) -> list[Decision]:
        why = failed.detail or failed.why.value
        if self._refusals >= self._rules.refusals:
            return [GiveUp(StorageRefused(f"The storage refuses the parts: {why}. {KEPT}"))]
        if self._trouble.lasts_s(now) > self._rules.patience_s:
            return [GiveUp(OutOfReach(why))]
        return []

    def _retry_later(self, failed: PutFailed, now: float) -> Retry:
        wait_s = self._rules.backoff.wait_s(self._failures[failed.part], self._rng)
        self._hand.postpone(failed.part, now + wait_s)
        return Retry(f"part {failed.part}", failed.detail or failed.why.value, wait_s)
