"""The uploader on somebody else's page, which has another origin and a strict policy."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from examples.embed.site import Site, token_of
from tests.browser.adopter import ELEMENT, Adopter, choose, give, item, shows, told
from tests.browser.stored import find, is_stored
from tests.calls import PART
from tests.visitor import Visitor
from tools.browser import throttle

Make = Callable[..., Path]


def test_a_file_goes_from_a_page_of_another_origin_into_the_storage(
    adopter: Adopter, page: Page, file: Make
) -> None:
    film = file(3 * PART + 5, "handed-in.mov")
    choose(page, film)
    expect(page.locator("#received")).to_contain_text("handed-in.mov", timeout=20_000)
    (stored,) = told(page, "stored")
    upload = find(adopter.caller, "film", "handed-in.mov")
    assert is_stored(adopter.caller, upload, film)
    seen = adopter.caller.get(f"/uploads/{upload}").body["upload"]
    assert {k: stored[k] for k in ("upload", "name", "size", "group", "checksum", "already")} == {
        **{k: seen[k] for k in ("name", "size", "group", "checksum")},
        "upload": upload,
        "already": False,
    }
    shares = [said["share"] for said in told(page, "progress")]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert told(page, "error") == []


def test_the_embedding_page_can_pause_resume_and_cancel(
    adopter: Adopter, page: Page, file: Make
) -> None:
    throttle(page, 8)
    choose(page, file(12 * PART, "long.mov"))
    shows(page, "long.mov", "uploading")
    expect(item(page, "long.mov")).to_contain_text("MB/s")
    page.evaluate(f"{ELEMENT}.pause()")
    shows(page, "long.mov", "paused here")
    page.evaluate(f"{ELEMENT}.resume()")
    shows(page, "long.mov", "uploading")
    (id,) = page.evaluate(f"{ELEMENT}.files.map((f) => f.id)")
    page.evaluate(f"(id) => {ELEMENT}.cancel(id)", id)
    shows(page, "long.mov", "cancelled")
    upload = find(adopter.caller, "film", "long.mov")
    assert adopter.caller.get(f"/uploads/{upload}").body["upload"]["status"] == "cancelled"


def test_all_files_are_paused_and_resumed_at_once(page: Page, file: Make) -> None:
    throttle(page, 8)
    choose(page, file(6 * PART, "first.mov"), file(1_000, "second.mov"))
    shows(page, "second.mov", "queued")
    page.evaluate(f"{ELEMENT}.pause()")
    shows(page, "second.mov", "ready")
    shows(page, "first.mov", "paused here")
    page.evaluate(f"{ELEMENT}.resume()")
    for name in ("first.mov", "second.mov"):
        shows(page, name, "stored")
    assert told(page, "error") == []


def test_a_person_is_asked_before_an_upload_is_cancelled(page: Page, file: Make) -> None:
    throttle(page, 2)
    choose(page, file(8 * PART, "kept.mov"))
    row = item(page, "kept.mov")
    row.get_by_role("button", name="Cancel", exact=True).click()
    keep = row.get_by_role("button", name="Keep uploading")
    expect(keep).to_be_focused()
    for answer in ("Enter", "Escape"):
        keep.press(answer)
        expect(row.locator(".chip")).to_have_text("uploading")
        expect(row.get_by_role("button", name="Cancel", exact=True)).to_be_focused()
        page.keyboard.press("Enter")
    row.get_by_role("button", name="Cancel the upload").click()
    expect(row.locator(".chip")).to_have_text("cancelled")
    expect(row).to_be_focused()


def test_files_of_the_page_itself_are_taken_as_far_as_they_are_accepted(page: Page) -> None:
    give(page, "by-script.mov", "no.txt")
    shows(page, "by-script.mov", "stored")
    expect(page.locator("manyhands-upload").get_by_role("listitem")).to_have_count(1)


def test_what_cannot_be_stored_is_told_with_its_code(page: Page, guest: Visitor) -> None:
    page.evaluate(f"{ELEMENT}.setAttribute('group', 'lab-of-others')")
    give(page, "stranger.mov")
    expect(page.locator("#trouble")).to_have_text("stranger.mov not_in_group")
    expect(item(page, "stranger.mov")).to_contain_text("You are not in this group.")
    (error,) = told(page, "error")
    assert (error["code"], error["name"]) == ("not_in_group", "stranger.mov")
    guest.forgive("403")


def test_without_a_token_it_waits_and_says_so(adopter: Adopter, guest: Visitor) -> None:
    adopter.person = ""
    guest.forgive("401")
    guest.page.goto(f"{guest.url}/")
    sign_in = guest.page.get_by_role("button", name="Sign in")
    give(guest.page, "early.mov")
    expect(sign_in).to_be_visible()
    adopter.person = "ana"
    sign_in.click()
    shows(guest.page, "early.mov", "stored")


def test_no_style_leaks_in_or_out(page: Page) -> None:
    button = page.get_by_role("button", name="Choose files")
    fuchsia = "rgb(255, 0, 255)"
    look = "e => getComputedStyle(e).backgroundColor"
    assert button.evaluate(look) != fuchsia
    page.evaluate("document.body.append(document.createElement('button'))")
    assert page.locator("body > button").evaluate(look) == fuchsia
    assert button.evaluate(look) == "rgb(122, 46, 142)"  # by the custom property
    assert page.evaluate("document.querySelectorAll('style, link').length") == 1
    assert page.evaluate("[...document.adoptedStyleSheets].length") == 0


def test_it_is_used_by_keyboard_and_speaks_the_pages_language(page: Page, file: Make) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Choose files")).to_be_focused()
    page.evaluate(f"{ELEMENT}.lang = 'de'")
    expect(page.get_by_role("button", name="Dateien wählen")).to_be_visible()


def test_accessibility_rules_find_nothing(page: Page, guest: Visitor, file: Make) -> None:
    guest.forgive("Content Security Policy")  # the checker's own styles
    choose(page, file(100, "axe.mov"))
    shows(page, "axe.mov", "stored")
    axe = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
    page.evaluate(axe.read_text())
    found = page.evaluate("axe.run('manyhands-upload').then((r) => r.violations)")
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == []


def test_it_signs_in_by_itself_where_the_page_has_no_token(guest: Visitor, file: Make) -> None:
    page = guest.page
    page.goto(f"{guest.url}/signing-in.html?id=7#x")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="ben").click()
    expect(page).to_have_url(f"{guest.url}/signing-in.html?id=7#x")
    choose(page, file(PART + 1, "own-sign-in.mov"))
    shows(page, "own-sign-in.mov", "stored")


def test_a_page_that_the_operator_has_not_named_gets_nothing(
    adopter: Adopter, guest: Visitor
) -> None:
    with Site() as stranger:
        stranger.serve(adopter.service, lambda: token_of(adopter.service, "ana"))
        guest.forgive("CORS policy", "ERR_FAILED", "cannot begin")
        guest.page.goto(f"{stranger.origin}/")
        alert = guest.page.locator("manyhands-upload").get_by_role("alert")
        expect(alert).to_contain_text("does not know this page")
        (error,) = told(guest.page, "error")
        assert error["code"] == "not_embedded"
        assert f"name {stranger.origin} in OtherOrigins" in error["message"]
        read = "(s) => fetch(s, {headers: {Authorization: 'x'}}).then(() => 'read', () => 'no')"
        assert guest.page.evaluate(read, f"{adopter.service}/api/me") == "no"
        give(guest.page, "never.mov")
        assert told(guest.page, "stored") == []


def test_an_address_that_is_no_service_is_said(guest: Visitor) -> None:
    guest.forgive("cannot begin", "404")
    guest.page.route("**/config.json", lambda route: route.fulfill(status=404))
    guest.page.goto(f"{guest.url}/signing-in.html")
    expect(guest.page.get_by_role("alert")).to_contain_text("not where this page looks for it")
    assert [error["code"] for error in told(guest.page, "error")] == ["no_service"]
    guest.page.unroute("**/config.json")
    guest.page.get_by_role("button", name="Retry").click()
    expect(guest.page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_service_that_is_not_there_is_said_once_and_is_waited_for(guest: Visitor) -> None:
    page = guest.page
    page.route("**/config.json", lambda route: route.abort())
    guest.forgive("cannot begin", "ERR_FAILED")
    page.goto(f"{guest.url}/signing-in.html")
    expect(page.get_by_role("alert")).to_contain_text("could not be reached")
    assert [error["code"] for error in told(page, "error")] == ["unreachable"]
    page.unroute("**/config.json")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=20_000)
    assert len(told(page, "error")) == 1


def test_after_a_reload_it_goes_on_with_the_same_file(
    adopter: Adopter, page: Page, file: Make
) -> None:
    throttle(page, 8)
    film = file(8 * PART, "reloaded.mov")
    choose(page, film)
    expect(item(page, "reloaded.mov")).to_contain_text("MB/s")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    row = item(page, "reloaded.mov")
    expect(row).to_contain_text("Choose the same file again")
    with page.expect_file_chooser() as chooser:
        row.get_by_role("button", name="Choose the file again").click()
    chooser.value.set_files(film)
    expect(row.locator(".chip")).to_have_text("stored", timeout=30_000)
    assert is_stored(adopter.caller, find(adopter.caller, "film", "reloaded.mov"), film)
