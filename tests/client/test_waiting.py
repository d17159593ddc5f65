"""No answer: it is said soon, and it ends within a minute."""

import threading
from collections.abc import Callable

import pytest

from manyhands.cli import waiting
from manyhands.errors import Refused, Unreachable
from manyhands.net import slowness
from manyhands.net.api import Api, Patience
from manyhands.net.transport import Answer
from tests.client.commands import Command
from tests.client.fake_service import FakeService


class Frozen:
    """A service that takes every request and answers none; a clock that its waits move on."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.answer: Answer | None = None

    def send(self, *_: object, timeout_s: float, **__: object) -> Answer:
        self.waits.append(timeout_s)
        self.sleep(timeout_s)
        self.meanwhile()
        if self.answer:
            return self.answer
        raise Unreachable("Nobody answers.")

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def token(self) -> str:
        return "token"

    def renewed(self, refused: str) -> str:
        return refused

    def api(self, patience: Patience) -> Api:
        return Api(
            "http://x.example",
            self,
            self,
            patience=patience,
            sleep=self.sleep,
            timer=lambda: self.now,
        )


def slowness_over() -> None:
    """Until the timer of the call under way has gone off."""
    for each in threading.enumerate():
        if isinstance(each, threading.Timer):
            each.join(10)


def test_who_looks_waits_three_quarters_of_a_minute_and_a_transfer_longer() -> None:
    looking, carrying = Frozen(), Frozen()
    with pytest.raises(Unreachable):
        looking.api(waiting.LOOKING).me()
    assert 40 < looking.now < 50
    assert len(looking.waits) == 3
    with pytest.raises(Unreachable):
        carrying.api(Patience()).me()
    assert carrying.now > 150


def test_a_wait_is_told_once_and_a_quick_answer_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    never: list[int] = []
    with slowness.told(lambda: never.append(1)):
        (timer,) = [each for each in threading.enumerate() if isinstance(each, threading.Timer)]
    timer.join(10)
    assert never == []
    monkeypatch.setattr(slowness, "SLOW_S", 0.01)
    told = threading.Event()
    with slowness.told(told.set):
        assert told.wait(10)


@pytest.mark.parametrize(
    "arguments", [("list",), ("status", "u1"), ("board", "u1"), ("whoami",), ("pause", "u1")]
)
def test_whoever_waits_for_the_service_reads_so_on_stderr(
    service: FakeService,
    member: Command,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
) -> None:
    said, tell = threading.Event(), waiting.tell

    def telling(host: str) -> None:
        tell(host)
        said.set()

    monkeypatch.setattr(waiting, "tell", telling)
    monkeypatch.setattr(slowness, "SLOW_S", 0.01)
    service.fail("GET", "/", before=lambda: said.wait(10))
    service.fail("POST", "/pause", before=lambda: said.wait(10))
    member(*arguments)
    where = service.url.removeprefix("http://")
    assert f"No answer yet from {where}; trying again…" in member.err


def test_an_outage_is_told_once_until_an_answer_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slowness, "SLOW_S", 0.001)
    frozen, told = Frozen(), list[str]()
    silence = slowness.Silence(told.append)
    patience = Patience(tries=1, timeout_s=1.0)
    api = Api("http://x.example:8080/api", frozen, frozen, patience=patience, slow=silence)
    frozen.meanwhile = slowness_over
    for way in (api, api.through(frozen), api):
        with pytest.raises(Unreachable):
            way.me()
    assert told == ["x.example:8080"]
    frozen.answer = Answer(404, {}, b"")
    with pytest.raises(Refused):
        api.me()
    frozen.answer = None
    with pytest.raises(Unreachable):
        api.me()
    assert told == 2 * ["x.example:8080"]
