"""Keyboard, screen reader, colours: the page is for everybody."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from local.people import PASSWORD
from tests.browser.stored import find, is_stored
from tests.calls import PART, Caller, Device, File, send
from tests.visitor import Visit, Visitor

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
SCREENS = ROOT / "build" / "screens"
"""Pictures of every view, to be looked at."""

Make = Callable[..., Path]


def violations(visitor: Visitor) -> list[str]:
    visitor.page.evaluate(AXE)
    found = visitor.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{v['id']}: {n['html']}" for v in found["violations"] for n in v["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_view_has_accessibility_violations(
    visit: Visit, ana: Caller, ben: Caller, file: Make, scheme: str
) -> None:
    visitor = visit(color_scheme=scheme)
    page = visitor.page
    found: dict[str, list[str]] = {}

    def look(view: str) -> None:
        page.screenshot(path=SCREENS / f"{view} {scheme}.png", full_page=True)
        if wrong := violations(visitor):
            found[view] = wrong

    page.goto(visitor.url)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    look("welcome")
    page.get_by_role("button", name="Sign in").click()
    look("sign-in")
    visitor.sign_in("ana")
    visitor.choose(file(8 * PART, f"{scheme}.mov"), file(PART, "next.mov"))
    look("chosen")
    visitor.throttle(3)
    page.get_by_label("Group").first.select_option("film")
    page.get_by_role("button", name="Upload 2 files").click()
    visitor.shows(f"{scheme}.mov", "uploading")
    look("uploading")
    upload = find(ana, "film", f"{scheme}.mov")
    Device(ben, upload, "phone").exchange(want=2)
    page.get_by_role("link", name=f"{scheme}.mov").click()
    expect(page.get_by_role("rowheader", name="phone")).to_be_visible()
    look("board")
    for button, inside in (("Add a device", "Close"), ("Settings", "Close")):
        page.get_by_role("button", name=button).click()
        page.wait_for_timeout(300)
        look(button)
        page.get_by_role("button", name=inside).click()
    page.get_by_role("button", name="Cancel", exact=True).first.click()
    look("confirm")
    page.get_by_role("button", name="Cancel the upload").click()
    expect(page.locator("h1 + .chip")).to_have_text("cancelled")
    look("cancelled")
    assert found == {}
    visitor.forgive("404")


def test_a_file_is_uploaded_watched_and_downloaded_by_keyboard_alone(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    film = file(PART, "keys.mov")
    page = visitor.page
    page.on("filechooser", lambda _: None)  # asked for early: a key is faster than the asking
    page.goto(visitor.url)

    def tab_to(role: Any, name: str) -> None:
        wanted = page.get_by_role(role, name=name).first
        expect(wanted).to_be_visible()
        for _ in range(200):
            if wanted.evaluate("(e) => e === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"«{name}» cannot be reached by keyboard")

    tab_to("button", "Sign in")
    page.keyboard.press("Enter")
    tab_to("textbox", "User name")
    page.keyboard.type("ana")
    tab_to("textbox", "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Choose files")).to_be_enabled()
    tab_to("button", "Choose files")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(film)
    expect(page.get_by_role("button", name="Upload 1 file")).to_be_visible()
    tab_to("combobox", "Group")
    page.keyboard.type("film")
    tab_to("button", "Upload 1 file")
    page.keyboard.press("Space")
    visitor.shows("keys.mov", "stored")
    tab_to("link", "keys.mov")
    page.keyboard.press("Enter")
    tab_to("button", "Download")
    with page.expect_download() as downloading:
        page.keyboard.press("Enter")
    assert downloading.value.path().read_bytes() == film.read_bytes()
    assert is_stored(ana, find(ana, "film", "keys.mov"), film)


def test_progress_and_its_end_are_spoken_politely(visitor: Visitor, ana: Caller) -> None:
    film = File.of(4 * PART, name="spoken.mov")
    upload = str(ana.post("/uploads", film.described()).body["upload"]["id"])
    visitor.sign_in("ana", where=f"#/uploads/{upload}")
    expect(visitor.page.get_by_text("waiting for a device")).to_be_visible()
    spoken = visitor.page.locator("[aria-live=polite]")
    device = Device(ana, upload, "desktop")
    tickets = device.exchange(want=2).body["tickets"]
    expect(spoken).to_have_text("spoken.mov: uploading.")
    for ticket in tickets:
        send(ticket, film.part(ticket["part"]))
    device.exchange(done=[t["part"] for t in tickets])
    expect(spoken).to_have_text("spoken.mov: 50 percent are stored.")
    device.send_all(film)
    expect(spoken).to_have_text("spoken.mov: stored.")
    bar = visitor.page.get_by_role("progressbar", name="Progress of spoken.mov")
    expect(bar).to_have_attribute("aria-valuetext", "stored, 100%")


def test_german_readers_get_german_words_and_numbers(visit: Visit, ana: Caller, file: Make) -> None:
    visitor = visit(locale="de-AT")
    page = visitor.page
    page.goto(visitor.url)
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("button", name="ana").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Dateien wählen").click()
    chooser.value.set_files(file(PART, "deutsch.mov"))
    expect(page.get_by_text("5,2 MB").first).to_be_visible()
    page.get_by_role("button", name="1 Datei hochladen").click()
    expect(page.locator(".transfer .chip")).to_have_text("gespeichert")


def test_whoever_wants_no_motion_gets_none(visit: Visit, ana: Caller) -> None:
    upload = str(ana.post("/uploads", File.of(PART, name="still").described()).body["upload"]["id"])
    visitor = visit(reduced_motion="reduce")
    visitor.sign_in("ana", where=f"#/uploads/{upload}")
    bar = visitor.page.locator(".bar > div").first
    expect(bar).to_have_count(1)
    assert bar.evaluate("(e) => getComputedStyle(e).transitionDuration") == "0s"
    ana.post(f"/uploads/{upload}/cancel")


def test_without_a_secure_context_it_works_too(visitor: Visitor, ana: Caller, file: Make) -> None:
    """A page that a machine serves to its own network, by http: no crypto.subtle, no locks."""
    insecure = "Object.defineProperty(crypto, 'subtle', {value: undefined, configurable: true});"
    page = visitor.page
    page.add_init_script(
        f"{insecure} Object.defineProperty(navigator, 'locks', {{value: undefined}})"
    )

    def in_the_worker_too(route: Route) -> None:
        script = route.fetch()
        route.fulfill(response=script, body=f"{insecure}\n{script.text()}")

    page.route("**/hash-worker.js", in_the_worker_too)
    film = file(3 * PART, "insecure.mov")
    visitor.sign_in("ana")
    visitor.upload(film)
    visitor.shows("insecure.mov", "stored", timeout_s=30)
    assert is_stored(ana, find(ana, "film", "insecure.mov"), film)
