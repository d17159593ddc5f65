"""Somebody in front of the page, in a real browser."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tools.browser import WITHOUT_HANDLES, emulate, throttle

OVERTAKEN = "404 (NOT FOUND)"
"""The storage's word for a part under way when another device finished the file; not the API's."""


class Visitor:
    """Somebody in front of the page; what the browser complains of is collected."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self._heard: list[str] = []
        self._forgiven = [OVERTAKEN]
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._heard.append(str(error)))

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self._heard.append(message.text)

    def sign_in(self, name: str, where: str = "") -> None:
        """By the button of a sample person; ``where``: e.g. ``#/uploads/…``."""
        self.page.goto(f"{self.url}/{where}")
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("button", name=name).click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def opens(self, upload: str) -> None:
        self.page.goto(f"{self.url}/#/uploads/{upload}")

    def choose(self, *files: Path) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name="Choose files").click()
        chooser.value.set_files(files)

    def upload(self, *files: Path, group: str = "film") -> None:
        self.choose(*files)
        tray = self.page.get_by_role("region", name=re.compile("chosen"))
        tray.get_by_label("Group").select_option(group)
        tray.get_by_role("button", name=re.compile(r"^Upload \d")).click()

    def help(self, file: Path) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name="Help with this file").click()
        chooser.value.set_files(file)

    def card(self, name: str) -> Locator:
        own = self.page.get_by_role("region", name="On this device").get_by_role("listitem")
        return own.filter(has=self.page.get_by_text(name, exact=True))

    def shows(self, name: str, state: str, timeout_s: float = 15) -> None:
        """The transfer of this file is in this state."""
        chip = self.card(name).locator(".chip")
        expect(chip).to_have_text(state, timeout=timeout_s * 1000)

    def throttle(self, megabytes_per_s: float) -> None:
        throttle(self.page, megabytes_per_s)

    def renderers(self) -> list[int]:
        """The processes of the browser's pages."""
        browser = self.page.context.browser
        assert browser is not None
        processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
        return [p["id"] for p in processes["processInfo"] if p["type"] == "renderer"]

    def offline(self, off: bool) -> None:
        emulate(self.page, -1, offline=off)

    def forgive(self, *parts: str) -> None:
        """The browser itself logs refused and broken requests; these are meant to be."""
        self._forgiven.extend(parts)

    @property
    def complaints(self) -> list[str]:
        return [c for c in self._heard if not any(part in c for part in self._forgiven)]


Visit = Callable[..., Visitor]


@contextmanager
def visiting(browser: Browser, url: str) -> Iterator[Visit]:
    """Makes visitors, each in a browser context of their own, who leave without complaints."""
    visitors: list[Visitor] = []

    def come(*, handles: bool = False, **context: Any) -> Visitor:
        made = browser.new_context(**{"locale": "en-GB"} | context)
        made.set_default_timeout(10_000)
        page = made.new_page()
        if not handles:
            page.add_init_script(WITHOUT_HANDLES)
        visitors.append(Visitor(page, url))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.page.context.close(reason="the test is over")
    complaints = [c for visitor in visitors for c in visitor.complaints]
    assert complaints == [], complaints
