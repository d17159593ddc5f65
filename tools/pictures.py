"""Makes the README's pictures: ``python -m tools.pictures``.

The whole system runs on this machine, three browsers with different lines upload one file, and the
first of them is photographed half way: its start page, and the board.
"""

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from local.demo.devices import Device, Spec
from local.stack import Options, Stack
from tools.browser import WITHOUT_HANDLES, launch, throttle

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SIZE = 300_000_000
NAME = "Holiday film.mov"
EARLIER = {"Interview, cut 3.wav": 31_000_000, "Poster.pdf": 4_200_000}
FILES = {NAME: SIZE, **EARLIER}


def main() -> int:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Stack(Options()) as stack:
        for name, size in FILES.items():
            (Path(folder) / name).write_bytes(os.urandom(size))
        with sync_playwright() as playwright:
            browser = launch(playwright)
            _take(browser, stack, Path(folder))
            browser.close()
    return 0


def _take(browser: Browser, stack: Stack, folder: Path) -> None:
    laptop = _open(browser, stack, "ana", "Laptop at home", 5)
    _upload(laptop, *(folder / name for name in EARLIER))
    expect(laptop.locator(".chip.complete")).to_have_count(2, timeout=60_000)
    laptop.get_by_role("button", name="Clear finished").click()
    phone = _open(browser, stack, "ben", "Phone", 3)
    desktop = Device(Spec("desktop at work", "ben", "9M"), stack.url, folder)
    _upload(laptop, folder / NAME)
    expect(laptop.get_by_role("button", name="Pause here")).to_be_visible(timeout=30_000)
    desktop.start(folder / NAME, "film")
    phone.get_by_role("link", name=NAME).click()
    _choose(phone, "Help with this file", folder / NAME)
    laptop.wait_for_timeout(9_000)
    laptop.screenshot(path=PICTURES / "start.png")
    laptop.get_by_role("link", name=NAME).click()
    laptop.wait_for_timeout(3_000)
    laptop.screenshot(path=PICTURES / "board.png")
    desktop.stop()


def _open(browser: Browser, stack: Stack, person: str, label: str, megabytes_per_s: float) -> Page:
    context = browser.new_context(locale="en-GB", viewport={"width": 1000, "height": 800})
    page = context.new_page()
    page.add_init_script(WITHOUT_HANDLES)
    page.goto(f"{stack.url}/sign-in-as/{person}")
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Name of this device").fill(label)
    page.get_by_role("button", name="Close").click()
    throttle(page, megabytes_per_s)
    return page


def _choose(page: Page, button: str, *files: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button).click()
    chooser.value.set_files(files)


def _upload(page: Page, *files: Path) -> None:
    _choose(page, "Choose files", *files)
    tray = page.get_by_role("region", name="chosen")
    tray.get_by_label("Group").select_option("film")
    tray.get_by_role("button", name="Upload").click()


if __name__ == "__main__":
    sys.exit(main())
