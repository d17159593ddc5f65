"""The engine of a download in every order of what storage, service and clock can do to it.

Once the faults end, every missing part is there; if instead they never end, it gives up after a
bounded number of tries, and says why. Which of these comes is drawn with the story.
"""

import math
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from manyhands.download import happenings as hap
from manyhands.download.engine import Engine
from manyhands.download.happenings import Failure
from manyhands.download.rules import Rules
from manyhands.errors import NothingArrives, StoredDiffers, Withheld
from tests.machines.scale import scale

RULES = Rules(connections=3, first=2, wrongs=3, refusals=3, patience_s=900.0)
FAILURES = [Failure.LINE, Failure.BUSY, Failure.REFUSED, Failure.WRONG]
FAILS_AFTER_S = 5.0
BOUND = 400

PART = 1_000_000


class DownloadWorld(RuleBasedStateMachine):
    """``urls``: until when each URL is good; ``signed``: the last, ``newest``: it, unless it was
    refused or dropped; ``in_a_row``: such URLs without a part between; ``busy``: parts under
    way, with their URL.

    ``hostile``: what fails for ever at the end, if anything.
    """

    @initialize(
        missing=st.just(set(range(1, 16))) | st.sets(st.integers(1, 40), max_size=10),
        seed=st.integers(0, 2**31),
        hostile=st.sampled_from([None, None, "no url", *FAILURES]),
    )
    def begin(self, missing: set[int], seed: int, hostile: Failure | str | None) -> None:
        self.hostile = hostile
        self.engine = Engine(sorted(missing), Random(seed), RULES)
        self.missing, self.got, self.now = missing, set[int](), 0.0
        self.urls: dict[str, float] = {}
        self.refused: set[str] = set()
        self.newest = self.signed = ""
        self.busy: dict[int, str] = {}
        self.stopping: set[int] = set()
        self.signing = self.resting = False
        self.in_a_row = 0
        self.wrongs = dict.fromkeys(range(41), 0)
        self.trouble_since = math.inf
        self.over: hap.Decision | None = None
        self.tell()

    def tell(self, *happenings: hap.Happening) -> None:
        for happening in happenings:
            self.engine.handle(happening, self.now)
        decisions, ended = self.engine.decide(self.now), self.over
        assert not (ended and decisions), "after the end nothing is ordered"
        for decision in decisions:
            assert self.over is None, "the end is the last that is said"
            self._obey(decision)
        if self.over:
            assert self.engine.wake_at() == math.inf
            assert self.stopping == self.busy.keys(), "what is under way is stopped at the end"
            return
        assert self.engine.decide(self.now) == [], "each decision is said once"
        assert self.engine.wake_at() > self.now
        assert self.busy or self.signing or self.engine.wake_at() < math.inf, "nothing would follow"

    def _obey(self, decision: hap.Decision) -> None:
        match decision:
            case hap.StartGet(part, url):
                self._starts(part, url)
            case hap.StopGet(part):
                assert part in self.busy
                self.stopping.add(part)
            case hap.Sign():
                assert not self.signing, "one URL is asked for at a time"
                assert self.missing - self.got - self.busy.keys(), "only when a part waits for it"
                self.signing = True
            case hap.Retry():
                assert decision.wait_s >= 0
            case hap.Done() | hap.Rested() | hap.GiveUp():
                self._ends(decision)

    def _starts(self, part: int, url: str) -> None:
        assert part in self.missing - self.got, "only what is missing"
        assert part not in self.busy, "never twice at a time"
        assert url == self.newest, "the newest URL"
        assert url not in self.refused, "not one that was refused"
        assert self.now < self.urls[url], "not one that has lapsed"
        assert not self.resting
        self.busy[part] = url
        assert len(self.busy) <= RULES.connections

    def _ends(self, end: hap.Done | hap.Rested | hap.GiveUp) -> None:
        self.over = end
        match end:
            case hap.Done():
                assert self.got == self.missing, "done is when every part is there"
            case hap.Rested():
                assert self.resting
                assert not self.busy
            case hap.GiveUp(StoredDiffers()):
                assert max(self.wrongs.values()) >= RULES.wrongs
            case hap.GiveUp(Withheld()):
                assert len(self.refused) >= RULES.refusals
            case hap.GiveUp(error):
                assert isinstance(error, NothingArrives)
                assert self.now - self.trouble_since > RULES.patience_s

    @rule(which=st.integers(0, 9), why=st.sampled_from([None, None, *FAILURES]))
    @precondition(lambda self: self.busy)
    def get_ends(self, which: int, why: Failure | None) -> None:
        part = sorted(self.busy)[which % len(self.busy)]
        self._get_ends(part, Failure.STOPPED if why and part in self.stopping else why)

    def _get_ends(self, part: int, why: Failure | None) -> None:
        url = self.busy.pop(part)
        self.stopping.discard(part)
        if why is None:
            self.got.add(part)
            self.in_a_row *= url != self.signed
            self.trouble_since = math.inf
            return self.tell(hap.Moved(PART), hap.Got(part))
        if why is not Failure.STOPPED:
            self.trouble_since = min(self.trouble_since, self.now)
        if why is Failure.REFUSED:
            self.refused.add(url)
            self.in_a_row += url == self.newest
            self.newest *= url != self.newest
        self.wrongs[part] += why is Failure.WRONG
        self.tell(hap.GetFailed(part, why, why.value))
        hopeless = self.wrongs[part] >= RULES.wrongs or self.in_a_row >= RULES.refusals
        assert self.over or not hopeless, "it gives up in bounded tries"
        return None

    @rule(expires_s=st.sampled_from([900.0, 900.0, 90.0, 1.0, 0.0]))
    @precondition(lambda self: self.signing)
    def url_is_signed(self, expires_s: float) -> None:
        self.signing, self.newest = False, f"url-{len(self.urls)}"
        self.signed = self.newest
        self.urls[self.newest] = self.now + max(1.0, expires_s)
        self.tell(hap.Signed(self.newest, expires_s))

    @rule(at_least_s=st.sampled_from([0.0, 30.0]))
    @precondition(lambda self: self.signing)
    def no_url_is_signed(self, at_least_s: float) -> None:
        self.signing = False
        self.trouble_since = min(self.trouble_since, self.now)
        self.tell(hap.SignFailed("no answer", at_least_s))
        assert not (at_least_s and self.signing), "who says when to come back is heard"

    @rule(seconds=st.sampled_from([0.5, 3.0, 31.0, 200.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.tell(hap.Moved(0))

    @rule(count=st.sampled_from([1, 300_000, 9_000_000]))
    @precondition(lambda self: self.busy)
    def bytes_arrive(self, count: int) -> None:
        self.now += 1.0
        self.tell(hap.Moved(count))

    @rule()
    def it_wakes(self) -> None:
        self._sleep()

    def _sleep(self) -> None:
        if self.engine.wake_at() < math.inf:
            self.now = max(self.now, self.engine.wake_at())
            self.tell()

    @rule()
    def machine_slept(self) -> None:
        self.now += 3_600.0
        self.trouble_since = math.inf
        under_way, self.newest = set(self.busy), ""
        self.tell(hap.Woke())
        assert self.over or under_way <= self.stopping, "dead connections are left"

    @rule(steps=st.integers(1, 5))
    def all_goes_well(self, steps: int) -> None:
        """For a while; so that a story comes far."""
        for _ in range(steps):
            self._next_step(None)

    @rule(sure=st.integers(0, 7))
    def person_rests(self, sure: int) -> None:
        if sure == 7:
            self.resting = True
            self.tell(hap.Rest())

    @rule(data=st.data())
    @precondition(lambda self: self.got)
    def late_news(self, data: st.DataObject) -> None:
        """Of a part that is there already, twice."""
        part = data.draw(st.sampled_from(sorted(self.got)))
        news = data.draw(st.sampled_from([hap.Got(part), hap.GetFailed(part, Failure.LINE)]))
        self.tell(news)

    def teardown(self) -> None:
        if not hasattr(self, "over"):
            return
        for _ in range(BOUND):
            self._next_step(self.hostile)
        assert self.over, "it ends in bounded tries"
        assert self.resting or self._given_up or self.got == self.missing
        self.tell(hap.Woke())

    @property
    def _given_up(self) -> bool:
        return isinstance(self.over, hap.GiveUp)

    def _next_step(self, hostile: Failure | str | None) -> None:
        """What is next is done, or fails as it always does."""
        self.now += FAILS_AFTER_S if hostile else 0.0
        if self.over:
            return None
        if self.signing:
            return self.no_url_is_signed(0.0) if hostile == "no url" else self.url_is_signed(900.0)
        if self.busy:
            part = min(self.busy)
            why = hostile if isinstance(hostile, Failure) else None
            return self._get_ends(part, Failure.STOPPED if why and part in self.stopping else why)
        return self._sleep()


def test_a_download_comes_to_its_end_in_every_world() -> None:
    run_state_machine_as_test(DownloadWorld, settings=scale(300, 50))
