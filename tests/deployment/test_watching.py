"""What rings, whom, and what is drawn."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.deployment.reading import EVERYTHING, seen

Template = Mapping[str, Any]

OUR_METRICS = {
    *("UploadsStored", "UploadsFailed", "UploadsExpired", "UploadsCancelled", "UploadsStuck"),
    *("BytesStored", "PartsDone", "Exchanges", "Conflicts", "Rescues", "Strikes"),
    *("AssemblySeconds", "NoticesSent", "NoticesFailed", "SweepRuns", "ColdStarts"),
    "MailsRefused",
}
ALARMS = {
    *("FailedUploads", "StuckUploads", "FailedNotices", "SweepNotRun", "DeadLetters"),
    "RefusedMails",
    *("ApiFaults", "StreamBehind", "ThrottledFunctions", "ThrottledTable"),
}


def alarms(template: Template, options: Mapping[str, str] = {}) -> dict[str, Any]:
    found = seen(template, options)
    return {n: r["Properties"] for n, r in found.items() if r["Type"] == "AWS::CloudWatch::Alarm"}


def widgets(template: Template) -> list[dict[str, Any]]:
    body = seen(template, {"Stage": "prod"})["Dashboard"]["Properties"]["DashboardBody"]
    found: list[dict[str, Any]] = json.loads(body)["widgets"]
    return found


def drawn(metrics: list[list[Any]]) -> Iterator[tuple[str, str, str, str]]:
    """Each line's namespace, name and dimension; the dots repeat the line above."""
    above: list[str] = []
    for metric in metrics:
        line = [m for m in metric if isinstance(m, str)]
        if line[0] == "...":
            line = [*above[: -(len(line) - 1)], *line[1:]]
        above = [above[i] if m == "." else m for i, m in enumerate(line)]
        namespace, name, dimension, value = above
        yield namespace, name, dimension, value


def test_there_is_an_alarm_for_all_that_needs_a_person(template: Template) -> None:
    assert set(alarms(template)) == ALARMS


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_an_alarm_says_why_and_rings_and_stops_ringing(template: Template, name: str) -> None:
    alarm = alarms(template)[name]
    assert len(alarm["AlarmDescription"]) > 40
    assert alarm["AlarmActions"] == alarm["OKActions"] == ["<AlarmTopic>"]
    passed_on = alarms(template, EVERYTHING)[name]
    assert passed_on["AlarmActions"] == ["<AlarmTopic>", EVERYTHING["AlarmTopicArn"]]


def test_silence_is_fine_except_of_the_sweep(template: Template) -> None:
    said = {name: alarm["TreatMissingData"] for name, alarm in alarms(template).items()}
    assert {n for n, treat in said.items() if treat == "breaching"} == {"SweepNotRun"}
    assert set(said.values()) == {"breaching", "notBreaching"}


def test_our_own_metrics_are_those_that_the_functions_count(template: Template) -> None:
    ours = [a for a in alarms(template).values() if a.get("Namespace") == "Manyhands"]
    assert {a["MetricName"] for a in ours} < OUR_METRICS
    assert all(a["Dimensions"] == [{"Name": "stage", "Value": "dev"}] for a in ours)


def test_the_dashboard_draws_every_metric_of_ours(template: Template) -> None:
    lines = [line for w in widgets(template) for line in drawn(w["properties"]["metrics"])]
    ours = [line for line in lines if line[0] == "Manyhands"]
    assert {name for _, name, _, _ in ours} == OUR_METRICS
    assert {(dimension, value) for _, _, dimension, value in ours} == {("stage", "prod")}
    functions = {value for n, _, _, value in lines if n == "AWS/Lambda"}
    assert functions == {"<APIHandler>", "<Assemble>", "<Notify>", "<Sweep>"}


def test_the_dashboards_pictures_do_not_overlap(template: Template) -> None:
    cells = [
        (w["x"] + i, w["y"] + j)
        for w in widgets(template)
        for i in range(w["width"])
        for j in range(w["height"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


def test_the_apis_metrics_are_found_by_the_apis_name(template: Template) -> None:
    api = seen(template)["RestAPI"]["Properties"]["DefinitionBody"]["info"]["title"]
    (dimension,) = alarms(template)["ApiFaults"]["Dimensions"]
    assert dimension == {"Name": "ApiName", "Value": api}


def test_every_operation_on_the_table_rings_if_it_is_throttled(template: Template) -> None:
    alarm = alarms(template)["ThrottledTable"]
    metrics = [m["MetricStat"]["Metric"] for m in alarm["Metrics"] if "MetricStat" in m]
    told = [{d["Name"]: d["Value"] for d in m["Dimensions"]} for m in metrics]
    assert {m["MetricName"] for m in metrics} == {"ThrottledRequests"}
    assert {d["TableName"] for d in told} == {"<Table>"}
    assert {f"dynamodb:{d['Operation']}" for d in told} == _done_to_the_table(template)
    summed = {m["Id"] for m in alarm["Metrics"] if "MetricStat" in m}
    (expression,) = (m["Expression"] for m in alarm["Metrics"] if "Expression" in m)
    assert {s.removeprefix("FILL(").removesuffix(", 0)") for s in expression.split(" + ")} == summed


def _done_to_the_table(template: Template) -> set[str]:
    roles = [r["Properties"] for r in seen(template).values() if r["Type"] == "AWS::IAM::Role"]
    said = [s for r in roles for p in r["Policies"] for s in p["PolicyDocument"]["Statement"]]
    ours = [s for s in said if any(str(r).startswith("<Table.Arn>") for r in s["Resource"])]
    return {action for s in ours for action in s["Action"]}


def test_alarms_are_mailed_where_an_address_is_told(template: Template) -> None:
    mails = seen(template, {"AlarmMail": "ops@your.domain"})["AlarmMails"]["Properties"]
    assert (mails["Protocol"], mails["Endpoint"]) == ("email", "ops@your.domain")
    assert "AlarmMails" not in seen(template)
