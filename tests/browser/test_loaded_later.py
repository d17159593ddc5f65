"""What the page loads after its start, soon or when it is first shown."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.stored import find
from tests.calls import PART, Caller
from tests.visitor import Visitor

Make = Callable[..., Path]


def test_what_is_shown_later_comes_with_its_own_style(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    visitor.sign_in("ana")
    visitor.upload(file(PART, "styled.mov"))
    visitor.shows("styled.mov", "stored")
    visitor.page.get_by_role("button", name="Settings").click()
    expect(visitor.page.locator("dialog .inside")).to_have_css("display", "grid")
    visitor.page.get_by_role("button", name="Close").click()
    visitor.opens(find(ana, "film", "styled.mov"))
    expect(visitor.page.locator("canvas.map")).to_have_css("display", "block")
    expect(visitor.page.locator("table")).to_have_css("border-collapse", "collapse")


def test_whoever_cancels_is_asked_without_a_network_too(visitor: Visitor, file: Make) -> None:
    visitor.sign_in("ana")
    visitor.throttle(0.5)
    visitor.upload(file(2 * PART, "cut off.mov"))
    visitor.shows("cut off.mov", "uploading")
    visitor.offline(True)
    visitor.shows("cut off.mov", "suspended")
    visitor.card("cut off.mov").get_by_role("button", name="Cancel", exact=True).click()
    expect(visitor.page.get_by_role("button", name="Cancel the upload")).to_be_visible()
    visitor.forgive("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK")
