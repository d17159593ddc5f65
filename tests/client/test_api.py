"""Calls to the service: repeated when that helps, and only then."""

from pathlib import Path
from random import Random

import pytest

from manyhands.account.auth import StoredSession
from manyhands.errors import NotSignedIn, NotUnderstood, Refused, Unreachable
from manyhands.net.api import Api, Patience
from manyhands.net.transport import Answer, PoolTransport
from tests.client.fake_board import PART, FakeBoard
from tests.client.fake_service import FakeService
from tests.client.runs import HASTE, signed_in


class Caller:
    """An ``Api`` whose sleeps are written down and not slept."""

    def __init__(self, service: FakeService, folder: Path, tries: int = 4) -> None:
        self.slept: list[float] = []
        transport = PoolTransport()
        self.api = Api(
            f"{service.url}/api",
            StoredSession(signed_in(service, folder), transport),
            transport,
            patience=Patience(tries=tries, timeout_s=5, backoff=HASTE),
            sleep=self.slept.append,
            rng=Random(1),
        )


@pytest.fixture
def caller(service: FakeService, tmp_path: Path) -> Caller:
    return Caller(service, tmp_path)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_an_answer_that_may_be_better_later_is_asked_for_again(
    service: FakeService, caller: Caller, status: int
) -> None:
    service.fail("GET", "/me", status=status, times=3)
    assert caller.api.me().user.name == "ana"
    assert len(caller.slept) == 3
    assert max(caller.slept) <= HASTE.cap_s


def test_a_wait_is_never_shorter_than_the_service_asks(
    service: FakeService, caller: Caller
) -> None:
    service.fail("GET", "/me", status=503, headers={"Retry-After": "7"})
    service.fail("GET", "/me", status=503, headers={"Retry-After": "86400"})
    service.fail("GET", "/me", status=503, headers={"Retry-After": "Fri, 01 Jan 2027 00:00:00 GMT"})
    caller.api.me()
    assert caller.slept[0] == 7
    assert caller.slept[1] == 60
    assert caller.slept[2] <= HASTE.cap_s


def test_a_lost_answer_is_asked_for_again(service: FakeService, caller: Caller) -> None:
    service.fail("GET", "/me", lose_answer=True)
    assert caller.api.me().user.name == "ana"


def test_a_list_comes_in_pages_of_the_length_that_was_asked_for(
    service: FakeService, caller: Caller
) -> None:
    for id in ("a", "b", "c"):
        service.boards[id] = FakeBoard(id, "film", id, 1, PART, [])
    first = caller.api.uploads("film", limit=2)
    assert (len(first.uploads), len(caller.api.uploads("film", first.next).uploads)) == (2, 1)
    assert caller.api.uploads("film").next is None


def test_patience_ends(service: FakeService, caller: Caller) -> None:
    service.fail("GET", "/me", status=503, times=4)
    with pytest.raises(Refused) as refused:
        caller.api.me()
    assert (refused.value.code, refused.value.retryable) == ("unavailable", True)
    assert len(caller.slept) == 3


@pytest.mark.parametrize(
    ("status", "code", "retryable"),
    [
        (429, "too_many_requests", True),
        (500, "unavailable", True),
        (502, "unavailable", True),
        (504, "unavailable", True),
        (400, "bad_request", False),
        (403, "bad_request", False),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>Oops</html>", b'{"message": "Limit Exceeded"}'])
def test_an_answer_of_something_on_the_way_is_told_by_its_status(
    service: FakeService, caller: Caller, status: int, code: str, retryable: bool, body: bytes
) -> None:
    service.fail("GET", "/me", status=status, body=body, times=4)
    with pytest.raises(Refused, match="Nothing ") as refused:
        caller.api.me()
    told = refused.value
    assert (told.status, told.code, told.retryable) == (status, code, retryable)


def test_a_refusal_is_not_repeated_and_keeps_its_code(service: FakeService, caller: Caller) -> None:
    body = b'{"code":"of_the_future","message":"No.","retryable":false,"details":{"n":1}}'
    service.fail("GET", "/me", status=409, body=body, times=9)
    with pytest.raises(Refused) as refused:
        caller.api.me()
    error = refused.value
    assert (error.code, error.message, error.details) == ("of_the_future", "No.", {"n": 1})
    assert (caller.slept, error.exit_code) == ([], 254)


def test_a_refusal_that_calls_itself_retryable_is_repeated(
    service: FakeService, caller: Caller
) -> None:
    body = b'{"code":"board_busy","message":"Busy.","retryable":true,"details":{}}'
    service.fail("GET", "/me", status=400, body=body)
    assert caller.api.me().user.name == "ana"


def test_a_401_gets_a_fresh_token_once(service: FakeService, caller: Caller) -> None:
    service.tokens = {"token-2"}
    assert caller.api.me().user.name == "ana"
    assert service.renewals == 1
    service.fail("GET", "/me", status=401, times=2)
    with pytest.raises(Refused) as refused:
        caller.api.me()
    assert refused.value.status == 401


def test_a_sign_in_that_cannot_be_renewed_asks_for_a_new_one(
    service: FakeService, caller: Caller
) -> None:
    service.tokens = set()
    service.fail("POST", "^/$", status=400, body=b'{"__type":"NotAuthorizedException"}')
    with pytest.raises(NotSignedIn, match="manyhands login"):
        caller.api.me()


def test_an_answer_from_somebody_else_is_not_taken_for_the_services(
    service: FakeService, caller: Caller
) -> None:
    service.fail("GET", "/me", status=200, body=b"<html>Welcome to our Wi-Fi</html>")
    with pytest.raises(NotUnderstood):
        caller.api.me()


def test_a_service_that_is_not_there_is_unreachable(service: FakeService, tmp_path: Path) -> None:
    transport = PoolTransport()
    session = StoredSession(signed_in(service, tmp_path), transport)
    api = Api("http://127.0.0.1:9/api", session, transport, patience=Patience(tries=1))
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:9"):
        api.me()


class Silent:
    """A ``Transport`` by which no answer ever comes, and says how long it would have waited."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def send(self, method: str, url: str, *, timeout_s: float, **_: object) -> Answer:
        self.waits.append(timeout_s)
        raise Unreachable("No answer.")


def test_a_dead_connection_is_left_soon_and_a_slow_service_is_given_more_time(
    service: FakeService, tmp_path: Path
) -> None:
    silent = Silent()
    session = StoredSession(signed_in(service, tmp_path), PoolTransport())
    api = Api("http://127.0.0.1:9/api", session, silent, sleep=lambda _: None)
    with pytest.raises(Unreachable):
        api.me()
    assert silent.waits == [10, 20, 40, 40, 40, 40]
