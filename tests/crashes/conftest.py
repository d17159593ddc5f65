from collections.abc import Iterator

import pytest

from tests.crashes.points import Theatre, theatre


@pytest.fixture(scope="session")
def stage() -> Iterator[Theatre]:
    """Where crashes are played: a process of its own, with the whole system in it."""
    with theatre() as playing:
        yield playing
