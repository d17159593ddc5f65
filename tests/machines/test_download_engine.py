"""The engine of a download in every order of what storage, service and clock can do to it.

Once the faults end, every missing part is there; if instead they never end, it gives up after a
bounded number of tries, and says why. Which of these comes is drawn with the story.
"""

import math
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from manyhands.download import happenings as hap
from manyhands.download.engine import Engine
from manyhands.download.happenings import Failure
from manyhands.download.rules import Rules
from manyhands.errors import NothingArrives, StoredDiffers, Withheld
from tests.machines.scale import scale

RULES = Rules(connections=3, first=2, wrongs=3, refusals=3, patience_s=900.0)
FAILURES = [Failure.LINE, Failure.BUSY, Failure.REFUSED, Failure.WRONG]
FAILS_AFTER_S = 5.0

PART = 1_000_000


class DownloadWorld(RuleBasedStateMachine):
    """``urls``: until when each URL is good; ``busy``: parts under way, with their URL.

    ``hostile``: what fails for ever at the end, if anything.
    """

    @initialize(
        missing=st.sets(st.integers(1, 40), max_size=10),
        seed=st.integers(0, 2**31),
        hostile=st.sampled_from([None, None, None, None, "no url", *FAILURES]),
    )
    def begin(self, missing: set[int], seed: int, hostile: Failure | str | None) -> None:
        self.hostile = hostile
        self.engine = Engine(sorted(missing), Random(seed), RULES)
        self.missing, self.got, self.now = missing, set[int](), 0.0
        self.urls: dict[str, float] = {}
        self.refused: set[str] = set()
        self.newest = ""
        self.busy: dict[int, str] = {}
        self.stopping: set[int] = set()
        self.signing = self.resting = False
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
            self.trouble_since = math.inf
            return self.tell(hap.Moved(PART), hap.Got(part))
        if why is not Failure.STOPPED:
            self.trouble_since = min(self.trouble_since, self.now)
        if why is Failure.REFUSED:
            self.refused.add(url)
        self.wrongs[part] += why is Failure.WRONG
        return self.tell(hap.GetFailed(part, why, why.value))

    @rule(expires_s=st.sampled_from([900.0, 900.0, 90.0, 1.0, 0.0]))
    @precondition(lambda self: self.signing)
    def url_is_signed(self, expires_s: float) -> None:
        self.signing, self.newest = False, f"url-{len(self.urls)}"
        self.urls[self.newest] = self.now + max(1.0, expires_s)
        self.tell(hap.Signed(self.newest, expires_s))

    @rule(at_least_s=st.sampled_from([0.0, 30.0]))
    @precondition(lambda self: self.signing)
    def no_url_is_signed(self, at_least_s: float) -> None:
        self.signing = False
        self.trouble_since = min(self.trouble_since, self.now)
        self.tell(hap.SignFailed("no answer", at_least_s))
        assert not (at_least_s and self.signing), "who says when to come back is heard"

    @rule(seconds=st.sampled_from([0.5, 3.0, 31.0, 890.0]))
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
        under_way = set(self.busy)
        self.tell(hap.Woke())
        assert self.over or under_way <= self.stopping, "dead connections are left"

    @rule(sure=st.integers(0, 4))
    def person_rests(self, sure: int) -> None:
        if sure == 4:
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
        steps = 0
        while not self.over:
            steps += 1
            assert steps < 400, "it ends in bounded tries"
            self._last_step()
        if isinstance(self.over, hap.GiveUp):
            assert self.got != self.missing
        self.tell(hap.Woke())

    def _last_step(self) -> None:
        """An honest world does what is next; a hostile one fails what is next."""
        self.now += FAILS_AFTER_S if self.hostile else 0.0
        if self.signing:
            return self.no_url_is_signed(0.0) if self.hostile == "no url" else self.url_is_signed(900.0)
        if self.busy:
            part = min(self.busy)
            why = self.hostile if isinstance(self.hostile, Failure) else None
            return self._get_ends(part, Failure.STOPPED if why and part in self.stopping else why)
        return self._sleep()


TestDownloadEngine = DownloadWorld.TestCase
TestDownloadEngine.settings = scale(200, 50)
