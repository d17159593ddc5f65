"""The client's mind: what it holds, what it sends, when it speaks to the board.

No I/O, no clock, no thread. ``handle`` takes what happened, ``decide`` says what to do now, and
``wake_at`` when to ask again if nothing happens before; ``now`` is any clock that only goes
forward, in seconds. So every run is repeatable, and a test can drive it through a day of faults
in a moment.

What it keeps to:

* one exchange under way at a time, ``seq`` growing with each;
* an exchange names all that is held and reports all that is sent and not yet reported, so a lost
  answer, a retry and a restart need no further care;
* a PUT starts only for a ticket in the hand, on a free connection, and once at a time;
* no success of a kind for long, or too many refusals in a row, ends the run with a reason.

Refused: one state for each combination of pause, outage and waiting. The stage of the upload, the
tickets (``puts``) and the talk with the board are independent, so they are kept apart.
"""

import math
from dataclasses import dataclass
from random import Random

from manyhands.engine.happenings import (
    Answered,
    Decision,
    Disowned,
    End,
    Exchange,
    ExchangeFailed,
    Failure,
    GiveUp,
    Happening,
    Look,
    MoreKnown,
    Moved,
    PutFailed,
    Rest,
    Rested,
    Retry,
    Sent,
    StatusSeen,
    Turned,
    Woke,
)
from manyhands.engine.lanes import Lanes
from manyhands.engine.pace import Rules, Trouble
from manyhands.engine.puts import Puts
from manyhands.engine.rate import RateMeter
from manyhands.engine.stages import Stage, stage_of
from manyhands.errors import OutOfReach
from manyhands.wire import ExchangeReply, ExchangeRequest


@dataclass(frozen=True, slots=True)
class Who:
    """This client at the board: ``client`` is a random name that one process at a time uses.

    ``seq``: the number of the last exchange so far, or more; ``sent``: parts that an earlier
    process of this name sent and did not report. ``generation``: of the upload, as it was joined.
    """

    client: str
    label: str
    seq: int = 0
    sent: tuple[int, ...] = ()
    generation: int = 0


LOOKS_GROW = 1.5


class Engine:
    """``part_size`` in bytes; ``max_held``: the most tickets that the service lets one hold."""

    def __init__(
        self, who: Who, part_size: int, max_held: int, rng: Random, rules: Rules | None = None
    ) -> None:
        self._who, self._part_size, self._max_held, self._rng = who, part_size, max_held, rng
        self._rules = rules or Rules()
        self._puts = Puts(self._rules, rng)
        self._puts.remember(who.sent)
        self._lanes = Lanes(self._rules.first, self._rules.connections, self._rules.fewest)
        self._meter = RateMeter()
        self._status = "initialized"
        self._stage = stage_of(self._status)
        self._seq = who.seq
        self._resting = False
        self._asked: ExchangeRequest | None = None
        self._next_at = -math.inf
        self._spoke_at = -math.inf
        self._trouble = Trouble()
        self._news = True  # something changed since the board last answered
        self._fed = True  # it last gave all that was wanted
        self._given = 0  # so many tickets it held after that
        self._more = False  # it knows more digests than when it was last asked
        self._look_s = self._rules.first_look_s
        self._looks = False  # a look is under way
        self._orders: list[Decision] = []
        self._ended = False

    @property
    def rate(self) -> int:
        """Bytes a second, 0 while unknown."""
        return self._meter.rate

    @property
    def client(self) -> str:
        """Its name at the board."""
        return self._who.client

    @property
    def seq(self) -> int:
        """The number of its last exchange."""
        return self._seq

    @property
    def idle(self) -> bool:
        """There is no part to send, under way or waiting."""
        return not self._puts.busy and not self._puts.holding

    @property
    def unreported(self) -> list[int]:
        """Parts that are sent, but not yet counted by the board."""
        return self._puts.sent

    def handle(self, happening: Happening, now: float) -> None:
        """Take in what happened. After the end nothing changes any more."""
        if not self._ended:
            self._take_in(happening, now)

    def decide(self, now: float) -> list[Decision]:
        """What to do now; each decision is said once."""
        if not self._ended:
            lanes = 0 if self._resting else min(self._lanes.count, self._rules.widest(self._hold()))
            self._orders += self._puts.start(now, lanes) + self._speak(now)
            if self._has_rested:
                self._end(Rested())
        orders, self._orders = self._orders, []
        return orders

    def wake_at(self) -> float:
        """The moment of the next decision if nothing happens before."""
        if self._ended:
            return math.inf
        return min(self._puts.wake_at(), math.inf if self._asked else self._speaks_at())

    def farewell(self) -> ExchangeRequest:
        """The exchange with which a client leaves: it reports, and gives everything back."""
        return self._request(holding=[], want=0)

    def _take_in(self, happening: Happening, now: float) -> None:
        match happening:
            case Moved(sent):
                self._meter.add(sent, now, busy=self._puts.busy > 0)
                self._lanes.moved(sent, now, self._puts.busy)
            case Sent(part):
                self._puts.succeeded(part)
                self._meter.confirm()
                self._news = True
            case PutFailed():
                self._put_failed(happening, now)
            case Answered(reply):
                self._answered(reply, now)
            case ExchangeFailed(reason, at_least_s):
                self._exchange_failed(reason, at_least_s, now)
            case Disowned(parts):
                self._asked, self._next_at = None, now
                self._puts.forget(parts or self._puts.sent)
            case StatusSeen(status):
                self._looks = False
                self._next_at, self._news = now + self._next_look_s(), True
                self._trouble.over()
                self._turn(status)
            case MoreKnown() | Rest() | Woke():
                self._nudge(happening, now)

    def _nudge(self, nudge: MoreKnown | Rest | Woke, now: float) -> None:
        match nudge:
            case MoreKnown():
                self._more = True
                self._ask_for_more(now)
            case Rest():
                self._resting = self._news = True
                self._puts.give_back_ready()
            case Woke():
                self._woke(now)

    def _woke(self, now: float) -> None:
        self._trouble.over()
        if not self._looks:
            self._next_at = min(self._next_at, now)
        self._orders += self._puts.restart(now)

    @property
    def _has_rested(self) -> bool:
        """All is reported, or the board is out of reach and the rest is said in the farewell."""
        if not self._resting or self._puts.busy:
            return False
        return not (self._puts.reports or self._asked) or self._trouble.failures > 0

    def _put_failed(self, failed: PutFailed, now: float) -> None:
        may_retry = self._stage is Stage.WORKING and not self._resting
        if failed.why in (Failure.LINE, Failure.REFUSED):
            self._lanes.failed(now)
        follows = self._puts.failed(failed, now, may_retry=may_retry)
        self._news = True
        if follows and isinstance(follows[0], GiveUp):
            self._end(follows[0])
        else:
            self._orders += follows

    def _answered(self, reply: ExchangeReply, now: float) -> None:
        asked, self._asked = self._asked, None
        if asked is None:
            return
        self._trouble.over()
        self._puts.forget(asked.done)
        self._orders += self._puts.revoke(reply.revoked)
        wait_s = max(reply.next_exchange_s, self._rules.soonest_s)
        self._next_at = now + min(wait_s, self._rules.heartbeat_s)
        self._fed = self._news = len(reply.tickets) >= asked.want > 0
        self._turn(reply.status)
        if self._stage is Stage.WORKING and not self._resting:
            self._puts.take(reply.tickets, now)
            self._given = len(self._puts.holding)
            self._ask_for_more(now)
        elif self._stage is Stage.WAITING:
            self._next_at = now + self._next_look_s()

    def _ask_for_more(self, now: float) -> None:
        """Who got less than it wanted asks again as soon as the board knows more."""
        if self._more and not self._fed and not self._asked and not self._waits:
            self._next_at = now

    def _next_look_s(self) -> float:
        """Small files are joined in a moment, large ones in minutes: look soon, then seldom."""
        wait_s = min(self._look_s, self._rules.look_s)
        self._look_s *= LOOKS_GROW
        return wait_s

    def _exchange_failed(self, reason: str, at_least_s: float, now: float) -> None:
        self._asked, self._looks = None, False
        self._trouble.failed(now)
        if self._trouble.lasts_s(now) > self._rules.patience_s:
            self._end(GiveUp(OutOfReach(reason)))
            return
        wait_s = self._rules.backoff.wait_s(self._trouble.failures, self._rng, at_least_s)
        self._next_at = now + wait_s
        self._orders.append(Retry("the board", reason, wait_s))

    def _turn(self, status: str) -> None:
        if status == self._status:
            return
        self._orders.append(Turned(self._status, status))
        self._status, self._stage = status, stage_of(status)
        match self._stage:
            case Stage.PAUSED:
                self._puts.give_back_ready()
            case Stage.WAITING:
                self._orders += self._puts.stop_all()
            case Stage.OVER:
                self._end(End(status))
            case Stage.WORKING:
                pass

    def _end(self, end: End | GiveUp | Rested) -> None:
        self._orders += [*self._puts.stop_all(), end]
        self._ended = True

    def _speak(self, now: float) -> list[Decision]:
        if self._asked or not self._due(now):
            return []
        if self._stage is Stage.WAITING:
            self._next_at, self._looks = math.inf, True
            return [Look()]
        self._spoke_at, self._more = now, False
        self._asked = self._request(self._puts.holding, self._want())
        return [Exchange(self._asked)]

    def _due(self, now: float) -> bool:
        if now >= self._speaks_at():
            return True
        if self._waits:
            return False
        idle = self._puts.reports and not self._puts.holding
        return idle or (self._stage is Stage.WORKING and self._hungry(now))

    def _speaks_at(self) -> float:
        """When to speak to the board at the latest."""
        if self._waits or not self._puts.reports:
            return self._next_at
        return min(self._next_at, self._spoke_at + self._rules.report_s)

    @property
    def _waits(self) -> bool:
        """After a failed exchange, and while the storage joins: the time is set, news or not."""
        return self._trouble.failures > 0 or self._stage is Stage.WAITING

    def _hungry(self, now: float) -> bool:
        """Early while the board has plenty, but for many at once; when it gave less than was
        wanted, only once all is under way, and half of that is sent."""
        if not self._news or self._want() <= 0:
            return False
        startable = len(self._puts.startable(now))
        if not self._fed:
            return not startable and len(self._puts.holding) <= self._given // 2
        spare = self._rules.spare(self.rate, self._part_size, self._hold())
        return startable < spare and self._want() * 2 >= self._hold()

    def _hold(self) -> int:
        return self._rules.hold(self.rate, self._part_size, self._max_held)

    def _want(self) -> int:
        return 0 if self._resting else max(0, self._hold() - len(self._puts.holding))

    def _request(self, holding: list[int], want: int) -> ExchangeRequest:
        self._seq += 1
        return ExchangeRequest(
            client=self._who.client,
            label=self._who.label,
            seq=self._seq,
            holding=holding,
            done=self._puts.sent,
            want=want,
            rate=self.rate,
            generation=self._who.generation,
        )
