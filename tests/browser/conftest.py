"""A real browser. That there is none is a failure, never a reason to skip."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from local.people import PASSWORD
from local.stack import Stack

NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium(playwright: Playwright) -> str:
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)]
    candidates.append(playwright.chromium.executable_path)
    for candidate in candidates:
        if candidate and Path(candidate).exists():
            return candidate
    raise AssertionError(
        "The browser tests need a Chromium: apt-get install chromium, "
        "or set CHROMIUM to the path of one."
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium(playwright), args=["--no-sandbox"]
        )
        yield started
        started.close()


class Visitor:
    """Somebody in front of the page; what the browser complains of is collected."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def sign_in(self, name: str, password: str = PASSWORD, where: str = "") -> None:
        self.page.goto(f"{self.url}/{where}")
        self.page.get_by_label("User name").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()

    def opens(self, upload: str) -> None:
        self.page.goto(f"{self.url}/#/uploads/{upload}")


@pytest.fixture
def visitor(browser: Browser, stack: Stack) -> Iterator[Visitor]:
    """A visitor in a context of their own, who leaves without complaints."""
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(10_000)
    visitor = Visitor(context.new_page(), stack.url)
    yield visitor
    context.close()
    assert visitor.complaints == []
