"""The whole system at the hub of a network of its own, and devices behind lines."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from local.stack import Options, Stack
from tests.system.terminal import Terminal
from tests.visitor import Visitor
from tools.browser import WITHOUT_HANDLES, launch
from tools.network import HUB, Line, Network


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.soak)


@pytest.fixture
def network() -> Iterator[Network]:
    with Network() as made:
        yield made


@pytest.fixture
def hub(network: Network) -> Iterator[Stack]:
    """The test itself is at the hub, so it can ask the service whatever the lines do."""
    with network.inside(), Stack(Options(host=HUB)) as running:
        yield running


@pytest.fixture
def sit(hub: Stack, tmp_path: Path) -> Iterator[Callable[[Line, str], Terminal]]:
    """Signs somebody in at a machine behind this line."""
    terminals: list[Terminal] = []

    def down(line: Line, person: str) -> Terminal:
        with line.inside():
            home = tmp_path / f"{person}-{len(terminals)}"
            terminals.append(Terminal(hub.url, person, home, via=line.command()))
        return terminals[-1]

    yield down
    for terminal in terminals:
        terminal.close()


@pytest.fixture
def visit(hub: Stack, network: Network) -> Iterator[Callable[[Line], Visitor]]:
    """A browser behind a line. Its page comes by plain HTTP from another machine, as to a phone."""
    endings = []

    def come(line: Line) -> Visitor:
        with line.inside():
            playwright = sync_playwright().start()
        browser = launch(playwright)
        page = browser.new_page(locale="en-GB")
        page.add_init_script(WITHOUT_HANDLES)
        endings.extend([browser.close, playwright.stop])
        return Visitor(page, hub.url)

    yield come
    for end in endings:
        end()
