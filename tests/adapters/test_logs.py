"""The lines of the log, in a process of their own: there is one root logger."""

import json
import subprocess
import sys
from typing import Any

SPEAK = """
import logging, sys
from chalicelib.adapters.logs import about, forget, speak
speak(sys.stdout)
log = logging.getLogger("chalicelib.web.answers")
"""


def said(program: str) -> list[dict[str, Any]]:
    ran = subprocess.run(
        [sys.executable, "-c", SPEAK + program], capture_output=True, text=True, check=True
    )
    assert ran.stderr == ""
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_each_line_says_what_the_call_is_about() -> None:
    first, second = said("""
about(function="api", request="r-1")
about(upload="u-1", client="c-1")
log.info("%s: %d", "GET /me", 200, extra={"status": 200})
forget()
log.warning("alone")
""")
    assert first.pop("time").endswith("Z")
    assert first == {
        **{"level": "INFO", "message": "GET /me: 200", "logger": "chalicelib.web.answers"},
        **{"function": "api", "request": "r-1", "upload": "u-1", "client": "c-1", "status": 200},
    }
    assert {"function", "request", "upload", "client"}.isdisjoint(second)


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


def test_libraries_speak_the_same_but_only_of_trouble() -> None:
    lines = said("""
logging.getLogger("botocore").info("nothing")
logging.getLogger("botocore").warning("trouble")
logging.getLogger("manyhands").error("Chalice met a defect")
""")
    assert [line["message"] for line in lines] == ["trouble", "Chalice met a defect"]


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
