"""Others' checks of the template: the linter of CloudFormation, and AWS's own transformation.

Without AWS: both carry what they know with them.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from samtranslator.translator.transform import transform

from local.template import load
from tests.deployment.reading import OPTIONS, REGION, seen
from tools.deploy.package import INFRA, read_package

STAGES = ("dev", "prod")


class NoManagedPolicies:
    """Ours are all written out, so none needs to be looked up."""

    def load(self) -> dict[str, str]:
        return {}


def lint(path: Path, region: str = REGION) -> tuple[int, str]:
    done = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), "--regions", region, "--", path.name],
        cwd=path.parent,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def transformed(folder: Path, parameters: dict[str, str]) -> dict[str, Any]:
    template = read_package(folder).with_code("manyhands-artefacts", "code.zip")
    made: dict[str, Any] = transform(template, dict(parameters), NoManagedPolicies())
    return made


@pytest.mark.parametrize("stage", STAGES)
def test_the_linter_finds_nothing_in_what_chalice_makes(
    packages: Callable[[str], Path], stage: str
) -> None:
    assert lint(packages(stage) / "sam.json") == (0, "")


@pytest.mark.parametrize("stage", STAGES)
def test_the_linter_finds_nothing_in_what_cloudformation_makes_of_it(
    packages: Callable[[str], Path], tmp_path: Path, stage: str
) -> None:
    path = tmp_path / "transformed.json"
    path.write_text(json.dumps(transformed(packages(stage), {})))
    assert lint(path) == (0, "")


@pytest.mark.parametrize("options", ["all off", "all on"])
def test_what_cloudformation_makes_of_it_holds_together_with_any_options(
    packaged: Path, options: str
) -> None:
    made = transformed(packaged, dict(OPTIONS[options]))
    found = seen(made, OPTIONS[options])
    assert {r["Type"] for r in found.values()}.isdisjoint({"AWS::Serverless::Function"})
    assert len([r for r in found.values() if r["Type"] == "AWS::Lambda::Function"]) == 4


def test_the_one_stage_of_the_api_is_the_one_whose_calls_are_bounded(packaged: Path) -> None:
    """SAM makes another, without bounds, unless it is told a version of OpenAPI."""
    made = seen(transformed(packaged, {}))
    (stage,) = [r["Properties"] for r in made.values() if r["Type"] == "AWS::ApiGateway::Stage"]
    assert (stage["StageName"], len(stage["MethodSettings"])) == ("api", 1)
    deployments = [r for r in made.values() if r["Type"] == "AWS::ApiGateway::Deployment"]
    assert deployments and not [d for d in deployments if "StageName" in d["Properties"]]


def test_the_linter_finds_nothing_in_the_companion_stack(tmp_path: Path) -> None:
    path = tmp_path / "worldwide.json"
    path.write_text(json.dumps(load(INFRA / "us-east-1")))
    assert lint(path, "us-east-1") == (0, "")


@pytest.mark.parametrize("calls", ["0", "3000"])
@pytest.mark.parametrize("domain", ["", "upload.your.domain"])
def test_the_companion_stack_has_what_was_asked_for(calls: str, domain: str) -> None:
    asked = {"CallsPerAddress": calls, "PageDomain": domain, "PageZone": domain and "Z1"}
    found = set(seen(load(INFRA / "us-east-1"), asked))
    assert found == {
        "Nothing",
        *(["Certificate"] if domain else []),
        *(["WebAcl"] if calls != "0" else []),
    }


def test_a_linter_that_finds_something_says_so(tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps({"Resources": {"B": {"Type": "AWS::S3::Bucket", "Colour": 1}}}))
    assert lint(path)[0] != 0


@pytest.mark.parametrize("stage", STAGES)
def test_a_stages_parameters_are_the_templates_and_are_allowed(
    packages: Callable[[str], Path], stage: str
) -> None:
    known = read_package(packages(stage)).template["Parameters"]
    values = json.loads((INFRA / f"parameters-{stage}.json").read_text())
    assert values["Stage"] == stage
    for name, value in values.items():
        allowed = known[name].get("AllowedValues", [value])
        assert value in {str(a) for a in allowed}, name
