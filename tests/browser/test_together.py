"""Several browsers, one file."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.stored import devices, find, is_stored
from tests.calls import PART, Caller, Device, File, digest, send
from tests.visitor import Visit

Make = Callable[..., Path]


def test_two_browsers_with_different_lines_upload_one_file_together(
    visit: Visit, ana: Caller, file: Make
) -> None:
    film = file(12 * PART + 3, "together.mov")
    first, second = visit(), visit()
    first.sign_in("ana")
    second.sign_in("ben")
    first.throttle(3)
    second.throttle(6)
    first.upload(film)
    first.shows("together.mov", "uploading")
    upload = find(ana, "film", "together.mov")
    second.opens(upload)
    second.help(film)
    expect(second.page.get_by_text("From this device alone")).to_be_visible(timeout=20_000)
    expect(second.page.locator("h1 + .chip")).to_have_text("stored", timeout=30_000)
    first.shows("together.mov", "stored")
    assert is_stored(ana, upload, film)
    brought = ana.get(f"/uploads/{upload}").body["board"]["clients"]
    assert [c["person"] for c in brought] == ["ana", "ben"]
    assert all(c["parts"] >= 3 for c in brought), brought
    assert sum(c["parts"] for c in brought) == 13


def test_the_same_file_chosen_in_two_browsers_arrives_at_one_upload(
    visit: Visit, ana: Caller, file: Make
) -> None:
    film = file(6 * PART, "same upload.mov")
    first, second = visit(), visit()
    for visitor, name in ((first, "ana"), (second, "ben")):
        visitor.sign_in(name)
        visitor.throttle(5)
    first.upload(film)
    second.upload(film)
    first.shows("same upload.mov", "stored", timeout_s=30)
    second.shows("same upload.mov", "stored", timeout_s=30)
    uploads = ana.get("/uploads?group=film").body["uploads"]
    assert [u["name"] for u in uploads].count("same upload.mov") == 1
    assert is_stored(ana, find(ana, "film", "same upload.mov"), film)


def test_closing_one_midway_gives_its_tickets_to_the_other_at_once(
    visit: Visit, ana: Caller, file: Make
) -> None:
    film = file(10 * PART, "closed.mov")
    first, second = visit(), visit()
    first.sign_in("ana")
    second.sign_in("ben")
    first.throttle(2)
    second.throttle(5)
    first.upload(film)
    first.shows("closed.mov", "uploading")
    upload = find(ana, "film", "closed.mov")
    second.opens(upload)
    second.help(film)
    expect(second.page.get_by_text("sent from here")).to_be_visible()
    first.page.wait_for_timeout(1500)
    first.page.close()
    for _ in range(20):
        rows = ana.get(f"/uploads/{upload}").body["board"]["clients"]
        if rows[0]["held"] == []:
            break
        second.page.wait_for_timeout(100)
    assert rows[0]["held"] == [], "a lease would have lasted 90 seconds"
    expect(second.page.locator("h1 + .chip")).to_have_text("stored", timeout=30_000)
    assert is_stored(ana, upload, film)


def test_a_third_without_the_file_pauses_it_for_everybody_and_resumes_it(
    visit: Visit, ana: Caller, file: Make
) -> None:
    film = file(8 * PART, "paused.mov")
    sender, third = visit(), visit()
    sender.sign_in("ana")
    sender.throttle(4)
    sender.upload(film)
    sender.shows("paused.mov", "uploading")
    upload = find(ana, "film", "paused.mov")
    third.sign_in("ben", where=f"#/uploads/{upload}")
    third.page.get_by_role("button", name="Pause for everybody").click()
    sender.shows("paused.mov", "suspended")
    expect(sender.page.get_by_text("Paused for everybody. It goes on")).to_be_visible()
    done = ana.get(f"/uploads/{upload}").body["upload"]["parts_done"]
    third.page.wait_for_timeout(1000)
    assert ana.get(f"/uploads/{upload}").body["upload"]["parts_done"] == done < 8
    third.page.get_by_role("button", name="Resume for everybody").click()
    sender.shows("paused.mov", "stored", timeout_s=40)
    assert is_stored(ana, upload, film)


def test_two_tabs_of_one_browser_both_help(visit: Visit, ana: Caller, file: Make) -> None:
    film = file(8 * PART, "tabs.mov")
    one = visit()
    one.sign_in("ana")
    one.throttle(3)
    one.upload(film)
    one.shows("tabs.mov", "uploading")
    upload = find(ana, "film", "tabs.mov")
    tab = one.page.context.new_page()
    tab.add_init_script("delete globalThis.showOpenFilePicker")
    tab.goto(f"{one.url}/#/uploads/{upload}")
    expect(tab.get_by_role("region", name="On this device")).to_have_count(0)
    with tab.expect_file_chooser() as chooser:
        tab.get_by_role("button", name="Help with this file").click()
    chooser.value.set_files(film)
    expect(tab.locator("h1 + .chip")).to_have_text("stored", timeout=30_000)
    assert is_stored(ana, upload, film)
    assert sum(devices(ana, upload).values()) <= 8
    assert len(ana.get(f"/uploads/{upload}").body["board"]["clients"]) == 2


def test_a_browser_and_another_client_share_one_file(
    visit: Visit, ana: Caller, ben: Caller, file: Make
) -> None:
    film = file(6 * PART, "mixed.mov")
    visitor = visit()
    visitor.sign_in("ana")
    visitor.throttle(3)
    visitor.upload(film)
    visitor.shows("mixed.mov", "uploading")
    upload = find(ana, "film", "mixed.mov")
    device = Device(ben, upload, "desktop")
    ticket = device.exchange(want=1).body["tickets"][0]
    body = film.read_bytes()
    send(ticket, body[ticket["offset"] : ticket["offset"] + ticket["length"]])
    device.exchange(done=[ticket["part"]])
    visitor.shows("mixed.mov", "stored", timeout_s=30)
    assert is_stored(ana, upload, film)
    assert devices(ana, upload)["desktop"] == 1


def test_a_file_that_turns_out_to_be_another_becomes_an_upload_of_its_own(
    visit: Visit, ana: Caller, ben: Caller, tmp_path: Path
) -> None:
    """Same name, same size, the same first 8 parts: only the last page tells them apart."""
    other = tmp_path / "twin.bin"
    with other.open("wb") as stream:
        stream.truncate(8 * PART)
        stream.seek(8 * PART)
        stream.write(b"my own end")
    zeros = digest(bytes(PART))
    theirs = {"group": "film", "name": "twin.bin", "size": 8 * PART + 10, "part_size": PART}
    upload = ana.post("/uploads", theirs | {"digests": [zeros] * 8}).body["upload"]["id"]
    assert (
        ana.put(f"/uploads/{upload}/manifest/1", {"digests": [digest(b"theirs end")]}).status == 200
    )
    visitor = visit()
    visitor.sign_in("ben")
    visitor.upload(other)
    visitor.shows("twin.bin", "stored", timeout_s=90)
    uploads = [u for u in ben.get("/uploads?group=film").body["uploads"] if u["name"] == "twin.bin"]
    assert {u["status"] for u in uploads} == {"complete", "active"}
    own = next(u for u in uploads if u["status"] == "complete")
    assert own["id"] != upload
    assert own["owner"] == "ben"
    ana.post(f"/uploads/{upload}/cancel")


def test_cancelled_by_its_owner_elsewhere_the_helper_hears_of_it(
    visit: Visit, ana: Caller, file: Make
) -> None:
    film = file(6 * PART, "called off.mov")
    helper = visit()
    helper.sign_in("ben")
    helper.throttle(3)
    offered = File(film.read_bytes(), name="called off.mov")
    upload = str(ana.post("/uploads", offered.described()).body["upload"]["id"])
    Device(ana, upload, "desktop").exchange(want=1)
    helper.opens(upload)
    helper.help(film)
    expect(helper.page.get_by_text("sent from here")).to_be_visible()
    ana.post(f"/uploads/{upload}/cancel")
    expect(helper.page.locator("h1 + .chip")).to_have_text("cancelled", timeout=15_000)
    helper.page.get_by_role("link", name="All uploads").click()
    helper.shows("called off.mov", "cancelled")
