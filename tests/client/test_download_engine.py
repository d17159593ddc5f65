"""The mind of a download: by table, and by Hypothesis through every order of faults."""

import math
from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyhands.download import happenings as hap
from manyhands.download.engine import Engine
from manyhands.download.happenings import (
    Failure,
)
from manyhands.download.rules import Rules
from manyhands.errors import NothingArrives, StoredDiffers, Withheld

ONE = Rules(connections=1, first=1, fewest=1)
FOUR = Rules(connections=4, first=4)


class Bench:
    """An engine, a clock, and what was decided last."""

    def __init__(self, parts: int = 8, rules: Rules = FOUR, expires_s: float = 900.0) -> None:
        self.engine = Engine(range(1, parts + 1), Random(1), rules)
        self.now, self._expires_s, self._urls = 0.0, expires_s, 0

    def decide(self) -> list[hap.Decision]:
        return self.engine.decide(self.now)

    def tell(self, *happenings: hap.Happening) -> list[hap.Decision]:
        for happening in happenings:
            self.engine.handle(happening, self.now)
        return self.decide()

    def sign(self) -> list[hap.Decision]:
        self._urls += 1
        return self.tell(hap.Signed(f"url-{self._urls}", self._expires_s))

    def begun(self) -> "Bench":
        assert self.decide() == [hap.Sign()]
        self.sign()
        return self

    def wait(self) -> list[hap.Decision]:
        """Until the next moment."""
        assert self.engine.wake_at() < math.inf
        self.now = max(self.now, self.engine.wake_at())
        return self.decide()


def started(decisions: list[hap.Decision]) -> list[int]:
    return [d.part for d in decisions if isinstance(d, hap.StartGet)]


def test_a_url_is_asked_for_once_and_the_first_parts_begin_on_the_first_lanes() -> None:
    bench = Bench()
    assert bench.decide() == [hap.Sign()]
    assert bench.decide() == []
    assert bench.sign() == [hap.StartGet(part, "url-1") for part in (1, 2, 3, 4)]
    assert bench.decide() == []


def test_a_part_that_arrived_makes_room_for_the_next() -> None:
    assert started(Bench().begun().tell(hap.Got(2))) == [5]


def test_nothing_missing_is_done_without_a_url() -> None:
    assert Bench(parts=0).decide() == [hap.Done()]


def test_the_last_part_ends_it_and_nothing_follows() -> None:
    bench = Bench(parts=1).begun()
    assert bench.tell(hap.Got(1)) == [hap.Done()]
    assert bench.tell(hap.GetFailed(1, Failure.LINE), hap.Woke()) == []
    assert bench.engine.wake_at() == math.inf


@pytest.mark.parametrize("why", [Failure.LINE, Failure.BUSY, Failure.WRONG])
def test_a_part_that_failed_begins_again_after_a_wait_and_before_others(why: Failure) -> None:
    bench = Bench(rules=ONE).begun()
    decisions = bench.tell(hap.GetFailed(1, why, "why"))
    (retry,) = [d for d in decisions if isinstance(d, hap.Retry)]
    assert (retry.what, retry.reason) == ("part 1", "why")
    assert 0 < retry.wait_s <= 0.5
    assert started(decisions) == [2]
    bench.now += retry.wait_s
    assert started(bench.tell(hap.Got(2))) == [1]


def test_waits_grow_with_the_failures_of_a_part() -> None:
    bench, waits = Bench(parts=1, rules=ONE).begun(), []
    for _ in range(12):
        decisions = bench.tell(hap.GetFailed(1, Failure.LINE))
        waits += [d.wait_s for d in decisions if isinstance(d, hap.Retry)]
        bench.wait()
    assert max(waits[:2]) < 1 < max(waits)
    assert max(waits) <= 20


@pytest.mark.parametrize(("why", "lanes"), [(Failure.LINE, 2), (Failure.WRONG, 4)])
def test_a_failure_of_the_line_halves_the_lanes(why: Failure, lanes: int) -> None:
    bench = Bench().begun()
    begun = set(started(bench.tell(hap.GetFailed(1, why))))
    bench.now += 60
    begun |= set(started(bench.tell(hap.Got(2), hap.Got(3), hap.Got(4))))
    assert len(begun - {2, 3, 4}) == lanes


def test_an_expired_url_is_renewed_once_for_all_lanes() -> None:
    bench = Bench().begun()
    assert bench.tell(hap.GetFailed(1, Failure.REFUSED)) == [hap.Sign()]
    assert bench.tell(*(hap.GetFailed(p, Failure.REFUSED) for p in (2, 3))) == []
    assert bench.sign() == [hap.StartGet(part, "url-2") for part in (1, 2, 3)]
    assert started(bench.tell(hap.GetFailed(4, Failure.REFUSED))) == [4]  # it began by url-1


def test_a_url_that_is_about_to_expire_is_not_used_any_more() -> None:
    bench = Bench(expires_s=100).begun()
    bench.now = 69.9
    assert started(bench.tell(hap.Got(1))) == [5]
    bench.now = 70
    assert bench.tell(hap.Got(2)) == [hap.Sign()]
    assert started(bench.sign()) == [6]


@pytest.mark.parametrize("expires_s", [0.0, -5.0, 1.0])
def test_a_url_of_hardly_any_life_is_still_tried(expires_s: float) -> None:
    assert started(Bench(expires_s=expires_s).begun().tell(hap.Got(1))) == [5]


def test_one_url_after_another_refused_is_the_end() -> None:
    bench = Bench(rules=ONE).begun()
    for _ in range(3):
        bench.tell(hap.GetFailed(1, Failure.REFUSED, "status 403"))
        bench.now += 60
        bench.decide()
        bench.sign()
    (end,) = bench.tell(hap.GetFailed(1, Failure.REFUSED, "status 403"))
    assert isinstance(end, hap.GiveUp)
    assert isinstance(end.error, Withheld)
    assert "status 403" in end.error.message


def test_urls_that_expire_one_by_one_in_a_long_download_are_no_refusals() -> None:
    bench = Bench(parts=40, rules=ONE).begun()
    for part in range(1, 20):
        bench.tell(hap.Got(2 * part - 1))
        assert hap.Sign() in bench.tell(hap.GetFailed(2 * part, Failure.REFUSED))
        bench.sign()
        bench.tell(hap.Got(2 * part))


def test_wrong_bytes_of_one_part_again_and_again_are_the_end() -> None:
    bench = Bench(parts=2).begun()
    for _ in range(3):
        assert isinstance(bench.tell(hap.GetFailed(1, Failure.WRONG))[0], hap.Retry)
        bench.wait()
    decisions = bench.tell(hap.GetFailed(1, Failure.WRONG))
    assert decisions[0] == hap.StopGet(2)
    assert isinstance(decisions[1], hap.GiveUp)
    assert isinstance(decisions[1].error, StoredDiffers)


@pytest.mark.parametrize("failed", [hap.GetFailed(1, Failure.LINE, "dead"), hap.SignFailed("dead")])
def test_an_outage_is_waited_for_but_not_for_ever(failed: hap.Happening) -> None:
    bench, decisions = Bench(parts=1), list[hap.Decision]()
    while bench.now < 2000 and not any(map(_gives_up, decisions)):
        bench.now += 7
        if isinstance(failed, hap.GetFailed) and hap.Sign() in bench.decide():
            bench.sign()
        decisions = bench.tell(failed)
    assert 900 < bench.now < 960
    (end,) = [d for d in decisions if isinstance(d, hap.GiveUp)]
    assert isinstance(end.error, NothingArrives)
    assert "dead" in end.error.message


def test_a_part_that_arrives_ends_an_outage() -> None:
    bench = Bench(parts=3, rules=ONE, expires_s=10**9).begun()
    for part in (2, 3):
        bench.tell(hap.GetFailed(1, Failure.LINE))
        bench.now += 600
        assert started(bench.tell(hap.Got(part))) == [1]
        bench.now += 600
    assert not any(map(_gives_up, bench.tell(hap.GetFailed(1, Failure.LINE))))


def _gives_up(decision: hap.Decision) -> bool:
    return isinstance(decision, hap.GiveUp)


def test_a_service_that_says_when_to_come_back_is_heard() -> None:
    bench = Bench()
    bench.decide()
    (retry,) = bench.tell(hap.SignFailed("busy", at_least_s=30))
    assert isinstance(retry, hap.Retry)
    assert retry.wait_s >= 30
    assert bench.engine.wake_at() >= 30
    assert bench.wait() == [hap.Sign()]


def test_rest_begins_nothing_and_ends_when_all_under_way_is_in() -> None:
    bench = Bench().begun()
    assert bench.tell(hap.Rest()) == []
    assert started(bench.tell(hap.Got(1), hap.GetFailed(2, Failure.LINE), hap.Got(3))) == []
    assert bench.engine.wake_at() == math.inf
    assert bench.tell(hap.Got(4)) == [hap.Rested()]


def test_rest_that_comes_with_the_last_part_is_done() -> None:
    assert Bench(parts=1).begun().tell(hap.Rest(), hap.Got(1)) == [hap.Done()]


def test_waking_restarts_what_is_under_way_at_once_by_a_fresh_url() -> None:
    bench = Bench(parts=3).begun()
    bench.tell(hap.GetFailed(3, Failure.WRONG))
    assert bench.tell(hap.Woke()) == [hap.StopGet(1), hap.StopGet(2), hap.Sign()]
    stopped = [hap.GetFailed(part, Failure.STOPPED) for part in (1, 2)]
    assert bench.tell(*stopped) == []
    assert bench.sign() == [hap.StartGet(part, "url-2") for part in (1, 2, 3)]


def test_waking_does_not_wait_for_the_next_try_at_the_service() -> None:
    bench = Bench()
    bench.decide()
    bench.tell(hap.SignFailed("asleep", at_least_s=60))
    assert bench.tell(hap.Woke()) == [hap.Sign()]


def test_lanes_grow_while_that_makes_it_faster() -> None:
    bench = Bench(parts=400, rules=Rules()).begun()
    most, under_way = 4, {1, 2, 3, 4}
    for _ in range(200):
        bench.now += 0.25
        decisions = bench.tell(hap.Moved(len(under_way) * 250_000))
        if bench.now % 1 == 0:
            done = min(under_way)
            under_way.discard(done)
            decisions += bench.tell(hap.Got(done))
        under_way |= set(started(decisions))
        most = max(most, len(under_way))
    assert most == 16


PARTS = 12
MOST = 3
DEEDS = ["got", "line", "busy", "refused", "wrong", "stopped", "sign", "no_sign", "wait"]


class World:
    """Lanes and a service in every mood; checks the promises at each step."""

    def __init__(self, seed: int, rules: Rules) -> None:
        self.engine = Engine(range(1, PARTS + 1), Random(seed), rules)
        self.now, self.urls = 0.0, 0
        self.lanes: dict[int, str] = {}
        self.got: Counter[int] = Counter()
        self.asked = self.resting = False
        self.end: hap.Decision | None = None
        self.decide()

    def decide(self) -> None:
        for decision in self.engine.decide(self.now):
            assert self.end is None, "nothing follows an end"
            match decision:
                case hap.StartGet(part, url):
                    assert not self.resting, "nothing begins after Rest"
                    assert part not in self.lanes, "a part is never on two lanes"
                    assert not self.got[part], "what is there is not fetched again"
                    assert url == f"url-{self.urls}", "only the freshest URL is used"
                    self.lanes[part] = url
                    assert len(self.lanes) <= MOST
                case hap.Sign():
                    assert not self.asked, "one URL is asked for at a time"
                    self.asked = True
                case hap.Done() | hap.Rested() | hap.GiveUp():
                    self.end = decision

    def tell(self, happening: hap.Happening) -> None:
        self.engine.handle(happening, self.now)
        self.decide()

    def do(self, deed: str) -> None:
        match deed:
            case "sign" | "no_sign" if self.asked:
                self.asked = False
                self.urls += deed == "sign"
                signed = hap.Signed(f"url-{self.urls}", 60)
                self.tell(signed if deed == "sign" else hap.SignFailed("no"))
            case "wait":
                self.now = max(self.now + 0.1, min(self.engine.wake_at(), self.now + 30))
                self.decide()
            case "rest":
                self.resting = True
                self.tell(hap.Rest())
            case "wake":
                self.tell(hap.Woke())
            case "got" | "line" | "busy" | "refused" | "wrong" | "stopped" if self.lanes:
                self._end_get(deed)

    def _end_get(self, deed: str) -> None:
        part = next(iter(self.lanes))
        del self.lanes[part]
        self.tell(hap.Moved(100))
        self.got[part] += deed == "got"
        self.tell(hap.Got(part) if deed == "got" else hap.GetFailed(part, Failure[deed.upper()]))


ENDLESS = Rules(
    connections=MOST, first=2, wrongs=10**6, refusals=10**6, patience_s=10**9, renew_s=10
)
STORY = st.lists(st.sampled_from([*DEEDS, "wake"]), max_size=150)


@settings(max_examples=300, deadline=None)
@given(STORY, st.integers(0, 2**32))
def test_after_every_story_of_faults_each_part_has_arrived_once(
    story: list[str], seed: int
) -> None:
    world = World(seed, ENDLESS)
    for deed in story:
        world.do(deed)
    for _ in range(10 * PARTS):
        for deed in ("sign", "got", "wait"):
            world.do(deed)
    assert world.end == hap.Done()
    assert world.got == dict.fromkeys(range(1, PARTS + 1), 1)


@settings(max_examples=200, deadline=None)
@given(STORY, STORY, st.integers(0, 2**32))
def test_a_rest_amid_any_story_comes_to_rest(
    before: list[str], after: list[str], seed: int
) -> None:
    world = World(seed, ENDLESS)
    for deed in [*before, "rest", *after]:
        world.do(deed)
    for _ in range(MOST + 1):
        world.do("got")
    assert world.end in (hap.Rested(), hap.Done())
    assert not world.lanes


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["line", "busy", "refused", "wrong", "no_sign"]), st.integers(0, 2**32))
def test_a_fault_that_never_ends_ends_the_download(fault: str, seed: int) -> None:
    world = World(seed, Rules(connections=MOST, first=2))
    for _ in range(3000):
        for deed in ("sign" if fault != "no_sign" else fault, fault, "wait"):
            world.do(deed)
    assert isinstance(world.end, hap.GiveUp)
    assert world.now < 200_000
