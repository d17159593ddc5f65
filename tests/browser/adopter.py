"""A site that has embedded the uploader, and what its visitors see and do there."""

import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from examples.embed.site import Site, token_of
from tests.calls import Caller

REMEMBER = """
addEventListener("DOMContentLoaded", () => {
  globalThis.told = [];
  for (const name of ["progress", "stored", "error"])
    document.addEventListener(`manyhands-${name}`, (e) => told.push([name, e.detail]));
});
"""


class Adopter:
    """The site, the service behind it, and who is signed in at the site ("" for nobody)."""

    def __init__(self, site: Site, service: str) -> None:
        self.site, self.service, self.person = site, service, "ana"
        self.asked = 0
        self.caller = Caller.signed_in(service, "ana")
        site.serve(service, self._token)

    def _token(self) -> str | None:
        self.asked += 1
        return token_of(self.service, self.person) if self.person else None


ELEMENT = "document.querySelector('manyhands-upload')"


def give(page: Page, *names: str) -> None:
    """Files that the embedding page itself makes."""
    make = "(names) => ELEMENT.addFiles(names.map((name) => new File(['a film'], name)))"
    page.evaluate(make.replace("ELEMENT", ELEMENT), names)


def told(page: Page, name: str) -> list[dict[str, Any]]:
    return [detail for kind, detail in page.evaluate("told") if kind == name]


def comes_true(page: Page, expression: str, patience_s: float = 10) -> None:
    """Playwright's own waiting evaluates within the page, which a page of strict policy forbids."""
    deadline = time.monotonic() + patience_s
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"{expression} did not come true"
        page.wait_for_timeout(50)


def choose(page: Page, *files: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files(files)


def item(page: Page, name: str) -> Locator:
    return page.locator("manyhands-upload").get_by_role("listitem").filter(has_text=name)


def shows(page: Page, name: str, state: str, timeout_s: float = 20) -> None:
    """The file is in this state; its remark may name others."""
    expect(item(page, name).locator(".chip")).to_have_text(state, timeout=timeout_s * 1000)
