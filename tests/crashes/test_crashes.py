"""Every crash point recovers, and no call is left out."""

import json
from pathlib import Path

import pytest

import app
from tests.crashes.cases import EVENTS
from tests.crashes.points import CrashPoint, Theatre, points, recorded
from tests.crashes.scenarios import SCENARIOS
from tests.recorder import ALIKE

POLICIES = Path(__file__).resolve().parents[2] / ".chalice"
ONLY_SIGNED = {"api": {"s3:GetObject"}}
"""What a function may do so that URLs that it signs may do it; it never calls that itself."""


@pytest.mark.parametrize("point", points(), ids=str)
def test_the_system_recovers_from_a_crash(
    stage: Theatre, point: CrashPoint, record_property: object
) -> None:
    for remark in stage.play(point):
        record_property("crash", remark)  # type: ignore[operator]


@pytest.mark.parametrize("scenario", recorded())
def test_a_scenario_makes_the_calls_that_are_listed(stage: Theatre, scenario: str) -> None:
    """If another call is meant to be there: ``python -m tests.crashes --record``."""
    assert stage.calls(scenario) == recorded()[scenario]


def test_every_scenario_is_listed() -> None:
    assert list(recorded()) == list(SCENARIOS)


def test_every_route_and_every_event_function_has_scenarios() -> None:
    """A preflight has none: it asks nobody, so there is nothing between two calls."""
    routes = {f"{m} {path}" for path, methods in app.app.routes.items() for m in methods}
    asking = {route for route in routes if not route.startswith("OPTIONS ")}
    assert {s.entry for s in SCENARIOS.values()} == asking | set(EVENTS)


@pytest.mark.parametrize("function", ["api", *EVENTS])
def test_every_call_that_a_function_may_make_is_a_crash_point(function: str) -> None:
    called = {
        action
        for scenario in SCENARIOS.values()
        if scenario.function == function
        for call in recorded()[scenario.name]
        for action in _permissions(call)
    }
    policy = json.loads((POLICIES / f"policy-{function}.json").read_text())
    granted = {
        action
        for statement in policy["Statement"]
        if statement.get("Sid", "Logs") not in {"Logs", "Stream", "Streams", "Failures"}
        for action in statement["Action"]
    }
    assert called == granted - ONLY_SIGNED.get(function, set())


def _permissions(call: str) -> tuple[str, ...]:
    name = call.replace(".", ":", 1)
    return ALIKE.get(name, (name,))
