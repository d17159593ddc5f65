"""How the races went, at the end of the tests' output; a plugin of ``tests/conftest.py``."""

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    told = [
        text
        for report in terminalreporter.stats.get("passed", [])
        for name, text in report.user_properties
        if name == "race"
    ]
    if told:
        terminalreporter.section("races")
    for text in told:
        terminalreporter.write_line(text)
