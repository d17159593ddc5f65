"""docs/deployment.md names what there is, and nothing else."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalicelib.ports import Metric
from local.template import load
from tests.deployment.test_watching import alarms
from tools import person
from tools.deploy.package import INFRA
from tools.deploy.parameters import told

PAGE = Path(__file__).resolve().parents[2] / "docs" / "deployment.md"
README = PAGE.parents[1] / "README.md"
OPERATIONS = (PAGE.parent / "operations.md").read_text()
SIGNS = {"GreaterThanThreshold": ">", "LessThanThreshold": "<"}


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


def metrics_of(alarm: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What it looks at; each costs. One alone is told as the alarm's own."""
    return [m["MetricStat"] for m in alarm.get("Metrics", ()) if "MetricStat" in m] or [
        {"Metric": alarm, "Period": alarm["Period"]}
    ]


def rings(name: str, alarm: Mapping[str, Any]) -> str:
    """When it does, as the document says it."""
    ((metric, period),) = {(m["Metric"]["MetricName"], m["Period"]) for m in metrics_of(alarm)}
    sign, rows = SIGNS[alarm["ComparisonOperator"]], alarm["EvaluationPeriods"]
    told = f"`{name}`: `{metric}` {sign} {alarm['Threshold']:,} in {period // 60} minutes"
    return told + {1: "", 2: ", twice in a row"}[rows]


def test_the_alarms_are_as_many_as_it_says(template: Mapping[str, Any]) -> None:
    found = alarms(template)
    looked_at = sum(len(metrics_of(alarm)) for alarm in found.values())
    assert (len(found), looked_at, len(Metric)) == (10, 16, 17)
    assert "**alarms**, ten of these" in PAGE.read_text()
    assert "the ten alarms ($0.10 for each of the 16 metrics that they look at)" in PAGE.read_text()
    assert "17 metrics 5.10, 10 alarms on 16 metrics 1.60, 1 dashboard 3.00 | 9.70 |" in OPERATIONS


def test_each_alarm_has_a_section_that_says_when_it_rings(template: Mapping[str, Any]) -> None:
    _, _, after = OPERATIONS.partition("\n## Alarms\n")
    _, *sections = after.partition("\n## ")[0].split("\n### ")
    firsts = [section.split("\n\n")[1] for section in sections]
    expected = [rings(name, alarm) for name, alarm in alarms(template).items()]
    for line in expected:
        assert sum(line in first for first in firsts) == 1, line
    assert all(any(line in first for line in expected) for first in firsts)


def test_how_long_logs_are_kept_is_said_as_it_is_set() -> None:
    days = {
        stage: json.loads((INFRA / f"parameters-{stage}.json").read_text())["LogDays"]
        for stage in ("prod", "dev")
    }
    told = f"(`LogDays`: prod {days['prod']}, dev {days['dev']})"
    assert OPERATIONS.count(told) == 2
    assert told in re.sub(r"\s+", " ", str(person.__doc__)).replace("``", "`")


def test_links_within_the_document_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.*)$", OPERATIONS, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", h.lower()).replace(" ", "-") for h in headings}
    assert set(re.findall(r"\]\(#([^)]*)\)", OPERATIONS)) <= anchors
