"""What a person does on the page, in a real browser, against the whole stack."""

from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.calls import PART, Caller, Device, File, send

EVIL = "<img src=x onerror=alert(1)>"


def created(caller: Caller, file: File) -> str:
    return str(caller.post("/uploads", file.described()).body["upload"]["id"])


def test_signing_in_by_keyboard_shows_the_uploads_of_ones_groups_only(
    visitor: Visitor, ana: Caller, ben: Caller
) -> None:
    created(ana, File.of(5, name="for film.txt"))
    created(ben, File.of(5, name="for lab.txt", group="lab"))
    page = visitor.page
    page.goto(visitor.url)
    expect(page.get_by_label("User name")).to_be_focused()
    page.keyboard.type("ana")
    page.keyboard.press("Tab")
    page.keyboard.type("Many-hands-1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="for film.txt").first).to_be_visible()
    expect(page.get_by_text("for lab.txt")).to_have_count(0)
    options = page.get_by_label("Group").locator("option")
    assert options.all_inner_texts() == ["Personal", "film"]


def test_a_wrong_password_is_said_in_words(visitor: Visitor) -> None:
    visitor.sign_in("ana", "wrong")
    expect(visitor.page.get_by_role("alert")).to_have_text("User name or password is wrong.")
    visitor.complaints.clear()  # the browser itself logs the refused request


def test_a_board_is_live_and_what_can_be_done_changes_with_it(
    visitor: Visitor, ana: Caller, ben: Caller
) -> None:
    file = File.of(3 * PART)
    upload = created(ana, file)
    visitor.sign_in("ana", where=f"#/uploads/{upload}")
    page = visitor.page
    expect(page.get_by_text("waiting for the first device")).to_be_visible()
    device = Device(ben, upload, "phone")
    ticket = device.exchange(want=1).body["tickets"][0]
    expect(page.get_by_role("rowheader", name="phone")).to_be_visible()
    send(ticket, file.part(1))
    device.exchange(done=[1])
    expect(page.get_by_text("33.3%").first).to_be_visible()
    page.get_by_role("button", name="Pause for everybody").click()
    expect(page.get_by_text("paused for everybody")).to_be_visible()
    assert device.exchange(want=1).body["tickets"] == []
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("uploading", exact=True)).to_be_visible()
    device.send_all(file)
    expect(page.get_by_text("stored", exact=True)).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download").click()
    assert downloading.value.suggested_filename == "film.mov"
    assert downloading.value.path().read_bytes() == file.body


def test_cancelling_asks_first(visitor: Visitor, ana: Caller) -> None:
    upload = created(ana, File.of(7, name="unwanted"))
    visitor.sign_in("ana", where=f"#/uploads/{upload}")
    page = visitor.page
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Cancel").click()
    assert ana.get(f"/uploads/{upload}").body["upload"]["status"] == "initialized"
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("cancelled", exact=True)).to_be_visible()


def test_names_of_others_are_only_text(visitor: Visitor, ana: Caller) -> None:
    upload = created(ana, File.of(8, name=f"{EVIL.replace('/', '')}.txt"))
    Device(ana, upload, EVIL).exchange(want=1)
    visitor.sign_in("ana", where=f"#/uploads/{upload}")
    page = visitor.page
    expect(page.get_by_role("rowheader", name=EVIL)).to_be_visible()
    assert page.locator("main img").count() == 0


def test_what_is_not_shared_is_not_there(visitor: Visitor, ana: Caller) -> None:
    upload = created(ana, File.of(6, name="secret"))
    visitor.sign_in("cleo", where=f"#/uploads/{upload}")
    expect(visitor.page.get_by_role("alert")).to_contain_text("There is no such upload")
    visitor.complaints.clear()  # the browser itself logs the 404


def test_the_page_fits_a_small_phone_and_goes_back_by_the_browsers_own_button(
    visitor: Visitor, ana: Caller
) -> None:
    upload = created(ana, File.of(9, name="x" * 200))
    visitor.page.set_viewport_size({"width": 360, "height": 640})
    visitor.sign_in("ana")
    visitor.page.get_by_role("link", name="x" * 200).click()
    expect(visitor.page.get_by_role("button", name="Cancel")).to_be_visible()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 360
    visitor.page.go_back()
    expect(visitor.page.get_by_role("heading", name="Uploads")).to_be_visible()
    ana.post(f"/uploads/{upload}/cancel")


def test_a_sign_in_lasts_a_reload_and_ends_with_sign_out(visitor: Visitor) -> None:
    visitor.sign_in("ana")
    expect(visitor.page.get_by_role("heading", name="Uploads")).to_be_visible()
    visitor.page.reload()
    expect(visitor.page.get_by_role("heading", name="Uploads")).to_be_visible()
    visitor.page.get_by_role("button", name="Sign out").click()
    visitor.page.reload()
    expect(visitor.page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_mails_are_in_the_outbox(visitor: Visitor, ana: Caller) -> None:
    file = File.of(11, name="told.txt")
    upload = created(ana, file)
    Device(ana, upload).send_all(file)
    page = visitor.page
    page.goto(f"{visitor.url}/outbox")
    expect(page.get_by_role("heading", name="Outbox")).to_be_visible()
    for _ in range(20):
        if page.get_by_role("heading", name="Stored: told.txt").count():
            break
        page.wait_for_timeout(200)
        page.reload()
    mail = page.frame_locator("iframe").first
    expect(mail.get_by_role("link")).to_have_attribute("href", f"{visitor.url}/#/uploads/{upload}")
