"""The running API, called with whatever its own description allows, and more.

schemathesis makes the calls from ``docs/openapi.yaml``, but for what only a gateway answers: right
ones, wrong types, missing fields, edges of ranges. Each answer must be a described one, in status,
media type and schema, and none a defect. Where a call names an upload it is made for one that is
not there, for one that goes on and for one that has ended, since made-up ids alone never come
further than a 404.

The number of calls is bounded and they are the same each time, so that a failure can be repeated.
"""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from local.stack import Stack
from tests.calls import PART, Caller, File
from tests.security.conftest import newcomer
from tools.openapi import document

DOCUMENT = document(gateway=False)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
CONFIG = {"phases": {"coverage": {"unexpected-methods": ["PATCH"]}}}
"""Of verbs that no route has: the server of this machine knows no TRACE and no QUERY."""

SCHEMA = schemathesis.openapi.from_dict(
    DOCUMENT, config=schemathesis.config.SchemathesisConfig.from_dict(CONFIG)
)


@pytest.fixture(scope="module")
def caller(stack: Stack) -> Iterator[Caller]:
    """With room for uploads of its own."""
    yield newcomer(stack, "film")


@pytest.fixture(scope="module")
def uploads(caller: Caller) -> tuple[str, str]:
    """One that goes on, and one that has ended."""
    files = (File.of(3 * PART), File.of(9))
    going, ended = (
        caller.post("/uploads", file.described()).body["upload"]["id"] for file in files
    )
    caller.post(f"/uploads/{ended}/cancel")
    return going, ended


@SCHEMA.parametrize()
@settings(
    max_examples=20,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_a_described_one(
    case: schemathesis.Case, caller: Caller, uploads: tuple[str, str]
) -> None:
    where, headers = f"{caller.url}/api", {"Authorization": caller.authorization}
    ids = uploads if "id" in case.path_parameters else ()
    case.call_and_validate(base_url=where, headers=headers, checks=CHECKS)
    for id in ids:
        case.path_parameters["id"] = id
        case.call_and_validate(base_url=where, headers=headers, checks=CHECKS)
