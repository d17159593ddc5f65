"""Bad input: each with its own code, and nothing lost."""

import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from local.stack import Stack
from tests.calls import HTTP, PART, Caller, Device, File
from tests.recorder import Recorder


@pytest.fixture
def upload(ana: Caller) -> str:
    return str(
        ana.post("/uploads", File.of(3 * PART, name="refused").described()).body["upload"]["id"]
    )


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer ", "Basic YTpi", "junk", "Bearer\tx"])
def test_what_is_no_bearer_token_is_not_one(stack: Stack, authorization: str) -> None:
    assert Caller(stack.url, authorization).get("/me").code in {"token_missing", "token_invalid"}


def test_a_group_one_is_not_in(cleo: Caller) -> None:
    answer = cleo.post("/uploads", File.of(1).described())
    assert (answer.status, answer.code) == (403, "not_in_group")
    assert cleo.get("/uploads?group=film").code == "not_in_group"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "bad_json"),
        (b"{", "bad_json"),
        (b"\xff\xfe", "bad_json"),
        (b"[]", "invalid_request"),
        (b"null", "invalid_request"),
        (b"[" * 50_000, "invalid_request"),
        (b"{}", "invalid_request"),
        (b'{"a":1}', "invalid_request"),
        (b"x" * 300_000, "body_too_large"),
        (b"x" * (11 * 1024 * 1024), "body_too_large"),
    ],
)
@pytest.mark.parametrize("path", ["/uploads", "/uploads/{id}/tickets"])
def test_bodies_that_are_not_what_they_should_be(
    ana: Caller, upload: str, path: str, body: bytes, code: str
) -> None:
    answer = ana.call("POST", path.format(id=upload), body)
    assert answer.code == code
    assert answer.status in {400, 413}


@pytest.mark.parametrize(
    "fields",
    [
        {"size": -1},
        {"size": "1"},
        {"size": 1.5},
        {"size": True},
        {"size": 2**60},
        {"name": ""},
        {"name": None},
        {"name": "x" * 2_000},
        {"group": 7},
        {"digests": []},
        {"digests": [1]},
        {"digests": ["x"] * 200},
        {"part_size": -5},
        {"checksum": "nonsense"},
        {"unknown": 1},
    ],
)
def test_fields_of_a_wrong_type_or_range_are_named(ana: Caller, fields: dict[str, Any]) -> None:
    answer = ana.post("/uploads", File.of(1).described(**fields))
    assert answer.code == "invalid_request"
    assert next(iter(fields)) in answer.body["message"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"part_size": 6 * 1024 * 1024}, "part_size_differs"),
        ({"size": 2**53 - 1}, "file_too_large"),
        ({"digests": ["A" * 44]}, "digest_malformed"),
        ({"digests": ["abc"]}, "digest_malformed"),
        ({"digests": ["A" * 43 + "="] * 2}, "invalid_request"),
        ({"name": "../../etc/passwd"}, "name_not_usable"),
        ({"name": "two\nlines"}, "name_not_usable"),
        ({"name": "invoice\u202etxt.exe"}, "name_not_usable"),
        ({"name": "x" * 400}, "name_not_usable"),
        ({"name": "nul\u0000"}, "name_not_usable"),
    ],
)
def test_files_that_cannot_be_taken(ana: Caller, fields: dict[str, Any], code: str) -> None:
    assert ana.post("/uploads", File.of(1).described(**fields)).code == code


@pytest.mark.parametrize("name", ["日本語.txt", "مرحبا.pdf", "👩‍🚀.png", "a'b\"c%.txt", "ё" * 127])
def test_names_of_any_script_are_kept(ana: Caller, name: str) -> None:
    answer = ana.post("/uploads", File.of(9, name=name).described())
    assert answer.body["upload"]["name"] == name
    ana.post(f"/uploads/{answer.body['upload']['id']}/cancel")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"holding": [4]}, "part_out_of_range"),
        ({"done": [4]}, "part_out_of_range"),
        ({"done": [0]}, "invalid_request"),
        ({"done": [1]}, "ticket_not_taken"),
        ({"holding": [10_001]}, "invalid_request"),
        ({"client": "short"}, "invalid_request"),
        ({"client": "no spaces!"}, "invalid_request"),
        ({"seq": 0}, "invalid_request"),
        ({"want": -1}, "invalid_request"),
        ({"rate": -1}, "invalid_request"),
        ({"label": ""}, "invalid_request"),
    ],
)
def test_exchanges_that_make_no_sense(
    ana: Caller, upload: str, fields: dict[str, Any], code: str
) -> None:
    assert Device(ana, upload).exchange(**fields).code == code


def test_holding_too_many_tickets(ana: Caller) -> None:
    described = File(b"", name="many").described(size=100 * PART, digests=["A" * 43 + "="] * 8)
    many = ana.post("/uploads", described).body["upload"]["id"]
    answer = Device(ana, many).exchange(holding=list(range(1, 66)))
    assert (answer.code, answer.body["details"]) == ("too_many_held", {"held": 65, "limit": 64})


def test_somebody_elses_client_id_and_an_exchange_out_of_order(
    ana: Caller, ben: Caller, upload: str
) -> None:
    mine = Device(ana, upload)
    mine.exchange(want=1)
    mine.exchange(want=1)
    theirs = Device(ben, upload)
    theirs.client = mine.client
    assert theirs.exchange().code == "client_taken"
    assert mine.exchange(seq=1).code == "stale_exchange"


def test_an_exchange_and_a_page_for_what_was_there_before(ana: Caller) -> None:
    device, described = Device(ana, ""), File.of(2, name="again").described()
    for generation in (1, 2):
        upload = ana.post("/uploads", described).body["upload"]
        assert upload["generation"] == generation
        device.upload = upload["id"]
        assert device.exchange(generation=generation).status == 200
        if generation == 1:
            ana.post(f"/uploads/{device.upload}/cancel")
    late = device.exchange(generation=1)
    assert (late.status, late.code, late.body["retryable"]) == (409, "begun_anew", False)
    page = {"digests": described["digests"], "generation": 1}
    assert ana.put(f"/uploads/{device.upload}/manifest/0", page).code == "begun_anew"


@pytest.mark.parametrize("page", ["-1", "x", "1e3", "99999", "7", "1" * 5_000], ids=lambda p: p[:8])
def test_pages_that_the_file_does_not_have(ana: Caller, upload: str, page: str) -> None:
    answer = ana.put(f"/uploads/{upload}/manifest/{page}", {"digests": ["A" * 43 + "="]})
    assert answer.code in {"invalid_request", "page_out_of_order"}


ENDLESS = "1" * 5_000
"""More digits than Python makes a number of."""


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=51", "limit=x", "limit=²", f"limit={ENDLESS}", "cursor=???"],
    ids=lambda query: query[:12],
)
def test_lists_asked_for_in_a_wrong_way(ana: Caller, query: str) -> None:
    assert ana.get(f"/uploads?{query}").code == "invalid_request"


def test_unknown_addresses_other_verbs_and_other_media_have_the_same_shape(
    stack: Stack, ana: Caller
) -> None:
    assert ana.get("/nothing").code == "no_such_route"
    assert Caller(stack.url, "").get("/nothing").code == "no_such_route"
    assert ana.call("PATCH", "/me").code == "method_not_allowed"
    answer = HTTP.request(
        "POST",
        f"{stack.url}/api/uploads",
        body=b"a=b",
        headers={"Authorization": ana.authorization, "Content-Type": "text/plain"},
    )
    assert (answer.status, answer.json()["code"]) == (415, "not_json")


def test_what_cannot_be_an_id_is_not_there_and_costs_no_call(
    ana: Caller, recorder: Recorder
) -> None:
    before = len(recorder.calls)
    for id in ("x", "A" * 26, "a" * 27, "a" * 3_000, "..%2f..", "BOARD", "%00"):
        assert ana.get(f"/uploads/{id}").code == "no_such_upload"
    assert len(recorder.calls) == before


def test_the_page_cannot_be_left_by_its_path(stack: Stack) -> None:
    for path in ("/../app.py", "/%2e%2e/app.py", "/..%2fapp.py", "//etc/passwd", "/.%00./x"):
        assert HTTP.request("GET", f"{stack.url}{path}").status == 404


def test_an_answer_leaves_in_one_piece(stack: Stack, ana: Caller) -> None:
    """Head and body in two writes would cost 40 ms each time, by Nagle's algorithm."""
    address = urlsplit(stack.url)
    request = f"GET /api/me HTTP/1.1\r\nHost: x\r\nAuthorization: {ana.authorization}\r\n\r\n"
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(request.encode())
        assert b'"limits"' in connection.recv(65_536)
