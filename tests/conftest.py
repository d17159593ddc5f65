"""One running stack for each test process, and people who call it over HTTP."""

from collections.abc import Iterator

import pytest

from local.stack import Options, Stack
from tests.calls import Caller
from tests.recorder import Recorder


@pytest.fixture(scope="session")
def recorder() -> Recorder:
    made = Recorder()
    made.listen()
    return made


@pytest.fixture(scope="session")
def stack(recorder: Recorder) -> Iterator[Stack]:
    with Stack(Options(sweep_every_s=3_600)) as running:
        yield running


@pytest.fixture(scope="session")
def ana(stack: Stack) -> Caller:
    return Caller.signed_in(stack.url, "ana")


@pytest.fixture(scope="session")
def ben(stack: Stack) -> Caller:
    return Caller.signed_in(stack.url, "ben")


@pytest.fixture(scope="session")
def cleo(stack: Stack) -> Caller:
    return Caller.signed_in(stack.url, "cleo")
