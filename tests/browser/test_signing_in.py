"""Who is signed in, and what becomes of uploads when that changes."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from local.people import PASSWORD
from tests.browser.stored import find, is_stored
from tests.calls import PART, Caller
from tests.visitor import Visitor

KEPT = "Object.keys(localStorage).filter((k) => k.startsWith('manyhands.user:'))"
EXPIRE = f"""for (const key of {KEPT}) {{
  const user = JSON.parse(localStorage.getItem(key));
  localStorage.setItem(key, JSON.stringify({{...user, access_token: 'x', refresh_token: 'x'}}));
}}
dispatchEvent(new StorageEvent('storage', {{key: {KEPT}[0]}}));"""
"""As if the pool had ended the session: neither token is taken any more."""


def fill(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_signing_in_by_keyboard_leads_back_to_where_one_was(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(f"{visitor.url}/#/uploads/aaaa")
    page.get_by_role("button", name="Sign in").focus()
    page.keyboard.press("Enter")
    page.get_by_label("User name").focus()
    page.keyboard.type("ana")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page).to_have_url(f"{visitor.url}/#/uploads/aaaa")
    expect(page.get_by_text("There is no such upload")).to_be_visible()
    visitor.forgive("404")


def test_a_wrong_password_is_said_in_words(visitor: Visitor) -> None:
    visitor.page.goto(visitor.url)
    visitor.page.get_by_role("button", name="Sign in").click()
    fill(visitor.page, "ana", "wrong")
    expect(visitor.page.get_by_role("alert")).to_have_text("User name or password is wrong.")


def test_a_sign_in_lasts_a_reload_and_ends_with_sign_out(visitor: Visitor) -> None:
    visitor.sign_in("ana")
    page = visitor.page
    page.reload()
    expect(page.get_by_role("heading", name="In your groups")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("User name")).to_be_visible()  # the session there has ended too


def test_signing_out_while_uploading_asks_first_and_leaves_nothing_behind(
    visitor: Visitor, ana: Caller, file: Callable[..., Path]
) -> None:
    visitor.sign_in("ana")
    visitor.throttle(3)
    visitor.upload(file(8 * PART, "left.mov"))
    visitor.shows("left.mov", "uploading")
    page = visitor.page
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Stay signed in").click()
    visitor.shows("left.mov", "uploading")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_text("left.mov")).to_have_count(0)
    assert asked == [], "the browser has nothing to ask any more"
    upload = find(ana, "film", "left.mov")
    held = [c["held"] for c in ana.get(f"/uploads/{upload}").body["board"]["clients"]]
    assert held == [[]], "the tickets were given back"
    ana.post(f"/uploads/{upload}/cancel")


def test_a_token_that_is_too_old_is_renewed_without_a_word(visitor: Visitor) -> None:
    visitor.sign_in("ana")
    page = visitor.page
    page.evaluate(EXPIRE.replace(", refresh_token: 'x'", ""))
    page.reload()
    expect(page.get_by_role("heading", name="In your groups")).to_be_visible()
    expect(page.get_by_text("Your sign-in has ended")).to_have_count(0)
    visitor.forgive("401")


def test_a_session_that_ends_during_an_upload_is_renewed_in_a_window_and_it_goes_on(
    visitor: Visitor, ana: Caller, file: Callable[..., Path]
) -> None:
    film = file(4 * PART, "long.mov")
    visitor.sign_in("ana")
    visitor.throttle(2.5)
    visitor.upload(film)
    visitor.shows("long.mov", "uploading")
    page = visitor.page
    page.evaluate(EXPIRE)
    expect(page.get_by_text("Your sign-in has ended")).to_be_visible(timeout=20_000)
    visitor.shows("long.mov", "suspended")
    with page.expect_popup() as window:
        page.get_by_role("button", name="Sign in").click()
    fill(window.value, "ana")
    expect(page.get_by_text("Your sign-in has ended")).to_have_count(0)
    visitor.shows("long.mov", "stored", timeout_s=30)
    assert is_stored(ana, find(ana, "film", "long.mov"), film)
    visitor.forgive("401", "400")


def test_another_person_sees_and_continues_nothing_of_the_former(
    visitor: Visitor, ana: Caller, file: Callable[..., Path]
) -> None:
    film = file(4 * PART, "private.mov")
    visitor.sign_in("ana")
    visitor.throttle(0.5)
    visitor.upload(film)
    visitor.shows("private.mov", "uploading")
    page = visitor.page
    page.evaluate(EXPIRE)
    expect(page.get_by_text("Your sign-in has ended")).to_be_visible(timeout=20_000)
    with page.expect_popup() as window:
        page.get_by_role("button", name="Sign in").click()
    fill(window.value, "cleo")
    expect(page.get_by_text("cleo")).to_be_visible()
    expect(page.get_by_text("private.mov")).to_have_count(0)
    expect(page.get_by_role("heading", name="On this device")).to_have_count(0)
    ana.post(f"/uploads/{find(ana, 'film', 'private.mov')}/cancel")
    visitor.forgive("401", "400", "403")  # the former's groups, asked for just then
