"""The golden messages that all implementations read, as the server reads and writes them."""

import json
from pathlib import Path

import msgspec
import pytest

from chalicelib import wire

GOLDEN = Path(__file__).resolve().parents[1] / "wire"

REQUESTS = {
    "create_request": wire.CreateRequest,
    "page_request": wire.PageRequest,
    "exchange_request": wire.ExchangeRequest,
}
REPLIES = {
    "create_reply": wire.CreateReply,
    "download_reply": wire.DownloadReply,
    "error_reply": wire.ErrorReply,
    "exchange_reply": wire.ExchangeReply,
    "page_reply": wire.PageReply,
    "known_reply": wire.KnownReply,
    "list_reply": wire.ListReply,
    "me_reply": wire.MeReply,
    "upload_reply": wire.UploadReply,
}


def test_every_golden_message_is_known_here() -> None:
    assert {p.stem for p in GOLDEN.glob("*.json")} == {*REQUESTS, *REPLIES}


@pytest.mark.parametrize("name", REQUESTS)
def test_golden_requests_are_read_without_a_loss(name: str) -> None:
    body = (GOLDEN / f"{name}.json").read_bytes()
    request = wire.decode(body, REQUESTS[name])
    assert msgspec.to_builtins(request) == json.loads(body)


@pytest.mark.parametrize("name", REPLIES)
def test_golden_replies_are_written_as_they_stand(name: str) -> None:
    body = (GOLDEN / f"{name}.json").read_bytes()
    reply = msgspec.json.decode(body, type=REPLIES[name], strict=True)
    assert json.loads(wire.encode(reply)) == json.loads(body)
