"""The sign-in on one machine keeps to what Cognito's managed login does."""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from local.people import PASSWORD
from local.sign_in.endpoints import SignIn
from local.sign_in.grants import CODE_S, SESSION_S, Client
from local.stack import Stack
from manyhands.account.loopback import PORTS, address
from tests.calls import HTTP, Caller

VERIFIER = "v" * 43
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
)


@dataclass
class Browser:
    """Follows no redirects; keeps the cookie."""

    url: str
    client_id: str
    cookie: str = ""

    def asks(self, **changed: str) -> dict[str, str]:
        return {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": f"{self.url}/",
            "scope": "openid email profile",
            "state": "s<1>",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        } | changed

    def get(self, path: str, **query: str) -> Any:
        return self._call("GET", f"{path}?{urlencode(query)}")

    def sign_in(self, name: str = "ana", password: str = PASSWORD, **changed: str) -> Any:
        query = urlencode(self.asks(**changed))
        return self._call(
            "POST", f"/oauth2/authorize?{query}", {"username": name, "password": password}
        )

    def post(self, path: str, **form: str) -> Any:
        return self._call("POST", path, form)

    def redeem(self, code: str, **changed: str) -> Any:
        form = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "redirect_uri": f"{self.url}/",
            "code": code,
            "code_verifier": VERIFIER,
        }
        return self.post("/oauth2/token", **form | changed)

    def _call(self, method: str, target: str, form: dict[str, str] | None = None) -> Any:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        body = urlencode(form or {}).encode()
        answer = HTTP.request(
            method, f"{self.url}{target}", headers=headers, body=body, redirect=False
        )
        if "Set-Cookie" in answer.headers:
            self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        return answer


def said(answer: Any) -> dict[str, str]:
    """What a redirect tells the client."""
    assert answer.status == 302
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


@pytest.fixture
def browser(stack: Stack) -> Browser:
    return Browser(stack.url, HTTP.request("GET", f"{stack.url}/config.json").json()["client_id"])


def test_a_code_becomes_tokens_that_the_api_takes(browser: Browser) -> None:
    answer = said(browser.sign_in("ben"))
    assert answer["state"] == "s<1>"
    tokens = browser.redeem(answer["code"]).json()
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 3600
    me = Caller(browser.url, f"Bearer {tokens['access_token']}").get("/me").body
    assert me["user"]["name"] == "ben"
    assert [g["name"] for g in me["groups"]] == ["Personal", "film", "lab"]


def test_tokens_are_renewed_until_they_are_revoked(browser: Browser) -> None:
    refresh = browser.redeem(said(browser.sign_in())["code"]).json()["refresh_token"]
    asked = {
        "grant_type": "refresh_token",
        "client_id": browser.client_id,
        "refresh_token": refresh,
    }
    renewed = browser.post("/oauth2/token", **asked)
    assert "refresh_token" not in renewed.json()
    caller = Caller(browser.url, f"Bearer {renewed.json()['access_token']}")
    assert caller.get("/me").status == 200
    other = browser.post("/oauth2/token", **asked | {"client_id": "other"})
    assert (other.status, other.json()) == (400, {"error": "invalid_grant"})
    assert browser.post("/oauth2/revoke", token=refresh, client_id=browser.client_id).status == 200
    assert browser.post("/oauth2/token", **asked).json() == {"error": "invalid_grant"}


def cognito(browser: Browser, action: str, **request: Any) -> Any:
    """As a command line calls the pool."""
    config = HTTP.request("GET", f"{browser.url}/config.json").json()
    headers = {
        "X-Amz-Target": f"AWSCognitoIdentityProviderService.{action}",
        "Content-Type": "application/x-amz-json-1.1",
    }
    body = {"ClientId": browser.client_id} | request
    return HTTP.request("POST", config["cognito_endpoint"], headers=headers, json=body)


def renew(browser: Browser, token: str) -> Any:
    given = {"AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": {"REFRESH_TOKEN": token}}
    return cognito(browser, "InitiateAuth", **given)


def test_the_pool_renews_what_the_sign_in_page_gave(browser: Browser) -> None:
    refresh = browser.redeem(said(browser.sign_in("ben"))["code"]).json()["refresh_token"]
    token = renew(browser, refresh).json()["AuthenticationResult"]["AccessToken"]
    assert Caller(browser.url, f"Bearer {token}").get("/me").body["user"]["name"] == "ben"


@pytest.mark.parametrize("by_pool", [True, False])
def test_a_token_that_is_revoked_in_one_way_is_renewed_in_none(
    browser: Browser, by_pool: bool
) -> None:
    refresh = browser.redeem(said(browser.sign_in())["code"]).json()["refresh_token"]
    other = browser.redeem(said(browser.sign_in())["code"]).json()["refresh_token"]
    if by_pool:
        revoked = cognito(browser, "RevokeToken", Token=refresh)
    else:
        revoked = browser.post("/oauth2/revoke", token=refresh, client_id=browser.client_id)
    assert (revoked.status, revoked.data in (b"", b"{}")) == (200, True)
    refused = renew(browser, refresh)
    assert (refused.status, refused.json()["__type"]) == (400, "NotAuthorizedException")
    asked = {"grant_type": "refresh_token", "client_id": browser.client_id}
    assert browser.post("/oauth2/token", **asked, refresh_token=refresh).status == 400
    assert renew(browser, other).status == 200


def test_only_the_client_of_a_token_may_revoke_it(browser: Browser) -> None:
    refresh = browser.redeem(said(browser.sign_in())["code"]).json()["refresh_token"]
    assert browser.post("/oauth2/revoke", token=refresh, client_id="other").status == 400
    assert browser.post("/oauth2/revoke", client_id=browser.client_id).status == 400
    refused = cognito(browser, "RevokeToken", Token=refresh, ClientId="other")
    assert (refused.status, refused.json()["__type"]) == (400, "UnauthorizedException")
    assert renew(browser, refresh).status == 200
    assert browser.post("/oauth2/revoke", token="x", client_id=browser.client_id).status == 200


def test_the_command_line_may_be_come_back_to_on_its_ports_only(browser: Browser) -> None:
    for port in PORTS:
        answer = browser.sign_in(redirect_uri=address(port))
        assert answer.headers["Location"].startswith(f"{address(port)}?code=")
    for wrong in ("http://127.0.0.1:28472/", "http://localhost:28471/", "http://127.0.0.1:28471"):
        assert browser.sign_in(redirect_uri=wrong).status == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:1/"},
        {"client_id": "other"},
        {"code": "other"},
    ],
)
def test_a_code_is_good_only_for_who_asked(browser: Browser, wrong: dict[str, str]) -> None:
    code = said(browser.sign_in())["code"]
    refused = browser.redeem(**{"code": code} | wrong)
    assert (refused.status, refused.json()) == (400, {"error": "invalid_grant"})


def test_a_code_is_good_once(browser: Browser) -> None:
    code = said(browser.sign_in())["code"]
    assert browser.redeem(code).status == 200
    assert browser.redeem(code).json() == {"error": "invalid_grant"}


def test_other_grants_are_refused(browser: Browser) -> None:
    answer = browser.post("/oauth2/token", grant_type="password", username="ana", password=PASSWORD)
    assert (answer.status, answer.json()) == (400, {"error": "unsupported_grant_type"})


@pytest.mark.parametrize(
    "wrong",
    [{"redirect_uri": "https://evil.example/"}, {"client_id": "other"}, {"redirect_uri": ""}],
)
def test_to_an_address_that_is_not_registered_nothing_is_ever_redirected(
    browser: Browser, wrong: dict[str, str]
) -> None:
    for answer in (
        browser.get("/oauth2/authorize", **browser.asks(**wrong)),
        browser.sign_in(**wrong),
    ):
        assert answer.status == 400
        assert "Location" not in answer.headers
    out = browser.get("/logout", client_id=browser.client_id, logout_uri="https://evil.example/")
    assert out.status == 400


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_the_client_hears_what_was_wrong_with_its_request(
    browser: Browser, wrong: dict[str, str], error: str
) -> None:
    answer = said(browser.get("/oauth2/authorize", **browser.asks(**wrong)))
    assert (answer["error"], answer["state"]) == (error, "s<1>")
    assert said(browser.sign_in(**wrong))["error"] == error


def test_a_wrong_password_leads_nowhere(browser: Browser) -> None:
    answer = browser.sign_in("ana", "wrong")
    assert answer.status == 200
    assert "User name or password is wrong." in answer.data.decode()
    assert browser.cookie == ""


def test_a_session_signs_in_silently_until_it_is_ended(browser: Browser) -> None:
    browser.sign_in("cleo")
    assert "code" in said(browser.get("/oauth2/authorize", **browser.asks()))
    asked_again = browser.get("/oauth2/authorize", **browser.asks(prompt="login"))
    assert asked_again.status == 200
    out = browser.get("/logout", client_id=browser.client_id, logout_uri=f"{browser.url}/")
    assert out.headers["Location"] == f"{browser.url}/"
    assert browser.get("/oauth2/authorize", **browser.asks()).status == 200


def test_the_demonstration_signs_in_as_a_sample_person_and_nobody_else(browser: Browser) -> None:
    answer = browser.get("/sign-in-as/ben")
    assert answer.headers["Location"] == "/?sign-in"
    code = said(browser.get("/oauth2/authorize", **browser.asks()))["code"]
    token = browser.redeem(code).json()["access_token"]
    assert Caller(browser.url, f"Bearer {token}").get("/me").body["user"]["name"] == "ben"
    assert browser.get("/sign-in-as/mallory").status == 400


def test_what_a_request_brings_is_only_text(browser: Browser) -> None:
    evil = '"><script>alert(1)</script>'
    page = browser.get("/oauth2/authorize", **browser.asks(state=evil, login_hint=evil))
    assert "<script>" not in page.data.decode()
    assert re.search(r"default-src 'none'", page.headers["Content-Security-Policy"])
    assert "<script>" not in browser.sign_in(evil, "x").data.decode()


class Cognito:
    """Takes every password."""

    def initiate_auth(self, **_: Any) -> dict[str, Any]:
        tokens = {"AccessToken": "a", "IdToken": "i", "RefreshToken": "r", "ExpiresIn": 3600}
        return {"AuthenticationResult": tokens}


@pytest.fixture
def clock() -> Iterator[list[float]]:
    yield [0.0]


def test_codes_and_sessions_end_with_time(clock: list[float]) -> None:
    client = Client("c", ("http://x/",), ())
    door = SignIn(Cognito(), client, lambda: clock[0])
    query = urlencode(Browser("http://x", "c").asks())
    body = urlencode({"username": "ana", "password": "p"}).encode()
    answer = door.answer("POST", f"/oauth2/authorize?{query}", {}, body)
    assert answer is not None
    cookie = {"cookie": answer.headers["Set-Cookie"].partition(";")[0]}
    form = {
        "grant_type": "authorization_code",
        "client_id": "c",
        "redirect_uri": "http://x/",
        "code": dict(parse_qsl(urlsplit(answer.headers["Location"]).query))["code"],
        "code_verifier": VERIFIER,
    }
    clock[0] = CODE_S + 1
    late = door.answer("POST", "/oauth2/token", {}, urlencode(form).encode())
    assert late is not None and late.status == 400
    silent = door.answer("GET", f"/oauth2/authorize?{query}", cookie, b"")
    assert silent is not None and silent.status == 302
    clock[0] = SESSION_S + 1
    asked = door.answer("GET", f"/oauth2/authorize?{query}", cookie, b"")
    assert asked is not None and asked.status == 200
