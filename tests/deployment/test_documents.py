"""docs/deployment.md names what there is, and nothing else."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.template import load
from tests.deployment.test_watching import alarms
from tools.deploy.package import INFRA
from tools.deploy.parameters import told

PAGE = Path(__file__).resolve().parents[2] / "docs" / "deployment.md"
README = PAGE.parents[1] / "README.md"


def rows(heading: str) -> set[str]:
    """The names in the first column of a section's table."""
    section = PAGE.read_text().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_every_parameter_is_described(template: Mapping[str, Any]) -> None:
    known = set(template["Parameters"]) | set(load(INFRA / "us-east-1")["Parameters"])
    assert rows("Parameters") == known


def test_every_output_is_described(template: Mapping[str, Any]) -> None:
    assert rows("Outputs") == set(template["Outputs"])


def test_the_commands_set_what_can_be_set(template: Mapping[str, Any]) -> None:
    wishes = re.findall(r'SET="([^"]*)"', PAGE.read_text() + README.read_text())
    assert len(wishes) >= 3
    for wish in wishes:
        told(wish, template["Parameters"])


def test_the_alarms_are_as_many_as_it_says(template: Mapping[str, Any]) -> None:
    assert len(alarms(template)) == 10
    assert "**alarms**, ten of these" in PAGE.read_text()
