"""The golden messages: what every implementation of the protocol reads and writes alike."""

import json
from pathlib import Path

import msgspec
import pytest

from manyhands import wire
from manyhands.errors import NotUnderstood

GOLDEN = Path(__file__).parent.parent / "wire"
KINDS: dict[str, type[msgspec.Struct]] = {
    "create_request": wire.CreateRequest,
    "create_reply": wire.CreateReply,
    "page_request": wire.PageRequest,
    "page_reply": wire.PageReply,
    "known_reply": wire.KnownReply,
    "exchange_request": wire.ExchangeRequest,
    "exchange_reply": wire.ExchangeReply,
    "upload_reply": wire.UploadReply,
    "list_reply": wire.ListReply,
    "me_reply": wire.MeReply,
    "download_reply": wire.DownloadReply,
    "error_reply": wire.ErrorReply,
}


def test_every_golden_message_is_read_here() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} >= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_golden_message_survives_reading_and_writing(kind: str) -> None:
    golden = (GOLDEN / f"{kind}.json").read_bytes()
    message = wire.decode(golden, KINDS[kind])
    assert json.loads(wire.encode(message)) == json.loads(golden)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.endswith("reply")])
def test_a_reply_may_hold_more_than_is_known_here(kind: str) -> None:
    golden = json.loads((GOLDEN / f"{kind}.json").read_bytes())
    newer = json.dumps(golden | {"of_a_newer_server": [1, {"a": None}]}).encode()
    assert wire.decode(newer, KINDS[kind]) == wire.decode(json.dumps(golden).encode(), KINDS[kind])


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'{"parts_known":"3"}', b"\xff"])
def test_an_answer_of_another_shape_is_not_understood(body: bytes) -> None:
    with pytest.raises(NotUnderstood):
        wire.decode(body, wire.KnownReply)
