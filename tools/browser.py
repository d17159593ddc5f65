"""Finding a Chromium, and driving the page with it: for the tests and for the pictures."""

import os
import shutil
from pathlib import Path
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, CDPSession, Page, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")

WITHOUT_HANDLES = "delete globalThis.showOpenFilePicker"
"""As in Firefox and Safari: files are chosen by an input, which a script can fill."""


_SESSIONS: WeakKeyDictionary[Page, CDPSession] = WeakKeyDictionary()
"""One for each page: what two sessions ask for does not add up."""


def launch(playwright: Playwright) -> Browser:
    """Raises AssertionError if there is none: that is a failure, never a reason to skip."""
    path = _chromium(playwright)
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])


def throttle(page: Page, megabytes_per_s: float) -> None:
    """What the page sends goes at this speed."""
    emulate(page, megabytes_per_s * 1e6, offline=False)


def emulate(page: Page, upload: float, *, offline: bool) -> None:
    """``upload`` in bytes a second, -1 for no limit."""
    network = _SESSIONS.setdefault(page, page.context.new_cdp_session(page))
    conditions = {"offline": offline, "latency": 0, "downloadThroughput": -1}
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", conditions | {"uploadThroughput": upload})


def _chromium(playwright: Playwright) -> str:
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)]
    candidates.append(playwright.chromium.executable_path)
    for candidate in candidates:
        if candidate and Path(candidate).exists():
            return candidate
    raise AssertionError(
        "This needs a Chromium: apt-get install chromium, or set CHROMIUM to the path of one."
    )
