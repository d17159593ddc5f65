"""Signing in by browser: what is asked, what may come back, and how long is waited."""

import base64
import hashlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import urllib3

from local.stack import TEMPLATE
from local.template import load
from manyhands.account.code_grant import Ask, person_of
from manyhands.account.loopback import PORTS, Loopback, address
from manyhands.account.service import Config, Places
from manyhands.account.signing import by_browser
from manyhands.account.store import Account
from manyhands.errors import (
    NotConfigured,
    PortsTaken,
    SignInRefused,
    SignInTimedOut,
    Unreachable,
)
from manyhands.net.transport import PoolTransport
from tests.client.fake_service import FakeService

HTTP = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(5))
FREE = (0,)


@pytest.fixture
def back() -> Iterator[Loopback]:
    with Loopback("right", FREE) as made:
        yield made


def come(url: str, **query: str) -> Any:
    return HTTP.request("GET", f"{url}?{urlencode(query)}")


def test_the_challenge_is_the_hash_of_a_verifier_that_is_never_shown() -> None:
    # RFC 7636, appendix B
    ask = Ask(verifier="dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert ask.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    config = Config("/api", "c 1", "https://c", Places("https://s/authorize", "https://s/token"))
    assert config.sign_in
    query = dict(parse_qsl(urlsplit(ask.address(config, config.sign_in, "http://b/")).query))
    assert query == {
        "response_type": "code",
        "client_id": "c 1",
        "redirect_uri": "http://b/",
        "scope": "openid email profile",
        "state": ask.state,
        "code_challenge": ask.challenge,
        "code_challenge_method": "S256",
    }
    assert ask.verifier not in repr(ask)


def test_no_two_sign_ins_share_a_secret() -> None:
    one, other = Ask(), Ask()
    assert one.state != other.state
    assert one.verifier != other.verifier
    assert 43 <= len(one.verifier) <= 128


def test_the_code_comes_back_and_a_plain_page_is_shown(back: Loopback) -> None:
    page = come(back.url, code="c", state="right")
    assert page.status == 200
    assert "close this window" in page.data.decode()
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert back.code(1) == "c"


@pytest.mark.parametrize("state", ["wrong", "", "rıght"])
def test_a_wrong_state_is_refused_and_the_waiting_goes_on(back: Loopback, state: str) -> None:
    assert come(back.url, code="evil", state=state).status == 400
    assert come(back.url, error="evil", state=state).status == 400
    with pytest.raises(SignInTimedOut):
        back.code(0.05)
    come(back.url, code="good", state="right")
    assert back.code(1) == "good"


def test_only_the_first_answer_counts(back: Loopback) -> None:
    come(back.url, code="first", state="right")
    assert come(back.url, code="second", state="right").status == 409
    assert back.code(1) == "first"


def test_after_the_answer_nobody_listens() -> None:
    with Loopback("right", FREE) as back:
        come(back.url, code="c", state="right")
    with pytest.raises(urllib3.exceptions.HTTPError):
        come(back.url, code="c", state="right")


def test_other_addresses_and_silent_connections_are_no_answer(back: Loopback) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(back.url).port or 0)):
        assert HTTP.request("GET", f"{back.url}favicon.ico?code=c&state=right").status == 404
        assert HTTP.request("POST", f"{back.url}?code=c&state=right").status == 501
        come(back.url, code="c", state="right")
    assert back.code(1) == "c"


def test_an_error_is_shown_as_text_and_told(back: Loopback) -> None:
    evil = "<script>alert(1)</script>"
    page = come(back.url, error="access_denied", error_description=evil, state="right")
    assert page.status == 400
    assert "<script>" not in page.data.decode()
    assert "&lt;script&gt;" in page.data.decode()
    with pytest.raises(SignInRefused, match="alert"):
        back.code(1)


def test_an_answer_without_a_code_is_an_error(back: Loopback) -> None:
    come(back.url, state="right")
    with pytest.raises(SignInRefused, match="no code"):
        back.code(1)


def test_it_listens_on_this_machine_only(back: Loopback) -> None:
    assert back.url.startswith("http://127.0.0.1:")
    assert back._server.server_address[0] == "127.0.0.1"


def test_a_port_that_is_taken_gives_way_to_the_next() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("", 0)) as free:
        ports = [taken.getsockname()[1], free.getsockname()[1]]
        free.close()
        with Loopback("right", ports) as back:
            assert back.url == address(ports[1])
            with pytest.raises(PortsTaken, match=str(ports[0])):
                Loopback("right", ports)


def test_the_ports_are_those_that_are_registered() -> None:
    client = load(TEMPLATE)["Resources"]["PoolClient"]["Properties"]
    assert client["CallbackURLs"][1:4] == [address(port) for port in PORTS]
    assert all(1024 < port < 32768 for port in PORTS)  # systems give away those above


# -- the whole of it


def sign_in(service: FakeService, browse: Callable[[str], None], wait_s: float = 5) -> Account:
    return by_browser(
        service.url,
        show=browse,
        transport=PoolTransport(),
        ports=FREE,
        wait_s=wait_s,
        clock=lambda: 1000.0,
    )


def visit(**answer: str) -> Callable[[str], None]:
    """A browser that comes back with this."""

    def browse(url: str) -> None:
        asked = dict(parse_qsl(urlsplit(url).query))
        query = {"state": asked["state"]} | answer
        threading.Thread(target=come, args=[asked["redirect_uri"]], kwargs=query).start()

    return browse


def test_a_code_becomes_a_sign_in(service: FakeService) -> None:
    asked: list[str] = []

    def browse(url: str) -> None:
        asked.append(url)
        visit(code="good")(url)

    account = sign_in(service, browse)
    assert (account.access_token, account.refresh_token) == ("token-1", "refresh")
    assert (account.url, account.expires_at) == (f"{service.url}/", 4600.0)
    assert asked[0].startswith(f"{service.url}/authorize?")
    query, (form,) = dict(parse_qsl(urlsplit(asked[0]).query)), service.codes
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == query["code_challenge"]
    assert form["redirect_uri"] == query["redirect_uri"]
    assert (form["client_id"], form["grant_type"]) == ("c1", "authorization_code")


def test_a_code_that_is_refused_is_no_sign_in(service: FakeService) -> None:
    with pytest.raises(SignInRefused, match="invalid_grant"):
        sign_in(service, visit(code="bad"))
    service.fail("POST", "/token", status=400, body=b"<html>")
    with pytest.raises(SignInRefused):
        sign_in(service, visit(code="good"))
    service.fail("POST", "/token", status=503)
    with pytest.raises(Unreachable):
        sign_in(service, visit(code="good"))


def test_nobody_who_comes_back_is_a_clear_error(service: FakeService) -> None:
    with pytest.raises(SignInTimedOut, match="in time"):
        sign_in(service, lambda url: None, wait_s=0.05)


def test_a_service_without_sign_in_by_browser_says_so(service: FakeService) -> None:
    body = b'{"api": "/api", "client_id": "c", "cognito_endpoint": "http://x"}'
    service.fail("GET", "/config.json", status=200, body=body)
    with pytest.raises(NotConfigured, match="--username"):
        sign_in(service, visit(code="good"))


@pytest.mark.parametrize("page", ["file:///etc/passwd", "--new-window", "javascript:alert(1)", ""])
def test_a_browser_is_sent_to_a_page_and_to_nothing_else(service: FakeService, page: str) -> None:
    sign_in_at = {"authorize": page, "token": "https://x/"}
    config = {"api": "/api", "client_id": "c", "cognito_endpoint": "x", "sign_in": sign_in_at}
    service.fail("GET", "/config.json", status=200, body=json.dumps(config).encode())
    with pytest.raises(NotConfigured, match="no page"):
        sign_in(service, visit(code="good"))


def token_of(claims: bytes) -> str:
    return f"h.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.s"


def test_the_name_in_a_token_is_only_a_name() -> None:
    assert person_of(token_of('{"username": "Zoë"}'.encode())) == "Zoë"
    for junk in ("", "a.b", "a.!!.c", "a.ü.c", token_of(b"[]"), token_of(b"\xff"), token_of(b"{}")):
        assert person_of(junk) == ""
