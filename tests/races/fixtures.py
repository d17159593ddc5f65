"""The other hands, started once for each process of tests that asks for them; a plugin."""

from collections.abc import Iterator

import pytest

from tests.races import others
from tests.races.others import Other


@pytest.fixture(scope="session")
def dynalite() -> Iterator[Other]:
    with others.dynalite() as running:
        yield running


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Other]:
    with others.ministack(tmp_path_factory.mktemp("ministack")) as running:
        yield running
