"""What an operator sees of an upload: the lines of its calls, and the metrics of all of them."""

import json
import logging
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

import app
from chalicelib.adapters.logs import METRICS, SHAPE
from local.schedule import scheduled_event
from local.stack import Stack
from tests.calls import PART, Caller, Device, File

EDGE = "chalicelib.edge"


class Ear(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []
        self.metrics: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == METRICS:
            self.metrics.append(json.loads(record.getMessage()))
        else:
            self.lines.append(json.loads(SHAPE.format(record)))

    def counted(self, upload: str) -> Counter[str]:
        """Of this upload's calls alone: those before may have left others to finish."""
        sums: Counter[str] = Counter()
        for said in [said for said in self.metrics if said.get("upload") == upload]:
            for metric in said["_aws"]["CloudWatchMetrics"][0]["Metrics"]:
                values = said[metric["Name"]]
                several = metric["Name"] == "AssemblySeconds"
                sums[metric["Name"]] += len(values) if several else sum(values)
        return sums


@pytest.fixture
def ear() -> Iterator[Ear]:
    heard, loggers = Ear(), [logging.getLogger(name) for name in (METRICS, EDGE)]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(heard)
        logger.setLevel(logging.INFO)
    yield heard
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(heard)
        logger.setLevel(level)


def until_told(ear: Ear, upload: str, metric: str) -> None:
    for _ in range(3_000):
        if metric in ear.counted(upload):
            return
        time.sleep(0.01)
    raise AssertionError(f"{metric} was never told")


def test_an_upload_is_counted_once_from_its_first_exchange_to_its_notice(
    ana: Caller, ear: Ear
) -> None:
    file = File.of(2 * PART + 5, name="watched.mov")
    upload = ana.post("/uploads", file.described()).body["upload"]["id"]
    Device(ana, upload).send_all(file)
    until_told(ear, upload, "NoticesSent")
    counted = ear.counted(upload)
    counted.pop("ColdStarts", 0)  # of the process, which may have been called before
    exchanges = counted.pop("Exchanges")
    assert counted == {
        **{"PartsDone": 3, "UploadsStored": 1, "BytesStored": 2 * PART + 5},
        **{"AssemblySeconds": 1, "NoticesSent": 1},
    }
    calls = [line for line in ear.lines if line.get("route") == "POST /uploads/{id}/tickets"]
    assert len(calls) == exchanges


def test_a_sweep_says_that_it_ran(stack: Stack, ear: Ear) -> None:
    app.sweep(scheduled_event(datetime.now(UTC)), None)
    (told,) = [said for said in ear.metrics if said["function"] == "sweep"]
    assert (told["SweepRuns"], told["UploadsStuck"]) == ([1], [0])


def test_each_call_has_one_line_with_route_status_code_and_duration(ana: Caller, ear: Ear) -> None:
    file = File.of(3, name="lines.txt")
    upload = ana.post("/uploads", file.described()).body["upload"]["id"]
    device = Device(ana, upload)
    device.exchange()
    device.exchange(done=[9])
    ana.get("/uploads/nothing")
    ana.call("PATCH", "/me")
    lines = [line for line in ear.lines if line["function"] == "api"]
    created, taken, refused, missing, odd = lines
    assert len({line["function_request_id"] for line in lines}) == 5
    assert all(line["duration_ms"] >= 0 for line in lines)
    assert (created["route"], created["status"], created["upload"]) == (
        *("POST /uploads", 201),
        upload,
    )
    assert (taken["upload"], taken["client"]) == (upload, device.client)
    assert (refused["status"], refused["code"]) == (400, "part_out_of_range")
    assert (missing["route"], missing["code"]) == ("GET /uploads/{id}", "no_such_upload")
    assert "upload" not in missing, "what cannot be an id is not written down"
    assert (odd["status"], odd["code"]) == (405, "method_not_allowed")
    assert "code" not in created and "code" not in taken


def test_a_call_that_changes_nothing_tells_no_metric(ana: Caller, ear: Ear) -> None:
    ana.get("/me")
    ear.metrics.clear()  # a cold start, if this was the first call of all
    ana.get("/me")
    assert not [said for said in ear.metrics if said["function"] == "api"]


def test_an_events_function_that_fails_says_why_in_one_line(stack: Stack, ear: Ear) -> None:
    with pytest.raises(KeyError):
        app.notify({"Records": [{"eventSourceARN": "a", "dynamodb": {}}]}, None)
    (line,) = [line for line in ear.lines if line["level"] == "ERROR"]
    assert (line["message"], line["function"]) == ("notify failed", "notify")
    assert line["exception"].startswith("Traceback")
