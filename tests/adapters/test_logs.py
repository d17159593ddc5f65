"""The lines of the log, in a process of their own: there is one root logger."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

SPEAK = """
import logging, sys
from chalicelib.adapters.logs import about, forget, speak
speak(sys.stdout)
log = logging.getLogger("chalicelib.web.answers")
"""


def said(program: str, **environment: str) -> list[dict[str, Any]]:
    ran = subprocess.run(
        [sys.executable, "-c", SPEAK + program],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr == ""
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_each_line_says_what_the_call_is_about() -> None:
    first, second = said(
        """
about(function="api", function_request_id="r-1")
about(upload="u-1", client="c-1")
log.info("%s: %d", "GET /me", 200, extra={"status": 200})
forget()
log.warning("alone")
""",
        TZ="Asia/Tokyo",
    )
    assert datetime.fromisoformat(first.pop("timestamp")).tzinfo is UTC
    assert first == {
        **{"level": "INFO", "message": "GET /me: 200", "name": "chalicelib.web.answers"},
        **{"function": "api", "function_request_id": "r-1", "upload": "u-1", "client": "c-1"},
        **{"status": 200, "service": "manyhands", "location": "<module>:9"},
    }
    assert {"function", "function_request_id", "upload", "client"}.isdisjoint(second)


def test_what_a_call_is_about_is_said_by_its_own_thread_alone() -> None:
    first, second = said("""
from threading import Thread
about(upload="u-1")
def other():
    about(client="c-2")
    log.info("other")
thread = Thread(target=other)
thread.start()
thread.join()
log.info("one")
""")
    assert (first["client"], second["upload"]) == ("c-2", "u-1")
    assert "upload" not in first and "client" not in second


def test_the_services_name_is_the_operators() -> None:
    (line,) = said("log.info('so')", POWERTOOLS_SERVICE_NAME="others")
    assert line["service"] == "others"


def test_a_stack_trace_is_part_of_its_line() -> None:
    (line,) = said("""
try:
    raise ValueError("of two\\nlines")
except ValueError:
    log.exception("it failed")
""")
    assert line["level"] == "ERROR"
    assert line["exception"].startswith("Traceback")
    assert line["exception"].endswith("ValueError: of two\nlines")
    assert line["exception_name"] == "ValueError"


def test_libraries_speak_the_same_but_only_of_trouble() -> None:
    lines = said("""
logging.getLogger("botocore").info("nothing")
logging.getLogger("botocore").warning("trouble")
logging.getLogger("manyhands").error("Chalice met a defect")
""")
    assert [line["message"] for line in lines] == ["trouble", "Chalice met a defect"]


def test_the_operator_says_how_loud_and_the_metrics_stay() -> None:
    program = """
from chalicelib.adapters.meter import EmfMeter, told
from chalicelib.ports import Metric
log.info("the usual")
log.debug("the finest")
with told("prod"):
    EmfMeter().count(Metric.SWEEP_RUNS)
"""
    quiet, fine = said(program, LOG_LEVEL="ERROR"), said(program, LOG_LEVEL="DEBUG")
    assert [line.get("message") for line in quiet] == [None] and quiet[0]["SweepRuns"] == [1]
    assert [line.get("message") for line in fine] == ["the usual", "the finest", None]


def test_what_is_no_json_does_not_lose_the_line() -> None:
    (line,) = said("log.info('odd', extra={'thing': object, 'text': '\\udce4'})")
    assert line["message"] == "odd" and "object" in line["thing"]


def test_metrics_are_lines_of_their_own_as_they_stand() -> None:
    (line,) = said("""
from chalicelib.adapters.meter import EmfMeter, told
from chalicelib.ports import Metric
about(function="api")
with told("prod"):
    EmfMeter().count(Metric.EXCHANGES)
""")
    assert set(line) == {"_aws", "stage", "function", "Exchanges"}


def test_what_nobody_uses_of_powertools_is_not_loaded() -> None:
    heavy = ("aws_xray_sdk", "pydantic", "boto3", "aws_lambda_powertools.event_handler")
    assert said(f"""
import json, chalicelib.adapters.meter
print(json.dumps([name for name in {heavy!r} if name in sys.modules]))
""") == [[]]
