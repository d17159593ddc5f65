"""Who uploads: our page, and Uppy's. Each opens a page of its own and tells when it is done.

A person's clicks are a script's here; the clock runs from the moment when the file is chosen, so
our page's two more clicks (which group, and yes) are in its time.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, expect

from bench.setting import PERSON
from tools.browser import WITHOUT_HANDLES

PATIENCE_MS = 120_000
WHEN_CHOSEN = """
addEventListener("change", (event) => {
  if (event.target.type === "file") globalThis.chosen = performance.now();
}, { capture: true });
"""
UNTIL_STORED = """(region) => new Promise((resolve, reject) => {
  const at = {};
  const look = () => {
    for (const state of ["finalizing", "complete", "failed"])
      if (!at[state] && region.querySelector(`.chip.${state}`)) at[state] = performance.now();
    if (at.complete) resolve({ all_in: at.finalizing ?? at.complete, stored: at.complete });
    if (at.failed) reject(new Error(region.textContent));
  };
  const options = { subtree: true, childList: true, attributes: true };
  new MutationObserver(look).observe(region, options);
  look();
})"""
"""No polling: the page says by itself what it shows."""


@dataclass(frozen=True, slots=True)
class Places:
    """The addresses: of the storage, of our service, of the peer's pages."""

    storage: str
    board: str
    pages: str


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds from the choice of the file: until all parts are in, until it is stored."""

    all_in: float
    stored: float


class Contestant(Protocol):
    """``name``, ``how``: for the table."""

    @property
    def name(self) -> str: ...

    @property
    def how(self) -> str: ...

    def open(self, browser: Browser, places: Places) -> Page:
        """A page in a context of its own, ready for a file."""
        ...

    def choose(self, page: Page, file: Path) -> None:
        """Returns when the upload is under way or about to be."""
        ...

    def wait(self, page: Page) -> Took:
        """Until it is stored. Raises playwright's Error if it failed."""
        ...


@dataclass(frozen=True, slots=True)
class Ours:
    name: str = "manyhands"
    how: str = "6 × 5 MiB, SHA-256; until it is stored and compared"

    def open(self, browser: Browser, places: Places) -> Page:
        """Its policy names the storage that the service has, which is not the one used here."""
        page = _page(browser, bypass_csp=True)
        page.goto(places.board)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name=PERSON).click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        return page

    def choose(self, page: Page, file: Path) -> None:
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Choose files").click()
        chooser.value.set_files(file)
        page.get_by_role("button", name="Upload 1 file").click()

    def wait(self, page: Page) -> Took:
        region = page.get_by_role("region", name="On this device")
        at = region.evaluate(UNTIL_STORED, timeout=PATIENCE_MS)
        chosen = page.evaluate("chosen")
        return Took((at["all_in"] - chosen) / 1000, (at["stored"] - chosen) / 1000)


@dataclass(frozen=True, slots=True)
class Uppy:
    """``script``: its page; ``part``: the size of parts in bytes, 0 for its own choice;
    ``checksum``: whether it has our page's duty.
    """

    name: str
    how: str
    script: str
    part: int = 0
    checksum: bool = False

    def open(self, browser: Browser, places: Places) -> Page:
        page = _page(browser)
        asked = {"storage": places.storage}
        asked |= {"part": str(self.part)} if self.part else {}
        asked |= {"checksum": "yes"} if self.checksum else {}
        page.goto(f"{places.pages}/{self.script}/index.html?{urlencode(asked)}")
        return page

    def choose(self, page: Page, file: Path) -> None:
        page.get_by_label("File").set_input_files(file)

    def wait(self, page: Page) -> Took:
        at = page.evaluate("async () => (await uploaded).stored")
        seconds = (at - page.evaluate("chosen")) / 1000
        return Took(seconds, seconds)


def _page(browser: Browser, *, bypass_csp: bool = False) -> Page:
    context = browser.new_context(locale="en-GB", bypass_csp=bypass_csp)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(WITHOUT_HANDLES)
    page.add_init_script(WHEN_CHOSEN)
    return page


CONTESTANTS: tuple[Contestant, ...] = (
    Ours(),
    Uppy("Uppy 6.3.1", "default: 1 × 5 MiB, no checksum", "uppy6"),
    Uppy("Uppy 6.3.1, large parts", "1 × 64 MiB, no checksum", "uppy6", 64 * 2**20),
    Uppy("Uppy 5.1.0", "default: 6 × 5 MiB, no checksum", "uppy5"),
    Uppy("Uppy 5.1.0, our duty", "6 × 5 MiB, SHA-256 in `signPart`", "uppy5", checksum=True),
)
