"""The packaged template: what Chalice makes of ``app.py``, the stages and ``infra/``.

Typos in ``.chalice/config.json`` are silently ignored by Chalice, so what matters is asserted on
the result.
"""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.resources import WITHOUT_MEANING
from local.template import load

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = {"APIHandler": "api", "Assemble": "assemble", "Notify": "notify", "Sweep": "sweep"}
TIMEOUTS = {"APIHandler": 25, "Assemble": 900, "Notify": 60, "Sweep": 600}


def tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    subprocess.run(
        [
            *(tool("chalice"), "package", "--stage", "prod"),
            *("--merge-template", "infra/resources.yaml", "--template-format", "yaml"),
            str(folder),
        ],
        cwd=ROOT,
        env=os.environ | {"AWS_DEFAULT_REGION": "eu-central-1"},
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture(scope="session")
def resources(packaged: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = load(packaged / "sam.yaml")["Resources"]
    return found


def test_the_linter_of_cloudformation_finds_nothing(packaged: Path) -> None:
    linted = subprocess.run(
        [tool("cfn-lint"), str(packaged / "sam.yaml")],
        cwd=packaged,
        env=os.environ | {"AWS_DEFAULT_REGION": "eu-central-1"},
        capture_output=True,
        text=True,
    )
    assert (linted.returncode, linted.stdout) == (0, "")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_function_has_its_own_role_with_its_own_policy(
    resources: Mapping[str, Any], function: str
) -> None:
    properties = resources[function]["Properties"]
    role, _ = properties["Role"]["Fn::GetAtt"]
    (policy,) = resources[role]["Properties"]["Policies"]
    written = json.loads((ROOT / ".chalice" / f"policy-{FUNCTIONS[function]}.json").read_text())
    assert policy["PolicyDocument"] == written
    roles = [
        r["Properties"]["Role"]["Fn::GetAtt"][0] for k, r in resources.items() if k in FUNCTIONS
    ]
    assert roles.count(role) == 1


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_function_has_its_settings_and_its_time(
    resources: Mapping[str, Any], function: str
) -> None:
    properties = resources[function]["Properties"]
    assert properties["Timeout"] == TIMEOUTS[function]
    assert set(properties["Environment"]["Variables"]) >= {
        *("TABLE", "BUCKET", "TOPIC", "POOL_ID", "CLIENT_IDS", "MAIL_FROM", "PAGE_URL")
    }
    assert properties["Handler"] == {"APIHandler": "app.app"}.get(
        function, f"app.{function.lower()}"
    )


@pytest.mark.parametrize("function", ["Assemble", "Notify"])
def test_stream_functions_retry_within_bounds_and_then_report(
    resources: Mapping[str, Any], function: str
) -> None:
    (source,) = (e["Properties"] for e in resources[function]["Properties"]["Events"].values())
    assert source["Stream"] == {"Fn::GetAtt": ["Table", "StreamArn"]}
    assert (source["BatchSize"], source["MaximumRetryAttempts"]) == (1, 5)
    assert source["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0] == "Failures"
    assert json.loads(source["FilterCriteria"]["Filters"][0]["Pattern"])["eventName"] == ["MODIFY"]


def test_the_gateway_compresses_answers(resources: Mapping[str, Any]) -> None:
    assert resources["RestAPI"]["Properties"]["MinimumCompressionSize"] == 1024


def test_what_runs_on_one_machine_is_what_is_deployed(resources: Mapping[str, Any]) -> None:
    """All but what Chalice adds is created locally too, or is known to mean nothing there."""
    ours = load(ROOT / "infra" / "resources.yaml")["Resources"]
    added = {k for k in resources if k not in ours}
    assert all(resources[k]["Type"].startswith(("AWS::IAM", "AWS::Lambda")) for k in added)
    assert {r["Type"] for r in ours.values() if "Type" in r} & WITHOUT_MEANING == WITHOUT_MEANING


def test_the_code_that_is_deployed_is_the_servers_alone(packaged: Path) -> None:
    with zipfile.ZipFile(packaged / "deployment.zip") as archive:
        names = {name.split("/")[0] for name in archive.namelist()}
    assert {"app.py", "chalicelib", "jwt", "msgspec"} <= names
    assert not names & {"local", "manyhands", "tests", "tools", "moto", "boto3"}
