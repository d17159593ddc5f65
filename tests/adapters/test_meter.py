"""The line of metrics, as CloudWatch reads it."""

import json
import logging

import pytest

from chalicelib.adapters.logs import METRICS
from chalicelib.adapters.meter import EmfMeter, line, told
from chalicelib.ports import Metric

UNITS = {"BytesStored": "Bytes", "AssemblySeconds": "Seconds"}


@pytest.fixture(autouse=True)
def heard(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, METRICS)


def test_all_that_a_call_counts_leaves_in_one_line_at_its_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with told("prod"):
        EmfMeter().count(Metric.EXCHANGES)
        EmfMeter().count(Metric.PARTS_DONE, 3)
        EmfMeter().count(Metric.PARTS_DONE, 2)
        assert not caplog.messages
    (said,) = map(json.loads, caplog.messages)
    assert (said["stage"], said["Exchanges"], said["PartsDone"]) == ("prod", 1, 5)


def test_a_call_that_fails_tells_what_it_counted_until_then(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(ZeroDivisionError), told("prod"):
        EmfMeter().count(Metric.NOTICES_FAILED)
        raise ZeroDivisionError
    assert json.loads(caplog.messages[0])["NoticesFailed"] == 1


def test_a_call_in_which_nothing_happened_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with told("prod"):
        pass
    EmfMeter().count(Metric.EXCHANGES)
    assert not caplog.messages


@pytest.mark.parametrize("metric", Metric)
def test_every_metric_is_described_with_its_unit_and_the_stage_alone(metric: Metric) -> None:
    said = json.loads(line({metric: [1]}, "prod", 1_700_000_000_000))
    described = said["_aws"]
    assert described["Timestamp"] == 1_700_000_000_000
    (directive,) = described["CloudWatchMetrics"]
    assert (directive["Namespace"], directive["Dimensions"]) == ("Manyhands", [["stage"]])
    unit = UNITS.get(metric.value, "Count")
    assert directive["Metrics"] == [{"Name": metric.value, "Unit": unit}]
    assert metric.value in said


def test_the_times_of_several_assemblies_are_told_one_by_one_and_never_too_many() -> None:
    few = json.loads(line({Metric.ASSEMBLY_SECONDS: [1.5, 30]}, "prod", 0))
    many = json.loads(line({Metric.ASSEMBLY_SECONDS: [1.0] * 1_000}, "prod", 0))
    assert few["AssemblySeconds"] == [1.5, 30]
    assert len(many["AssemblySeconds"]) == 100, "CloudWatch refuses the line with more"
