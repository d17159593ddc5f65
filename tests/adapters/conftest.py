from collections.abc import Iterator

import pytest

from tests.adapters.cloud import Cloud, running
from tests.adapters.signing import Signer, serving


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    with running() as cloud:
        yield cloud


@pytest.fixture
def signer() -> Iterator[Signer]:
    with serving() as signer:
        yield signer
