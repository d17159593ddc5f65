"""A service of the first version, and this client: each of its answers is understood for ever."""

import json
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from manyhands import wire
from manyhands.net.api import Api
from manyhands.net.transport import Answer
from tests.client.test_wire import KINDS

FIRST = Path(__file__).resolve().parents[1] / "wire" / "v1"
REPLIES = [kind for kind in KINDS if kind.endswith("reply")]


class Session:
    def token(self) -> str:
        return "token"

    def renewed(self, refused: str) -> str:
        return "token"


class FirstService:
    """Answers as the first version did, and keeps what it was asked."""

    def __init__(self) -> None:
        self.headers: list[Mapping[str, str]] = []

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, **_: object
    ) -> Answer:
        self.headers.append(headers)
        return Answer(200, {}, (FIRST / "me_reply.json").read_bytes())


@pytest.mark.parametrize("kind", REPLIES)
def test_each_answer_of_the_first_version_is_read_whole(kind: str) -> None:
    body = (FIRST / f"{kind}.json").read_bytes()
    read = msgspec.to_builtins(wire.decode(body, KINDS[kind]))
    assert json.loads(body).items() <= read.items()


def test_a_service_that_does_not_say_speaks_the_first_version() -> None:
    assert "protocol" not in json.loads((FIRST / "me_reply.json").read_text())
    assert Api("http://127.0.0.1:9/api", Session(), FirstService()).me().protocol == 1


def test_each_call_says_which_protocol_it_speaks() -> None:
    service = FirstService()
    Api("http://127.0.0.1:9/api", Session(), service).me()
    assert [said["Manyhands-Protocol"] for said in service.headers] == [str(wire.PROTOCOL)]
