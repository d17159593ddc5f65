"""The addresses, as Cognito's domain has them, and one that only this machine has.

``/sign-in-as/ana`` signs in as one of the sample people and goes on to the page, as a session that
began earlier would. It is how the demonstration opens the page on its upload: a fragment behind
it (``#/uploads/…``) outlives redirects. It knows no passwords that the sign-in page does not show.
"""

import json
import time
from collections.abc import Callable, Mapping
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from botocore.exceptions import ClientError

from local.people import PASSWORD, SAMPLES
from local.sign_in import pages
from local.sign_in.grants import (
    CODE_S,
    SESSION_S,
    Asked,
    Client,
    Denied,
    Grant,
    Kept,
    Mistaken,
    Tokens,
    asked,
    check,
    redeem,
)
from local.site import Answer

COOKIE = "manyhands-sign-in"
FOR_ANY_PAGE = {"Access-Control-Allow-Origin": "*"}
"""Cognito lets every page redeem its code: its own page has another origin than the pool's."""
Person = tuple[str, str]
"""Name and password: what a session signs in with."""


class SignIn:
    """``cognito``: a boto3 client of the pool; ``now``: any clock in seconds."""

    def __init__(
        self, cognito: Any, client: Client, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._cognito, self._client = cognito, client
        self._codes: Kept[Grant] = Kept(CODE_S, now)
        self._sessions: Kept[Person] = Kept(SESSION_S, now)

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Answer | None:
        """None if the address is not one of these. ``headers``: names in small letters."""
        parts = urlsplit(target)
        query, form = dict(parse_qsl(parts.query)), dict(parse_qsl(body.decode("utf-8", "replace")))
        match method, parts.path:
            case ("GET", "/oauth2/authorize"):
                return self._authorize(query, parts.query, self._session(headers))
            case ("POST", "/oauth2/authorize"):
                return self._signed_in(query, parts.query, form)
            case ("POST", "/oauth2/token"):
                return self._token(form)
            case ("POST", "/oauth2/revoke"):
                return self._revoke(form)
            case ("GET", "/logout"):
                return self._logout(query, headers)
            case ("GET", path) if path.startswith("/sign-in-as/"):
                return self._as(path.removeprefix("/sign-in-as/"))
        return None

    def _authorize(self, query: dict[str, str], raw: str, person: Person | None) -> Answer:
        try:
            request = asked(self._client, query)
        except Mistaken as error:
            return _page(400, pages.mistaken(str(error)))
        try:
            check(request, query)
        except Denied as error:
            return _redirect(request.to(error=error.code, error_description=error.description))
        tokens = self._tokens(person) if person and request.prompt != "login" else None
        if tokens:
            return _redirect(self._with_code(request, tokens))
        return _page(200, pages.sign_in(raw, SAMPLES, request.hint, wrong=False))

    def _signed_in(self, query: dict[str, str], raw: str, form: dict[str, str]) -> Answer:
        person = (form.get("username", ""), form.get("password", ""))
        tokens = self._tokens(person)
        if tokens is None:
            return _page(200, pages.sign_in(raw, SAMPLES, person[0], wrong=True))
        answer = self._authorize(query | {"prompt": ""}, raw, person)
        return Answer(answer.status, answer.body, {**answer.headers, **self._begin(person)})

    def _with_code(self, request: Asked, tokens: Tokens) -> str:
        return request.to(code=self._codes.put(Grant(request, tokens)))

    def _token(self, form: dict[str, str]) -> Answer:
        try:
            return _json(200, self._granted(form))
        except Denied as error:
            return _json(400, {"error": error.code})

    def _granted(self, form: dict[str, str]) -> dict[str, Any]:
        match form.get("grant_type"):
            case "authorization_code":
                tokens = redeem(self._codes.take(form.get("code", "")), form)
                return _said(tokens) | {"refresh_token": tokens.refresh}
            case "refresh_token":
                return _said(self._refreshed(form))
        raise Denied("unsupported_grant_type")

    def _refreshed(self, form: dict[str, str]) -> Tokens:
        token = form.get("refresh_token", "")
        if form.get("client_id") != self._client.id:
            raise Denied("invalid_grant")
        found = self._initiate("REFRESH_TOKEN_AUTH", {"REFRESH_TOKEN": token})
        if found is None:
            raise Denied("invalid_grant")
        return found

    def _revoke(self, form: dict[str, str]) -> Answer:
        """At the pool, so that no other way of renewing is left."""
        if form.get("client_id") != self._client.id:
            return _json(400, {"error": "invalid_client"})
        if not form.get("token"):
            return _json(400, {"error": "invalid_request"})
        self._cognito.revoke_token(Token=form["token"], ClientId=self._client.id)
        return Answer(200, b"", FOR_ANY_PAGE)

    def _logout(self, query: dict[str, str], headers: Mapping[str, str]) -> Answer:
        self._sessions.take(_cookie(headers))
        if query.get("logout_uri") not in self._client.logouts:
            return _page(400, pages.mistaken("This logout_uri is not registered."))
        return _redirect(query["logout_uri"], {"Set-Cookie": f"{COOKIE}=; Max-Age=0; Path=/"})

    def _as(self, name: str) -> Answer:
        if name not in {sample.name for sample in SAMPLES}:
            return _page(400, pages.mistaken("There is no such person here."))
        return _redirect("/?sign-in", self._begin((name, PASSWORD)))

    def _begin(self, person: Person) -> dict[str, str]:
        name = self._sessions.put(person)
        how = f"HttpOnly; SameSite=Lax; Path=/; Max-Age={SESSION_S:.0f}"
        return {"Set-Cookie": f"{COOKIE}={name}; {how}"}

    def _session(self, headers: Mapping[str, str]) -> Person | None:
        return self._sessions.get(_cookie(headers))

    def _tokens(self, person: Person) -> Tokens | None:
        name, password = person
        if not name or not password:
            return None
        return self._initiate("USER_PASSWORD_AUTH", {"USERNAME": name, "PASSWORD": password})

    def _initiate(self, flow: str, parameters: dict[str, str]) -> Tokens | None:
        """None if the pool refuses."""
        try:
            answer = self._cognito.initiate_auth(
                AuthFlow=flow, ClientId=self._client.id, AuthParameters=parameters
            )
        except ClientError:
            return None
        result = answer.get("AuthenticationResult")
        if not result:
            return None
        return Tokens(
            result["AccessToken"],
            result["IdToken"],
            result.get("RefreshToken", ""),
            result["ExpiresIn"],
        )


def _said(tokens: Tokens) -> dict[str, Any]:
    return {
        "access_token": tokens.access,
        "id_token": tokens.id,
        "token_type": "Bearer",
        "expires_in": tokens.expires_s,
    }


def _cookie(headers: Mapping[str, str]) -> str:
    found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    return found.value if found else ""


def _redirect(url: str, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(302, b"", {"Location": url, "Cache-Control": "no-store", **(headers or {})})


def _page(status: int, html: str) -> Answer:
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": pages.CONTENT_SECURITY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return Answer(status, html.encode(), headers)


def _json(status: int, body: dict[str, Any]) -> Answer:
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store", **FOR_ANY_PAGE}
    return Answer(status, json.dumps(body).encode(), headers)
