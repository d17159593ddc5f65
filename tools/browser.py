"""Finding a Chromium, and driving the page with it: for the tests and for the pictures."""

import os
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, BrowserType, CDPSession, Page, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")

WITHOUT_HANDLES = "delete globalThis.showOpenFilePicker"
"""As in Firefox and Safari: files are chosen by an input, which a script can fill."""


_SESSIONS: WeakKeyDictionary[Page, CDPSession] = WeakKeyDictionary()
"""One for each page: what two sessions ask for does not add up."""


def launch(playwright: Playwright) -> Browser:
    """Raises AssertionError if there is none: that is a failure, never a reason to skip."""
    path = _chromium(playwright.chromium)
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])


def launch_through(browser: Browser, via: Sequence[str], script: Path) -> Browser:
    """Another one beside this, started by the command ``via``, e.g. into another network.

    ``script``: a file to be written for it.
    """
    command = shlex.join([*via, _chromium(browser.browser_type)])
    script.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    script.chmod(0o700)
    return browser.browser_type.launch(executable_path=script, args=["--no-sandbox"])


def throttle(page: Page, megabytes_per_s: float) -> None:
    """What the page sends goes at this speed."""
    emulate(page, megabytes_per_s * 1e6, offline=False)


def emulate(page: Page, upload: float, *, offline: bool) -> None:
    """``upload`` in bytes a second, -1 for no limit."""
    network = _SESSIONS.setdefault(page, page.context.new_cdp_session(page))
    conditions = {"offline": offline, "latency": 0, "downloadThroughput": -1}
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", conditions | {"uploadThroughput": upload})


def _chromium(kind: BrowserType) -> str:
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)]
    candidates.append(kind.executable_path)
    for candidate in candidates:
        if candidate and Path(candidate).exists():
            return candidate
    raise AssertionError(
        "This needs a Chromium: apt-get install chromium, or set CHROMIUM to the path of one."
    )
