"""The system at the hub of a network of its own, and people at devices behind lines."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from local.stack import Options
from tests.calls import Caller
from tests.stacks import serving
from tests.system.terminal import Terminal
from tests.visitor import Visitor
from tools.browser import WITHOUT_HANDLES, launch_through
from tools.network import HUB, Line, Network


@dataclass(frozen=True)
class Town:
    """``url``: of the page. The test itself is at the hub: it asks whatever the lines do."""

    network: Network
    url: str
    folder: Path
    ending: ExitStack

    def line(self, megabits: float) -> Line:
        return self.network.line(megabits)

    def caller(self, person: str) -> Caller:
        return Caller.signed_in(self.url, person)

    def terminal(self, line: Line, person: str) -> Terminal:
        """Somebody signed in at a machine behind this line."""
        home = self.folder / f"{person} at {line.name}"
        sitting = Terminal(self.url, person, home, via=line.command())
        self.ending.callback(sitting.close)
        return sitting

    def browser(self, line: Line, beside: Browser) -> Visitor:
        """The page comes by plain HTTP from another machine, as to a phone in the same house.

        ``beside``: a browser elsewhere, for there is one Playwright to a process.
        """
        script = self.folder / f"browser at {line.name}"
        started = launch_through(beside, line.command(), script)
        self.ending.callback(started.close)
        page = started.new_page(locale="en-GB")
        page.add_init_script(WITHOUT_HANDLES)
        return Visitor(page, self.url)


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    """This thread is at its hub until the end. Raises NetworkRefused where there are none."""
    with ExitStack() as ending:
        network = ending.enter_context(Network())
        ending.enter_context(network.inside())
        url = ending.enter_context(serving(Options(host=HUB)))
        yield Town(network, url, folder, ending)
