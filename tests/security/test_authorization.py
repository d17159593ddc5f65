"""Who may do what: every route of the API document, for everybody who could knock.

The document says which routes there are, the table what each answers to whom. A route without a
row fails, and so does a row without a route. What a token is worth does not depend on the route,
so for forged ones a table of their own suffices.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from chalicelib.domain.status import Status
from local.stack import Stack
from tests.calls import Answer, Caller, File
from tests.security.conftest import Make
from tests.security.tokens import forgeries

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text())
ROUTES = [(method.upper(), path) for path, entry in DOCUMENT["paths"].items() for method in entry]
NOWHERE = "a" * 26
"""An id that no upload has."""

HIDDEN = "404 no_such_upload"


@dataclass(frozen=True)
class Row:
    """What owner, another member and a stranger are told; ``on``: the upload's status before."""

    owner: str
    member: str
    stranger: str = HIDDEN
    on: Status = Status.INITIALIZED


TABLE = {
    "GET /me": Row("200", "200", "200"),
    "GET /uploads": Row("200", "200", "403 not_in_group"),
    "POST /uploads": Row("201", "201", "403 not_in_group"),
    "GET /uploads/{id}": Row("200", "200"),
    "DELETE /uploads/{id}": Row("200", "403 not_owner", on=Status.COMPLETE),
    "GET /uploads/{id}/download": Row("200", "200", on=Status.COMPLETE),
    "GET /uploads/{id}/manifest/{page}": Row("200", "200"),
    "PUT /uploads/{id}/manifest/{page}": Row("409 content_differs", "403 not_owner"),
    "POST /uploads/{id}/tickets": Row("200", "200"),
    "POST /uploads/{id}/pause": Row("200", "200"),
    "POST /uploads/{id}/resume": Row("409 wrong_status", "409 wrong_status"),
    "POST /uploads/{id}/cancel": Row("200", "403 not_owner"),
}

NO_GOOD = {"nobody": "401 token_missing", "expired": "401 token_expired"}
"""What a token that is no good is told; every other one, that it is invalid."""

WRONG = (
    "nobody",
    "expired",
    "an id token",
    "said to be no access token",
    "of another app",
    "of another pool",
    "of another region",
    "for nobody",
    "without a signature",
    "with the public key as a secret",
    "with a guessed secret",
    "by another key",
    "with claims of the owner in it",
    "junk",
    "only dots",
)

BODIES: dict[str, Callable[[], Any]] = {
    "CreateRequest": lambda: File.of(9, name="matrix.mov").described(),
    "PageRequest": lambda: {"digests": ["A" * 43 + "="]},
    "ExchangeRequest": lambda: {
        "client": "c" * 8,
        "label": "x",
        "seq": 1,
        "holding": [],
        "done": [],
        "want": 1,
        "rate": 0,
    },
}


@pytest.fixture(scope="module")
def wrong(stack: Stack) -> Iterator[dict[str, Caller]]:
    tokens = forgeries(stack, "ana", "cleo")
    found = {why: Caller(stack.url, f"Bearer {token}") for why, token in tokens.items()}
    yield found | {"nobody": Caller(stack.url, "")}


def knock(caller: Caller, method: str, path: str, upload: str) -> Answer:
    """Call the route with a body that the document asks for."""
    asked = DOCUMENT["paths"][path][method.lower()].get("requestBody")
    name = asked["content"]["application/json"]["schema"]["$ref"] if asked else ""
    body = json.dumps(BODIES[name.rpartition("/")[2]]()).encode() if asked else b""
    target = path.format(id=upload, page=0) + ("?group=film" if path == "/uploads" else "")
    return caller.call(method, target, body)


def told(answer: Answer) -> str:
    return f"{answer.status} {answer.code}" if answer.status >= 400 else str(answer.status)


def look(caller: Caller, upload: str) -> Any:
    """What a member sees of it; the notice of its end may still be on its way."""
    return caller.get(f"/uploads/{upload}").body["upload"]


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    assert {f"{method} {path}" for method, path in ROUTES} == set(TABLE)


def test_every_forgery_is_tried(wrong: dict[str, Caller]) -> None:
    assert set(WRONG) == set(wrong)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_token_that_is_no_good_opens_no_route(
    wrong: dict[str, Caller], ana: Caller, make: Make, method: str, path: str
) -> None:
    upload = make(TABLE[f"{method} {path}"].on)
    before = look(ana, upload)
    answers = {}
    for why, caller in wrong.items():
        answer = knock(caller, method, path, upload)
        answers[why] = told(answer)
        assert answer.body["details"] == {}, "nothing of a token is told"
    assert answers == {why: NO_GOOD.get(why, "401 token_invalid") for why in WRONG}
    assert look(ana, upload) == before


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_owner_member_and_stranger_are_told_what_is_theirs(
    ana: Caller, ben: Caller, cleo: Caller, make: Make, method: str, path: str
) -> None:
    row = TABLE[f"{method} {path}"]
    uploads = [make(row.on) for _ in range(3)]
    before = look(ana, uploads[2])
    answers = (
        told(knock(c, method, path, u)) for c, u in zip((ana, ben, cleo), uploads, strict=True)
    )
    assert tuple(answers) == (row.owner, row.member, row.stranger)
    assert look(ana, uploads[2]) == before, "a stranger changed it"


@pytest.mark.parametrize("on", [Status.INITIALIZED, Status.COMPLETE, Status.CANCELLED])
def test_to_a_stranger_an_upload_of_others_and_none_are_the_same(
    ana: Caller, cleo: Caller, make: Make, on: Status
) -> None:
    upload = make(on)
    if on is Status.CANCELLED:
        ana.post(f"/uploads/{upload}/cancel")
    for method, path in ROUTES:
        if "{id}" in path:
            theirs = knock(cleo, method, path, upload)
            nobodys = knock(cleo, method, path, NOWHERE)
            assert told(theirs) == HIDDEN
            assert (theirs.body, heads(theirs)) == (nobodys.body, heads(nobodys))


def test_to_a_stranger_a_group_of_others_and_none_are_the_same(cleo: Caller) -> None:
    for method in ("GET", "POST"):
        answers = []
        for group in ("film", "none"):
            body = (
                json.dumps(File.of(9).described(group=group)).encode() if method == "POST" else b""
            )
            answer = cleo.call(method, f"/uploads?group={group}", body)
            answers.append((told(answer), heads(answer), answer.body["message"]))
            assert answer.body["details"] == {"group": group}
        assert answers[0] == answers[1]


def heads(answer: Answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "Date"}
