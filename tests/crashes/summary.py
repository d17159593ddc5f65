"""The list of crash points at the end of the tests' output; a plugin of ``tests/conftest.py``."""

import re
from typing import Any

TEST = "test_the_system_recovers_from_a_crash["


def pytest_terminal_summary(terminalreporter: Any) -> None:
    outcomes = {
        report.nodeid.partition(TEST)[2].rstrip("]"): report
        for name in ("passed", "failed", "error")
        for report in terminalreporter.stats.get(name, [])
        if TEST in report.nodeid
    }
    if not outcomes:
        return
    terminalreporter.section("crash points")
    for point, report in sorted(outcomes.items(), key=lambda item: _order(item[0])):
        terminalreporter.write_line(f"{point}: {_verdict(report)}")
    good = sum(report.passed for report in outcomes.values())
    terminalreporter.write_line(f"{good} of {len(outcomes)} crash points recover")


def _verdict(report: Any) -> str:
    if not report.passed:
        return "DOES NOT RECOVER"
    return "; ".join(
        ["recovers", *(text for name, text in report.user_properties if name == "crash")]
    )


def _order(point: str) -> tuple[str, int, bool]:
    found = re.match(r"(.+?)-(\d+)-.+-(before|after)$", point)
    assert found is not None, point
    return found[1], int(found[2]), found[3] == "after"
