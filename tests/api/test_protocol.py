"""Programs and services of different ages: what is understood, and what is refused in words."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.wire import PROTOCOL
from tests.calls import Answer, Caller, File

FIRST = Path(__file__).resolve().parents[1] / "wire" / "v1"
SAYS = "Manyhands-Protocol"


def post(caller: Caller, body: Any, protocol: str | None) -> Answer:
    said = {} if protocol is None else {SAYS: protocol}
    return caller.call("POST", "/uploads", json.dumps(body).encode(), said)


def test_a_program_of_a_later_protocol_may_say_what_is_not_known_here(ana: Caller) -> None:
    wanted = File.of(3, name="later.txt").described(priority={"of": "later"})
    assert post(ana, wanted, str(PROTOCOL + 1)).status == 201
    assert post(ana, wanted, "9999").status == 200


@pytest.mark.parametrize("protocol", [None, "1", str(PROTOCOL)])
def test_of_any_other_a_field_that_is_not_known_is_a_mistake(
    ana: Caller, protocol: str | None
) -> None:
    refused = post(ana, File.of(3).described(priority=1), protocol)
    assert (refused.status, refused.code) == (400, "invalid_request")
    assert "priority" in refused.body["message"]


def test_also_of_a_later_one_what_is_known_must_be_right(ana: Caller) -> None:
    assert post(ana, File.of(3).described(size="3"), "9").code == "invalid_request"


@pytest.mark.parametrize("protocol", ["0", "", "one", "-1", "1.5", "99999"])
def test_what_is_not_served_is_refused_before_anything_else(stack: Any, protocol: str) -> None:
    refused = Caller(stack.url, "").get("/me", **{SAYS: protocol})
    assert (refused.status, refused.code) == (400, "protocol_not_served")
    assert refused.body["details"] == {"oldest": 1, "protocol": PROTOCOL}
    assert not refused.body["retryable"]


def test_the_service_says_which_protocol_it_speaks(ana: Caller) -> None:
    assert ana.get("/me").body["protocol"] == PROTOCOL


def test_an_upload_by_the_first_versions_messages_goes_through(ana: Caller) -> None:
    """They name no protocol, as clients of the first days."""
    first = json.loads((FIRST / "create_request.json").read_text())
    created = post(ana, first, None)
    assert (created.status, created.body["outcome"]) == (201, "created")
    upload = created.body["upload"]["id"]
    said = json.loads((FIRST / "exchange_request.json").read_text())
    now = {"holding": [], "done": [], "generation": created.body["upload"]["generation"]}
    answer = ana.post(f"/uploads/{upload}/tickets", said | now)
    assert answer.status == 200, answer.body
    assert [ticket["part"] for ticket in answer.body["tickets"]] == [1, 2]
    assert ana.post(f"/uploads/{upload}/cancel").status == 200
