"""What the page, the sign-in and the API tell a browser of how to treat them.

This holds for the server of one machine, and for what API Gateway answers by itself. That the
distribution says the same of the deployed page: ``tests/deployment/test_edge.py``.
"""

from pathlib import Path

import pytest
import yaml

from local.stack import Stack
from local.template import load
from tests.calls import HTTP, Caller
from tests.security.test_authorization import ROUTES, knock

ROOT = Path(__file__).resolve().parents[2]
PAGE = ("/", "/index.html", "/main.js", "/styles/base.css", "/config.json", "/nothing", "/?code=x")
SIGN_IN = ("/oauth2/authorize", "/logout", "/sign-in-as/nobody")
SECOND_ORIGIN = "https://evil.example"


def policy(stack: Stack, path: str) -> dict[str, list[str]]:
    """The directives of the Content-Security-Policy."""
    said = HTTP.request("GET", f"{stack.url}{path}", redirect=False).headers
    directives = (directive.split() for directive in said["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in directives}


@pytest.mark.parametrize("path", PAGE)
def test_nothing_runs_on_the_page_but_its_own_scripts(stack: Stack, path: str) -> None:
    storage = HTTP.request("GET", f"{stack.url}/config.json").json()["cognito_endpoint"]
    assert policy(stack, path) == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'", storage],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
    }


@pytest.mark.parametrize("path", [*SIGN_IN, "/outbox"])
def test_nothing_runs_where_one_signs_in_or_reads_mails(stack: Stack, path: str) -> None:
    said = policy(stack, path)
    assert (said["default-src"], said["base-uri"]) == (["'none'"], ["'none'"])
    assert said["frame-ancestors"] == ["'none'"]
    assert not {"script-src", "connect-src", "frame-src", "object-src"} & set(said)
    if path != "/outbox":
        assert "unsafe" not in str(said)


@pytest.mark.parametrize("path", [*PAGE, *SIGN_IN, "/outbox"])
def test_nothing_is_guessed_and_no_address_is_told(stack: Stack, path: str) -> None:
    headers = HTTP.request("GET", f"{stack.url}{path}", redirect=False).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Access-Control-Allow-Origin" not in headers


def test_the_page_itself_holds_no_script_and_no_style_of_its_own() -> None:
    page = (ROOT / "frontend" / "index.html").read_text()
    assert "<style" not in page and " style=" not in page and " on" not in page
    assert page.count("<script") == page.count('<script type="module" src="')


def test_no_script_of_ours_makes_html_or_code_of_text() -> None:
    makes = ("innerHTML", "outerHTML", "insertAdjacentHTML", "dangerouslySet", "document.write")
    runs = ("eval(", "new Function", "srcdoc", "javascript:", "createContextualFragment")
    scripts = [p for p in (ROOT / "frontend").rglob("*.js") if "vendor" not in p.parts]
    found = {
        f"{script.name}: {word}"
        for script in scripts
        for word in (*makes, *runs)
        if word in script.read_text()
    }
    assert (found, len(scripts) > 40) == (set(), True)


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("known", [True, False])
def test_no_answer_of_the_api_is_kept_or_shared(
    stack: Stack, dora: Caller, method: str, path: str, known: bool
) -> None:
    caller = dora if known else Caller(stack.url, "")
    headers = knock(caller, method, path, "a" * 26).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == "application/json"
    assert "Access-Control-Allow-Origin" not in headers


def test_what_the_gateway_refuses_by_itself_is_not_kept_either(stack: Stack, dora: Caller) -> None:
    resources = load(ROOT / "infra")["Resources"]
    definition = resources["RestAPI"]["Properties"]["DefinitionBody"]
    for name, response in definition["x-amazon-apigateway-gateway-responses"].items():
        said = response["responseParameters"]
        assert said["gatewayresponse.header.Cache-Control"] == "'no-store'", name
        assert said["gatewayresponse.header.X-Content-Type-Options"] == "'nosniff'", name
    answers = (dora.get("/nothing"), dora.call("POST", "/uploads", b"x" * (11 * 1024 * 1024)))
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/me", "/uploads", "/nothing"])
def test_a_page_of_another_origin_is_given_nothing(stack: Stack, dora: Caller, path: str) -> None:
    asks = {"Origin": SECOND_ORIGIN, "Access-Control-Request-Method": "POST"}
    asked = HTTP.request("OPTIONS", f"{stack.url}/api{path}", headers=asks)
    answered = dora.get(path, Origin=SECOND_ORIGIN)
    for headers in (asked.headers, answered.headers):
        assert not {name for name in headers if name.lower() == "access-control-allow-origin"}


def test_the_storage_takes_parts_from_the_page_and_from_no_other_origin(stack: Stack) -> None:
    bucket = load(ROOT / "infra")["Resources"]["Bucket"]["Properties"]
    (rule,) = bucket["CorsConfiguration"]["CorsRules"]
    named, alone = rule["AllowedOrigins"]["Fn::If"][1:]
    assert alone == [{"Ref": "PageOrigin"}]
    assert named == {"Fn::Split": [",", {"Fn::Sub": "${PageOrigin},${OtherOrigins}"}]}
    assert rule["AllowedMethods"] == ["PUT", "GET", "HEAD"]
    assert "*" not in yaml.safe_dump(rule)
    (there,) = stack.client("s3").get_bucket_cors(Bucket=stack.resources.references.ref("Bucket"))[
        "CORSRules"
    ]
    assert there["AllowedOrigins"] == [stack.url]
