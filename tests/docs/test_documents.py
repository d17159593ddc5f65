"""Documents cannot rot: what they list is compared with the code."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

import app
from chalicelib import config
from chalicelib.adapters.meter import UNITS
from chalicelib.domain import errors
from chalicelib.domain.lifetime import NOTIFIED
from chalicelib.domain.status import TRANSITIONS, Event
from chalicelib.ports import Metric
from local.template import load
from manyhands.account.loopback import PORTS, address
from manyhands.cli.main import app as commands
from manyhands.transfers.cycle import TABLE
from tests.announcements import DESCRIBED, check
from tools.badges import FACTS, badges
from tools.openapi import DOCUMENT, OPERATIONS, text

ROOT = Path(__file__).resolve().parents[2]
DESIGN = (ROOT / "docs" / "design.md").read_text()
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text()
README = (ROOT / "README.md").read_text()
OPERATIONS_DOCUMENT = (ROOT / "docs" / "operations.md").read_text()


def rows(document: str, heading: str) -> list[tuple[str, ...]]:
    """The rows of the table whose first line is ``heading``."""
    _, _, after = document.partition(heading + "\n")
    assert after, heading
    lines = [line for line in after.split("\n\n")[0].splitlines() if line.startswith("|")]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines[1:]]


def leaves(error: type[errors.ManyhandsError]) -> set[type[errors.ManyhandsError]]:
    below = error.__subclasses__()
    return {leaf for e in below for leaf in leaves(e)} if below else {error}


def test_the_status_table_is_the_one_in_the_code() -> None:
    written = set(rows(DESIGN, "| from | event | to |"))
    assert written == {
        (status.value, event.value, following.value)
        for status, steps in TRANSITIONS.items()
        for event, following in steps.items()
    }
    assert {event for steps in TRANSITIONS.values() for event in steps} == set(Event)


def test_the_table_of_the_command_lines_transfers_is_the_one_in_the_code() -> None:
    written = set(rows(DESIGN, "| of a transfer here | event | it becomes |"))
    assert written == {
        (state.value, event.value, following.value)
        for state, steps in TABLE.items()
        for event, following in steps.items()
    }


def test_the_codes_of_refusals_are_those_in_the_code() -> None:
    written = set(rows(PROTOCOL, "| code | status | retryable |"))
    assert written == {
        (f"`{e.code}`", str(e.status_hint), "yes" if e.retryable else "no")
        for e in leaves(errors.ManyhandsError)
    }


def test_the_codes_of_the_gateway_are_those_in_the_template() -> None:
    written = set(rows(PROTOCOL, "| code of the gateway | status | retryable |"))
    definition = load(ROOT / "infra")["Resources"]["RestAPI"]["Properties"]
    answers = definition["DefinitionBody"]["x-amazon-apigateway-gateway-responses"]
    assert written == {_row(name, answer) for name, answer in answers.items()}


def _row(name: str, answer: Mapping[str, Any]) -> tuple[str, str, str]:
    said = json.loads(answer["responseTemplates"]["application/json"])
    rest = {"DEFAULT_4XX": "any other 4xx", "DEFAULT_5XX": "any 5xx"}
    status = answer.get("statusCode") or rest[name]
    return f"`{said['code']}`", status, "yes" if said["retryable"] else "no"


def test_what_the_gateway_may_answer_is_described_for_every_call() -> None:
    for path, methods in yaml.safe_load(DOCUMENT.read_text())["paths"].items():
        for method, operation in methods.items():
            told = {s: r["description"].split(", ") for s, r in operation["responses"].items()}
            assert "too_many_requests" in told["429"], (method, path)
            assert (told["4XX"], told["5XX"]) == (["bad_request"], ["unavailable"])


def test_every_code_is_one_errors_own() -> None:
    codes = [e.code for e in leaves(errors.ManyhandsError)]
    assert len(codes) == len(set(codes))


def test_the_routes_are_those_that_are_described() -> None:
    served = {(path, method) for path, entry in app.app.routes.items() for method in entry}
    preflights = {(path, "OPTIONS") for path in app.app.routes}
    assert served - preflights == {(o.path, o.method) for o in OPERATIONS}
    assert preflights <= served


def test_the_openapi_document_is_current() -> None:
    assert DOCUMENT.read_text() == text()


def test_the_protocols_table_names_every_route() -> None:
    written = " ".join(row[0] for row in rows(PROTOCOL, "| call | what it does | who |"))
    for operation in OPERATIONS:
        last = operation.path.rpartition("/")[2]
        assert f"/{last}" in written, operation.path


def test_every_setting_is_documented_where_it_is_read() -> None:
    documented = set(re.findall(r"``([A-Z0-9_]+)``", config.__doc__ or ""))
    read = {*config._REQUIRED, *config._NUMBERS, "OTHER_ORIGINS", "EVENT_BUS", "ACCELERATE"}
    read |= {"AWS_REGION", "JWKS_URL", "STAGE", "S3_ADDRESSING"}
    assert documented == read


def test_the_readme_names_only_commands_and_files_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for verb in re.findall(r"`make ([a-z]+)", README):
        assert f"\n{verb}:" in makefile, verb
    for path in re.findall(r"\]\(([a-z][^)#:]*)\)", README):
        assert (ROOT / path).exists(), path


def test_the_system_starts_with_and_without_the_demonstration() -> None:
    told = [
        subprocess.run(
            ["make", "-n", "run", *more], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        for more in ([], ["DEMO="])
    ]
    assert ["--demo" in text for text in told] == [True, False]
    assert "`make run DEMO=`" in README


@pytest.mark.parametrize("document", ["security.md", "reliability.md"])
def test_what_a_document_claims_has_the_tests_that_it_names(document: str) -> None:
    text = (ROOT / "docs" / document).read_text()
    named = re.findall(r"\[`(test_\w+)`\]\(\.\./(tests/[^)]+)\)", text)
    for test, path in named:
        assert f"\ndef {test}(" in (ROOT / path).read_text(), test
    for path in re.findall(r"`(tests/[a-z/]+)`", text):
        assert (ROOT / path).exists(), path
    assert len(named) > 60


def test_every_claim_of_the_security_document_names_a_test() -> None:
    text = (ROOT / "docs" / "security.md").read_text()
    claims = [line for line in text.splitlines() if line.startswith("| ") and line.count("|") == 4]
    assert [c for c in claims if "test_" not in c] == [
        "| attack | what stands against it | shown by |"
    ] * 6


def test_every_security_test_stands_in_the_security_document() -> None:
    text = (ROOT / "docs" / "security.md").read_text()
    files = {path.name for path in (ROOT / "tests" / "security").glob("test_*.py")}
    assert {name for name in files if f"tests/security/{name}" not in text} == set()


def test_the_readmes_badges_are_drawn_from_what_holds_them_true() -> None:
    for name, drawn in badges().items():
        path = f"docs/pictures/badges/{name}.svg"
        assert (ROOT / path).read_text() == drawn
        assert f"({path})]({FACTS[name][1]})" in README
    assert not re.search(r"!\[[^\]]*\]\(https?:", README), "no picture is fetched from elsewhere"


def test_the_example_of_a_message_is_as_the_schema_has_it() -> None:
    text = (ROOT / "docs" / "events.md").read_text()
    check(json.loads(re.findall(r"```json\n(.*?)```", text, re.S)[0]))
    statuses = {row[0].strip("`") for row in rows(text, "| `status` | it says | `object` |")}
    statuses.discard("---")
    assert statuses == {status.value for status in NOTIFIED}
    assert statuses == set(DESCRIBED["properties"]["status"]["enum"])


def test_what_the_element_has_stands_in_its_document() -> None:
    text = (ROOT / "docs" / "element.md").read_text()
    folder = ROOT / "frontend" / "element"
    element = (folder / "element.js").read_text()
    named = {row[0].strip("`") for row in rows(text, "| attribute | what it is |")} - {"---"}
    observed = re.search(r"observedAttributes = \[([^\]]*)\]", element)
    assert observed is not None
    assert named == set(re.findall(r'"([a-z-]+)"', observed[1]))
    styled = (folder / "element.css").read_text()
    assert set(re.findall(r"--manyhands-[a-z-]+", styled)) == set(
        re.findall(r"`(--manyhands-[a-z-]+)`", text)
    )
    for part in re.findall(r'part="(\w+)"', (folder / "view.js").read_text()):
        assert f"`{part}`" in text, part
    for method in re.findall(r"`(\w+)\((?:files|id)?\)`", text):
        assert f"  {method}(" in element or f"async {method}(" in element, method


def test_the_readme_names_every_command_of_the_command_line() -> None:
    cells = [row[0] for row in rows(README, "| command | what it does |")]
    written = [name for cell in cells for name in re.findall(r"`([a-z-]+)", cell)]
    assert sorted(written) == sorted(get_command(commands).commands)


def test_the_readme_names_every_variable_of_the_command_line() -> None:
    written = {row[0].strip("`") for row in rows(README, "| variable | what it does |")}
    sources = "".join(path.read_text() for path in (ROOT / "manyhands").rglob("*.py"))
    assert written == set(re.findall(r'"((?:MANYHANDS|PYTHON)_[A-Z_]+)"', sources))


def test_the_ports_of_the_sign_in_are_those_in_the_documents() -> None:
    for port in PORTS:
        assert str(port) in README
        assert address(port) in PROTOCOL


def test_every_pinned_dependency_has_its_reason() -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text().lower()
    wanted = [
        line
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (ROOT / name).read_text().splitlines()
        if line and not line.startswith(("#", "-"))
    ]
    project = re.search(r"^dependencies = \[(.*)\]$", (ROOT / "pyproject.toml").read_text(), re.M)
    assert project is not None
    package = json.loads((ROOT / "package.json").read_text())
    wanted += package["devDependencies"]
    for line in [*wanted, *re.findall(r'"([^"]+)"', project[1])]:
        name = re.split(r"[\[=<>]", line)[0].lower()
        assert f"| {name} " in reasons, name


def test_what_others_wrote_for_the_page_comes_with_its_licence() -> None:
    vendor = ROOT / "frontend" / "vendor"
    licences = (vendor / "LICENSES.txt").read_text()
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name in ("preact", "htm", "idb", "uqr", "oidc-client-ts", "jwt-decode", "@noble/hashes"):
        assert f"{name} {packages[f'node_modules/{name}']['version']} (" in licences, name
    assert len(list(vendor.glob("*.js"))) == 5


def test_every_metric_is_in_the_operations_document_with_its_unit() -> None:
    written = rows(OPERATIONS_DOCUMENT, "| metric | unit | what is counted |")
    counted = {(f"`{metric.value}`", UNITS.get(metric, "Count")) for metric in Metric}
    assert {(name, unit) for name, unit, _ in written} == counted


def test_the_operations_document_names_only_tools_and_settings_that_exist() -> None:
    for tool in re.findall(r"python -m (tools\.\w+|local|bench\.\w+)", OPERATIONS_DOCUMENT):
        path = ROOT / tool.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), tool
    settings = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", OPERATIONS_DOCUMENT))
    assert settings <= {*config._REQUIRED, *config._NUMBERS}
