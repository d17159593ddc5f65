"""The page of the stack that all tests share, in a real browser, and a site that embeds it."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from examples.embed.site import Site
from local.stack import Options, Stack
from tests.browser.adopter import REMEMBER, Adopter
from tests.stacks import serving
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


@pytest.fixture(scope="session")
def adopting() -> Iterator[Adopter]:
    with Site() as site:
        page = f"{site.origin}/signing-in.html"
        with serving(Options(other_origins=(site.origin,), embedding_page=page)) as service:
            yield Adopter(site, service)


@pytest.fixture
def adopter(adopting: Adopter) -> Adopter:
    adopting.person = "ana"
    return adopting


@pytest.fixture
def guest(browser: Browser, adopter: Adopter) -> Iterator[Visitor]:
    with visiting(browser, adopter.site.origin) as come:
        guest = come()
        guest.page.add_init_script(REMEMBER)
        yield guest


@pytest.fixture
def page(guest: Visitor) -> Page:
    guest.page.goto(f"{guest.url}/")
    expect(guest.page.get_by_role("button", name="Choose files")).to_be_visible()
    return guest.page
