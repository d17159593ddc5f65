"""The line of metrics, as CloudWatch reads it."""

import json
import logging
import time
from threading import Barrier, Thread

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
    assert (said["stage"], said["Exchanges"], said["PartsDone"]) == ("prod", [1], [5])


def test_a_call_that_fails_tells_what_it_counted_until_then(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(ZeroDivisionError), told("prod"):
        EmfMeter().count(Metric.NOTICES_FAILED)
        raise ZeroDivisionError
    assert json.loads(caplog.messages[0])["NoticesFailed"] == [1]


def test_a_call_in_which_nothing_happened_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with told("prod"):
        pass
    EmfMeter().count(Metric.EXCHANGES)
    assert not caplog.messages


@pytest.mark.parametrize("metric", Metric)
def test_every_metric_is_described_with_its_unit_and_the_stage_alone(metric: Metric) -> None:
    before = time.time_ns() // 1_000_000
    said = json.loads(line({metric: [1]}, "prod"))
    described = said["_aws"]
    assert before <= described["Timestamp"] <= time.time_ns() // 1_000_000
    (directive,) = described["CloudWatchMetrics"]
    assert (directive["Namespace"], directive["Dimensions"]) == ("Manyhands", [["stage"]])
    unit = UNITS.get(metric.value, "Count")
    assert directive["Metrics"] == [{"Name": metric.value, "Unit": unit}]
    assert metric.value in said


def test_the_times_of_several_assemblies_are_told_one_by_one() -> None:
    said = json.loads(line({Metric.ASSEMBLY_SECONDS: [1.5, 30]}, "prod"))
    assert said["AssemblySeconds"] == [1.5, 30]


def test_however_much_was_counted_it_is_one_line_and_none_on_the_screen(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with told("prod"):
        for _ in range(1_000):
            EmfMeter().count(Metric.UPLOADS_EXPIRED)
            EmfMeter().count(Metric.ASSEMBLY_SECONDS, 2.5)
    (said,) = map(json.loads, caplog.messages)
    assert said["UploadsExpired"] == [1_000]
    assert len(said["AssemblySeconds"]) == 99, "at 100 Powertools writes by itself"
    assert capfd.readouterr() == ("", "")


def test_the_operators_names_change_no_dimension(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "others")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Theirs")
    (directive,) = json.loads(line({Metric.EXCHANGES: [1]}, "prod"))["_aws"]["CloudWatchMetrics"]
    assert (directive["Namespace"], directive["Dimensions"]) == ("Theirs", [["stage"]])


def test_calls_on_other_threads_count_for_themselves(caplog: pytest.LogCaptureFixture) -> None:
    def call() -> None:
        with told("prod"):
            met.wait(10)
            EmfMeter().count(Metric.EXCHANGES)
            met.wait(10)

    met = Barrier(8)
    threads = [Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [json.loads(said)["Exchanges"] for said in caplog.messages] == [[1]] * 8
