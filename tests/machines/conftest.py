"""One node process for all machines; the mark of long runs, and time to shrink a failure."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machines.node import Node
from tests.machines.scale import SOAK, TIMEOUT_S


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.timeout(TIMEOUT_S))
            if SOAK:
                item.add_marker(pytest.mark.soak)


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    with Node() as node:
        yield node
