"""What several kinds of tests need: a running stack and people who call it; a cloud of its own.

No test finds the keyring or the profiles of the person who runs it, nor does it matter whether the
shell that started them buffers Python's output, or put them in the background, where commands would
inherit that Ctrl-C is ignored.
"""

import os
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from local.stack import Options, Stack
from tests.adapters.cloud import Cloud, running
from tests.adapters.signing import Signer, serving
from tests.calls import Caller
from tests.recorder import Recorder
from tools.browser import launch

pytest_plugins = ("tests.crashes.summary", "tests.races.summary", "tests.races.fixtures")

for _name in ("MANYHANDS_PROFILE", "MANYHANDS_URL", "PYTHONUNBUFFERED"):
    os.environ.pop(_name, None)
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


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
def browser() -> Iterator[Browser]:
    """A real one. That there is none is a failure, never a reason to skip."""
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture(scope="session")
def ana(stack: Stack) -> Caller:
    return Caller.signed_in(stack.url, "ana")


@pytest.fixture(scope="session")
def ben(stack: Stack) -> Caller:
    return Caller.signed_in(stack.url, "ben")


@pytest.fixture(scope="session")
def cleo(stack: Stack) -> Caller:
    return Caller.signed_in(stack.url, "cleo")


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    """Strict moto in a process of its own, for adapters alone."""
    with running() as cloud:
        yield cloud


@pytest.fixture
def signer() -> Iterator[Signer]:
    """A pool that signs whatever a test wants."""
    with serving() as signer:
        yield signer
