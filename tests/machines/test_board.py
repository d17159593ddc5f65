"""The board, in every order of events that Hypothesis can think of, beside its reference model.

Devices keep the protocol more or less: `work` is what an honest one says, `err` the same with one
thing wrong. Answers are lost, requests come late and again, leases lapse, people pause and
resume, pages become known, the storage lacks parts. After every step the board must be what the
model says, and at the end an honest device finishes the file.

Refused: a seeded random walk. It found six of fourteen planted faults, this finds all, and shrinks.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from functools import partial

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chalicelib.domain.board import Board, Person, Rules, blank
from chalicelib.domain.errors import ManyhandsError, WrongStatus
from chalicelib.domain.exchange import Reply, Request, exchange
from chalicelib.domain.lost import NOTHING, Found, left_behind
from chalicelib.domain.parts import PartPlan
from chalicelib.domain.status import LIVE, WORKING, Event, Status
from chalicelib.domain.uploads import (
    FileIdentity,
    Upload,
    cancelled,
    lacking,
    moved,
    new_upload,
    with_board,
    with_known,
)
from chalicelib.domain.uploads import paused as paused_
from chalicelib.domain.uploads import resumed as resumed_
from tests.machines.board_model import PART, Model
from tests.machines.scale import scale
from tests.unit.boards import ANA, BEN, NOW

CLEO = Person("sub-cleo", "cleo")
PEOPLE = (ANA, BEN, CLEO)
DEVICES = {"a1": ANA, "a2": ANA, "a3": ANA, "b1": BEN, "b2": BEN, "c1": CLEO}
RULES = Rules(assumed_rate=100, max_clients=4, max_held=6)
ROOMY = replace(RULES, max_clients=20)
HONEST = Person("sub-honest", "honest")
WAITS = [1, 500, 2_000, 9_000, 30_001, RULES.lease_ms, RULES.lease_ms + 1, 10 * RULES.lease_ms]


class Slip(Enum):
    HOLDS_ANOTHERS = auto()
    HOLDS_ALL = auto()
    REPORTS_ANOTHERS = auto()
    REPORTS_TWICE = auto()
    FORGETS_ALL = auto()
    IS_ANOTHER_PERSON = auto()
    COUNTS_BACKWARDS = auto()
    KEEPS_ITS_COUNT = auto()


def slipped(said: Request, slip: Slip, part: int) -> Request:
    """The request with one thing wrong."""
    match slip:
        case Slip.HOLDS_ANOTHERS:
            return replace(said, holding=(part, *said.holding))
        case Slip.HOLDS_ALL:
            return replace(said, holding=tuple(range(1, part + 1)))
        case Slip.REPORTS_ANOTHERS:
            return replace(said, done=(*said.done, part))
        case Slip.REPORTS_TWICE:
            return replace(said, done=(*said.done, *said.done, *said.holding))
        case Slip.FORGETS_ALL:
            return replace(said, holding=(), done=())
        case Slip.IS_ANOTHER_PERSON:
            return replace(said, person=PEOPLE[part % len(PEOPLE)])
        case Slip.COUNTS_BACKWARDS:
            return replace(said, seq=max(1, said.seq - part))
        case Slip.KEEPS_ITS_COUNT:
            return replace(said, seq=max(1, said.seq - 1))


class BoardMachine(RuleBasedStateMachine):
    """``believed``: what each device believes to hold; ``sent``: has sent and not reported."""

    @initialize(
        count=st.integers(1, 3) | st.integers(1, 12), last=st.integers(1, PART), data=st.data()
    )
    def begin(self, count: int, last: int, data: st.DataObject) -> None:
        known = data.draw(st.integers(1, count))
        plan = PartPlan((count - 1) * PART + last, PART)
        file = FileIdentity("g", "n", plan, bytes(32 * known))
        self.upload: Upload = new_upload(file, 1, ANA, "m", NOW)
        self.model = Model(RULES, count, known)
        self.now, self.parts = NOW, count
        self.seqs = dict.fromkeys(DEVICES, 0)
        self.believed: dict[str, list[int]] = {device: [] for device in DEVICES}
        self.sent: dict[str, list[int]] = {device: [] for device in DEVICES}
        self.said: list[Request] = []

    @property
    def board(self) -> Board:
        return self.upload.board

    @rule(
        device=st.sampled_from(list(DEVICES)),
        sends=st.integers(0, 4),
        drops=st.integers(0, 1),
        want=st.integers(0, 6),
        rate=st.sampled_from([0, 10, 100, 1_000, 10**9]),
        heard=st.sampled_from([True, True, True, False]),
    )
    def work(self, device: str, sends: int, drops: int, want: int, rate: int, heard: bool) -> None:
        """An honest device; now and then it forgets a ticket, and its answer is lost."""
        mine = self.believed[device]
        self.sent[device] += mine[:sends]
        mine[:] = mine[sends:][drops and 1 :]
        self.seqs[device] += 1
        request = self._request(device, mine, self.sent[device], want, rate)
        reply = self.say(request)
        if reply and heard:
            self.sent[device] = []
            kept = [p for p in mine if p not in reply.revoked]
            self.believed[device] = list(dict.fromkeys([*kept, *reply.tickets]))
        elif reply is None:
            self.sent[device] = []

    @rule(
        crew=st.lists(st.sampled_from(list(DEVICES)), min_size=1, max_size=8),
        rates=st.lists(st.sampled_from([10, 100, 5_000]), min_size=8, max_size=8),
        sends=st.integers(0, 2),
        wait_ms=st.sampled_from([0, 500, 9_000]),
    )
    def all_work(self, crew: list[str], rates: list[int], sends: int, wait_ms: int) -> None:
        """Some devices in their turns, and nothing goes wrong."""
        for device, rate in zip(crew, rates, strict=False):
            self.work(device, sends, 0, 4, rate, True)
            self.now += wait_ms

    @rule(
        device=st.sampled_from(list(DEVICES)),
        slip=st.sampled_from(list(Slip)),
        part=st.integers(0, 13),
        want=st.integers(0, 20),
    )
    def err(self, device: str, slip: Slip, part: int, want: int) -> None:
        """A device that says one thing wrong, by a fault or on purpose."""
        self.seqs[device] += 1
        request = self._request(device, self.believed[device], self.sent[device], want, 0)
        self.say(slipped(request, slip, part))

    @rule(back=st.integers(1, 8))
    @precondition(lambda self: self.said)
    def again(self, back: int) -> None:
        """A request that was said before arrives once more, at once or much later."""
        self.say(self.said[-min(back, len(self.said))])

    @rule(wait_ms=st.sampled_from(WAITS))
    def time_passes(self, wait_ms: int) -> None:
        self.now += wait_ms

    @rule(more=st.integers(1, 6))
    @precondition(lambda self: self.board.status in LIVE and self.model.known < self.parts)
    def page_known(self, more: int) -> None:
        self.model.known = min(self.parts, self.model.known + more)
        self.upload = with_known(self.upload, self.model.known, "", self.now)

    @rule()
    def pause(self) -> None:
        self._step(partial(paused_, now=self.now), {*WORKING, Status.PAUSED}, Status.PAUSED)

    @rule()
    @precondition(lambda self: self.board.status is Status.PAUSED)
    def resume(self) -> None:
        self._step(partial(resumed_, now=self.now), {Status.PAUSED, Status.ACTIVE}, Status.ACTIVE)
        self.model.settle()

    @rule(data=st.data())
    @precondition(lambda self: self.board.status is Status.ASSEMBLING)
    def storage_lacks(self, data: st.DataObject) -> None:
        parts = data.draw(st.frozensets(st.integers(1, self.parts), min_size=1))
        self.upload = lacking(self.upload, parts, self.now)
        self.model.lacks(parts)

    @rule(sure=st.integers(0, 19))
    def cancel(self, sure: int) -> None:
        if sure == 19:
            may = {*LIVE, Status.CANCELLED}
            self._step(partial(cancelled, now=self.now), may, Status.CANCELLED)

    @rule(sure=st.integers(0, 9))
    def stored(self, sure: int) -> None:
        if sure == 9:
            step = partial(moved, event=Event.STORED, now=self.now)
            self._step(step, {Status.ASSEMBLING}, Status.COMPLETE)

    def _step(self, step: Callable[[Upload], Upload], may: set[Status], becomes: Status) -> None:
        """A step of a person or the system; where it may not be, it is refused whole."""
        if self.model.status in may:
            self.upload = step(self.upload)
            self.model.status = becomes
        else:
            with pytest.raises(WrongStatus):
                step(self.upload)

    def _request(
        self, device: str, holding: list[int], done: list[int], want: int, rate: int
    ) -> Request:
        seq = max(1, self.seqs[device])
        person, label = DEVICES[device], f"{device[0]} device"
        return Request(device, person, label, seq, tuple(holding), tuple(done), want, rate)

    def say(self, request: Request) -> Reply | None:
        """One exchange, beside the model; None if it was refused, as it had to be."""
        expected, before = self.model.refusal(request, self.now), self.board
        self.said.append(request)
        try:
            board, reply = exchange(before, request, self.now, RULES)
        except ManyhandsError as error:
            assert error.code == expected
            return None
        assert not expected, f"accepted what is {expected}"
        found = self._looked_for(before, reply) if board is not before else NOTHING
        if found is not NOTHING:
            board, reply = exchange(before, request, self.now, RULES, found)
        self._check_answer(before, board, request, reply)
        self.upload = with_board(self.upload, board, self.now)
        self._check_idempotent(request, reply)
        return reply

    def _looked_for(self, board: Board, reply: Reply) -> Found:
        """What lost devices have really sent, if the reply would hand out what they held."""
        left = left_behind(board, reply.tickets, self.now, RULES)
        if not left:
            return NOTHING
        self.model.looked()
        found = Found(left, frozenset(part for sent in self.sent.values() for part in sent))
        self.model.found(found)
        return found

    def _check_answer(self, before: Board, board: Board, request: Request, reply: Reply) -> None:
        assert 0 < reply.next_exchange_ms <= RULES.heartbeat_ms
        assert all(part <= self.model.known for part in reply.tickets), "unknown digests stay"
        if self.model.repeated(request):
            assert board == before, "the same request again changes nothing"
            assert not any(board.done(part) for part in reply.tickets)
            assert not set(reply.tickets) - set(self.model.seats[request.client].fresh)
        else:
            self.model.answered(request, reply, board.client(request.client), self.now)

    def _check_idempotent(self, request: Request, reply: Reply) -> None:
        """At once, it is answered alike to the letter; only how long to wait may be another."""
        board, again = exchange(self.board, request, self.now, RULES)
        assert board == self.board
        assert again.tickets == reply.tickets
        assert set(again.revoked) == set(reply.revoked)

    @invariant()
    def the_board_is_what_happened(self) -> None:
        self.model.check(self.board, PEOPLE, self.now)

    def teardown(self) -> None:
        """Faults stop, an honest person comes and works: the file is whole in bounded calls."""
        if not hasattr(self, "upload") or self.board.status not in LIVE:
            return
        self.now += RULES.lease_ms + 1
        self.upload = with_known(self.upload, self.parts, "", self.now)
        if self.board.status is Status.PAUSED:
            self.upload = resumed_(self.upload, self.now)
        board, done = self.board, tuple[int, ...]()
        for seq in range(1, self.parts + 3):
            request = Request("honest-0", HONEST, "honest", seq, (), done, 4, 500)
            board, reply = exchange(board, request, self.now, ROOMY)
            done = reply.tickets
            self.now += 1_000
            if board.status is Status.ASSEMBLING:
                return
        raise AssertionError("an honest device could not finish")


def test_whatever_clients_do_the_board_stays_right_and_can_be_finished() -> None:
    run_state_machine_as_test(BoardMachine, settings=scale(400, 60))


def test_an_empty_file_is_one_part_that_is_done_like_any_other() -> None:
    board, request = blank(PartPlan(0, PART), 1), Request("a", ANA, "a", 1, (), (), 1, 0)
    board, reply = exchange(board, request, NOW, RULES)
    board, _ = exchange(board, replace(request, seq=2, done=reply.tickets), NOW, RULES)
    assert (board.status, board.bytes_done) == (Status.ASSEMBLING, 0)
