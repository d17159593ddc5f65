"""The page of the stack that all tests share, in a real browser."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from local.stack import Stack
from tests.visitor import Visit, Visitor, visiting


@pytest.fixture
def visit(browser: Browser, stack: Stack) -> Iterator[Visit]:
    with visiting(browser, stack.url) as come:
        yield come


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    return visit()


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Makes files of random bytes."""

    def make(size: int, name: str = "film.mov") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(secrets.token_bytes(size))
        return path

    return make
