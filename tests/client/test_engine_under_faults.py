"""The engine against a small board, driven by Hypothesis through every order of faults.

After any story of lost answers, failed and stopped PUTs, pauses, revocations and outages, once the
faults end the upload comes to its end, and on the way no promise of the engine is broken.
"""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from manyhands.engine import happenings as hap
from manyhands.engine.engine import Engine, Who
from manyhands.engine.pace import Rules
from manyhands.wire import ExchangeRequest
from tests.client.fake_board import FakeBoard, Stale

PARTS = 12
CONNECTIONS = 3
DEEDS = ["send", "break", "refuse", "expire", "answer", "lose", "late", "wait"]
FAULTS = [*DEEDS, "steal", "pause", "resume"]


class World:
    """What is under way between engine, board and storage; checks the promises at each step."""

    def __init__(self, seed: int) -> None:
        self.board = FakeBoard("u", "g", "n", PARTS * 100, 100, ["digest"] * PARTS)
        rules = Rules(connections=CONNECTIONS, refusals=10**6, patience_s=10**9)
        self.engine = Engine(Who("client-1", "test"), 100, 16, Random(seed), rules)
        self.now = 0.0
        self.puts: list[int] = []
        self.stopping: set[int] = set()
        self.stored: set[int] = set()
        self.sends = 0
        self.asked: ExchangeRequest | None = None
        self.late: list[ExchangeRequest] = []
        self.seq = 0
        self.looking = self.ended = False
        self.decide()

    def decide(self) -> None:
        for decision in self.engine.decide(self.now):
            match decision:
                case hap.StartPut(ticket):
                    assert ticket.part not in self.puts, "one PUT of a part at a time"
                    assert not self.ended
                    self.puts.append(ticket.part)
                    assert len(self.puts) <= CONNECTIONS
                case hap.StopPut(part):
                    self.stopping.add(part)
                case hap.Exchange(request):
                    self._check(request)
                    self.asked = request
                case hap.Look():
                    self.looking = True
                case hap.End():
                    self.ended = True

    def _check(self, request: ExchangeRequest) -> None:
        assert self.asked is None, "one exchange at a time"
        assert request.seq > self.seq
        assert set(request.done) <= self.stored, "only what the storage has is reported"
        assert not set(request.done) & set(request.holding)
        assert len(set(request.holding)) == len(request.holding) <= 16
        self.seq = request.seq

    def tell(self, happening: hap.Happening) -> None:
        self.engine.handle(happening, self.now)
        self.decide()

    def do(self, deed: str) -> None:
        getattr(self, f"_{deed}")()
        self.decide()

    def _end_put(self, why: hap.Failure | None) -> None:
        if not self.puts:
            return
        part = self.puts.pop(0)
        if part in self.stopping:
            self.stopping.discard(part)
            why = hap.Failure.STOPPED if why else None
        if why is None:
            self.stored.add(part)
            self.sends += 1
        self.tell(hap.PutFailed(part, why) if why else hap.Sent(part))

    def _send(self) -> None:
        self.tell(hap.Moved(100))
        self._end_put(None)

    def _break(self) -> None:
        self._end_put(hap.Failure.LINE)

    def _refuse(self) -> None:
        self._end_put(hap.Failure.REFUSED)

    def _expire(self) -> None:
        self._end_put(hap.Failure.EXPIRED)

    def _answer(self) -> None:
        if self.asked:
            request, self.asked = self.asked, None
            self.tell(hap.Answered(self.board.exchange(request, "http://s3")))
        if self.looking:
            self.looking = False
            self.board.status = "complete" if self.board.status == "assembling" else "active"
            self.tell(hap.StatusSeen(self.board.status))

    def _lose(self) -> None:
        """The board acts, and its answer is lost."""
        if self.asked:
            request, self.asked = self.asked, None
            self.board.exchange(request, "http://s3")
            self.tell(hap.ExchangeFailed("lost"))

    def _late(self) -> None:
        """The request is given up, and arrives after its successor."""
        if self.asked:
            self.late.append(self.asked)
            self.asked = None
            self.tell(hap.ExchangeFailed("no answer"))
        elif self.late and self.late[0].seq < self.seq - 1:
            try:
                self.board.exchange(self.late.pop(0), "http://s3")
            except Stale:
                return

    def _wait(self) -> None:
        self.now = max(self.now + 0.1, min(self.engine.wake_at(), self.now + 30))

    def _steal(self) -> None:
        if self.puts and self.puts[0] not in self.board.done:
            self.board.take_away(self.puts[0])

    def _pause(self) -> None:
        if self.board.status in ("initialized", "active"):
            self.board.status = "paused"

    def _resume(self) -> None:
        if self.board.status == "paused":
            self.board.status = "active"
            self.board.settle()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(FAULTS), max_size=120), st.integers(0, 2**32))
def test_every_story_of_faults_comes_to_a_good_end(story: list[str], seed: int) -> None:
    world = World(seed)
    for deed in story:
        world.do(deed)
    for _ in range(40 * PARTS):
        for deed in ("resume", "answer", "send", "wait"):
            world.do(deed)
    assert world.ended
    assert set(world.board.done) == set(range(1, PARTS + 1))
    assert not world.puts or world.stopping >= set(world.puts)


@settings(max_examples=100, deadline=None)
@given(st.permutations(["wait", "answer", "send", "send"]), st.integers(0, 2**32))
def test_without_faults_every_part_is_sent_once_with_few_calls(order: list[str], seed: int) -> None:
    world = World(seed)
    while not world.ended:
        for deed in order:
            world.do(deed)
    assert world.sends == PARTS
    assert len(world.board.exchanges) <= PARTS + 4
