"""Looking at an upload that others work on."""

import re

from playwright.sync_api import expect

from tests.calls import PART, Caller, Device, File, send
from tests.visitor import Visit, Visitor

EVIL = "<img src=x onerror=alert(1)>"


def created(caller: Caller, file: File) -> str:
    return str(caller.post("/uploads", file.described()).body["upload"]["id"])


def test_the_uploads_of_ones_groups_only_are_listed(
    visitor: Visitor, ana: Caller, ben: Caller
) -> None:
    created(ana, File.of(5, name="for film.txt"))
    created(ben, File.of(5, name="for lab.txt", group="lab"))
    visitor.sign_in("ana")
    page = visitor.page
    expect(page.get_by_role("link", name="for film.txt").first).to_be_visible()
    expect(page.get_by_text("for lab.txt")).to_have_count(0)
    group = page.get_by_label("Group", exact=True)
    options = group.locator("option").all_inner_texts()
    assert options == ["All groups", "Personal (only you)", "film"]
    group.select_option("Personal (only you)")
    expect(page.get_by_text("for film.txt")).to_have_count(0)


def test_a_board_is_live_and_what_can_be_done_changes_with_it(
    visitor: Visitor, ana: Caller, ben: Caller
) -> None:
    file = File.of(3 * PART)
    upload = created(ana, file)
    visitor.sign_in("ana", where=f"#/uploads/{upload}")
    page = visitor.page
    expect(page.get_by_text("waiting for a device")).to_be_visible()
    device = Device(ben, upload, "phone")
    ticket = device.exchange(want=1).body["tickets"][0]
    expect(page.get_by_role("rowheader", name="phone")).to_be_visible()
    expect(page.get_by_role("img", name="0 of 3 parts stored, 1 on their way")).to_be_visible()
    send(ticket, file.part(1))
    device.exchange(done=[1])
    expect(page.get_by_text("33.3%").first).to_be_visible()
    page.get_by_role("button", name="Pause for everybody").click()
    expect(page.locator(".chip.paused")).to_have_text("paused for everybody")
    assert device.exchange(want=1).body["tickets"] == []
    page.get_by_role("button", name="Resume for everybody").click()
    expect(page.locator(".chip.active")).to_have_text("uploading")
    device.send_all(file)
    expect(page.locator(".chip.complete")).to_have_text("stored")
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download").click()
    assert downloading.value.suggested_filename == "film.mov"
    assert downloading.value.path().read_bytes() == file.body


def test_who_has_not_the_file_can_pause_and_cancel_it_after_being_asked(
    visitor: Visitor, ana: Caller
) -> None:
    upload = created(ana, File.of(7, name="unwanted"))
    visitor.sign_in("ana", where=f"#/uploads/{upload}")
    page = visitor.page
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Keep uploading").click()
    assert ana.get(f"/uploads/{upload}").body["upload"]["status"] == "initialized"
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Cancel the upload").click()
    expect(page.locator(".chip.cancelled")).to_be_visible()


def test_a_stored_file_is_deleted_after_being_asked(visitor: Visitor, ana: Caller) -> None:
    file = File.of(12, name="old.txt")
    upload = created(ana, file)
    Device(ana, upload).send_all(file)
    visitor.sign_in("ana", where=f"#/uploads/{upload}")
    page = visitor.page
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete the file").click()
    expect(page.get_by_role("heading", name="In your groups")).to_be_visible()
    assert ana.get(f"/uploads/{upload}").status == 404


def test_a_rescued_part_is_shown_as_such(visitor: Visitor, ana: Caller, ben: Caller) -> None:
    file = File.of(PART, name="slow end")
    upload = created(ana, file)
    visitor.sign_in("ana", where=f"#/uploads/{upload}")
    slow, fast = Device(ana, upload, "slow"), Device(ben, upload, "fast")
    slow.exchange(want=1, rate=1_000)
    assert fast.exchange(want=1, rate=50_000_000).body["tickets"]
    expect(visitor.page.get_by_text("1 of them twice").first).to_be_visible()
    ana.post(f"/uploads/{upload}/cancel")


def test_a_link_and_a_qr_code_bring_another_device_to_the_same_upload(
    visitor: Visitor, ana: Caller
) -> None:
    upload = created(ana, File.of(PART, name="shared"))
    visitor.sign_in("ana", where=f"#/uploads/{upload}")
    page = visitor.page
    page.get_by_role("button", name="Add a device").click()
    expect(page.get_by_role("img", name="QR code of the link")).to_be_visible()
    link = page.get_by_role("textbox", name="Add a device").input_value()
    assert link == f"{visitor.url}/#/uploads/{upload}"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    ana.post(f"/uploads/{upload}/cancel")


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
    expect(visitor.page.get_by_text("There is no such upload")).to_be_visible()
    visitor.forgive("404")


def test_the_page_fits_a_small_phone_and_goes_back_by_the_browsers_own_button(
    visit: Visit, ana: Caller
) -> None:
    visitor = visit(viewport={"width": 360, "height": 640})
    upload = created(ana, File.of(9, name="x" * 200))
    page = visitor.page
    visitor.sign_in("ana")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("link", name="x" * 200).click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.go_back()
    expect(page.get_by_role("heading", name="In your groups")).to_be_visible()
    ana.post(f"/uploads/{upload}/cancel")


def test_mails_are_in_the_outbox(visitor: Visitor, ana: Caller) -> None:
    file = File.of(11, name="told.txt")
    upload = created(ana, file)
    Device(ana, upload).send_all(file)
    page = visitor.page
    page.goto(f"{visitor.url}/outbox")
    expect(page.get_by_role("heading", name="Outbox")).to_be_visible()
    for _ in range(20):
        if page.get_by_role("heading", name=re.compile("Stored: told.txt")).count():
            break
        page.wait_for_timeout(200)
        page.reload()
    mail = page.frame_locator("iframe").first
    expect(mail.get_by_role("link")).to_have_attribute("href", f"{visitor.url}/#/uploads/{upload}")
