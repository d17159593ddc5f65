"""Who reloads the page or comes back to it goes on where they were, and nothing is sent twice."""

import re
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from local.stack import Stack
from tests.browser.stored import find, is_stored
from tests.calls import PART, Caller
from tests.visitor import Visit, Visitor

Make = Callable[..., Path]

PICK_FROM_ORIGINS_OWN_FILES = """globalThis.showOpenFilePicker = async () => {
  const root = await navigator.storage.getDirectory();
  return [await root.getFileHandle("kept.bin")];
}"""
"""A real handle without the system's dialog, which no test can drive; it outlives a reload."""

WRITE_OWN_FILE = """async (size) => {
  const root = await navigator.storage.getDirectory();
  const stream = await (await root.getFileHandle("kept.bin", {create: true})).createWritable();
  const block = new Uint8Array(1 << 16);
  for (let at = 0; at < size; at += block.length)
    await stream.write(crypto.getRandomValues(block).slice(0, size - at));
  await stream.close();
}"""


def done(caller: Caller, upload: str) -> int:
    return int(caller.get(f"/uploads/{upload}").body["upload"]["parts_done"])


def until_some_are_done(visitor: Visitor, caller: Caller, upload: str, parts: int = 2) -> None:
    for _ in range(100):
        if done(caller, upload) >= parts:
            return
        visitor.page.wait_for_timeout(100)
    raise AssertionError("nothing was ever done")


def test_after_a_reload_the_file_is_chosen_again_and_nothing_is_sent_twice(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    film = file(8 * PART, "reloaded.mov")
    visitor.sign_in("ana")
    visitor.throttle(5)
    visitor.upload(film)
    visitor.shows("reloaded.mov", "uploading")
    upload = find(ana, "film", "reloaded.mov")
    until_some_are_done(visitor, ana, upload)
    page = visitor.page
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    visitor.shows("reloaded.mov", "suspended")
    expect(page.get_by_text("Choose the same file again")).to_be_visible()
    wrong = file(3, "wrong.mov")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose the file again").click()
    chooser.value.set_files(wrong)
    expect(page.get_by_text("That is not the same file")).to_be_visible()
    before = done(ana, upload)
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.method == "PUT" else None)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose the file again").click()
    chooser.value.set_files(film)
    visitor.shows("reloaded.mov", "stored", timeout_s=30)
    assert is_stored(ana, upload, film)
    assert len(sent) <= 8 - before
    rows = ana.get(f"/uploads/{upload}").body["board"]["clients"]
    assert [c["parts"] for c in rows] == [8], "the device has one row, before and after"


def test_a_wrong_file_of_the_same_size_never_takes_the_place_of_the_right_one(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    film, wrong = file(8 * PART, "right.mov"), file(8 * PART, "wrong.mov")
    visitor.sign_in("ana")
    visitor.throttle(5)
    visitor.upload(film)
    visitor.shows("right.mov", "uploading")
    upload = find(ana, "film", "right.mov")
    until_some_are_done(visitor, ana, upload)
    page = visitor.page
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    choose = page.get_by_role("button", name="Choose the file again")
    for attempt in (wrong, wrong, film):
        with page.expect_file_chooser() as chooser:
            choose.click()
        chooser.value.set_files(attempt)
        if attempt is wrong:
            visitor.shows("right.mov", "failed")
            expect(page.get_by_text("That is not the same file")).to_be_visible()
    visitor.shows("right.mov", "stored", timeout_s=30)
    assert find(ana, "film", "right.mov") == upload, "there is no second upload of this name"
    assert is_stored(ana, upload, film)


def test_a_browser_that_keeps_handles_goes_on_by_itself_after_a_reload(
    visit: Visit, ana: Caller
) -> None:
    visitor = visit(handles=True)
    page = visitor.page
    page.add_init_script(PICK_FROM_ORIGINS_OWN_FILES)
    visitor.sign_in("ana")
    page.evaluate(WRITE_OWN_FILE, 8 * PART)
    visitor.throttle(5)
    page.get_by_role("button", name="Choose files").click()
    tray = page.get_by_role("region", name="chosen")
    tray.get_by_label("Group").select_option("film")
    tray.get_by_role("button", name="Upload 1 file").click()
    visitor.shows("kept.bin", "uploading")
    upload = find(ana, "film", "kept.bin")
    until_some_are_done(visitor, ana, upload)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    visitor.shows("kept.bin", "stored", timeout_s=30)
    final = ana.get(f"/uploads/{upload}").body["upload"]
    assert (final["status"], final["parts_done"]) == ("complete", 8)


def test_what_was_paused_stays_paused_over_a_reload(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    film = file(6 * PART, "still paused.mov")
    visitor.sign_in("ana")
    visitor.throttle(5)
    visitor.upload(film)
    visitor.shows("still paused.mov", "uploading")
    visitor.page.get_by_role("button", name="Pause here").click()
    visitor.shows("still paused.mov", "paused here")
    visitor.page.reload()
    visitor.shows("still paused.mov", "paused here")
    visitor.page.get_by_role("button", name="Resume").click()
    visitor.shows("still paused.mov", "suspended")
    with visitor.page.expect_file_chooser() as chooser:
        visitor.page.get_by_role("button", name="Choose the file again").click()
    chooser.value.set_files(film)
    visitor.shows("still paused.mov", "stored", timeout_s=30)
    assert is_stored(ana, find(ana, "film", "still paused.mov"), film)


def test_it_is_assembled_and_told_though_every_browser_is_closed(
    visit: Visit, ana: Caller, file: Make, stack: Stack
) -> None:
    film = file(2 * PART, "left.mov")
    visitor = visit()
    visitor.sign_in("ana")
    visitor.upload(film)
    chip = visitor.page.locator(".transfer .chip")
    expect(chip).to_have_text(re.compile("finalizing|stored"), timeout=20_000)
    visitor.page.close()
    upload = find(ana, "film", "left.mov")
    for _ in range(50):
        if ana.get(f"/uploads/{upload}").body["upload"]["status"] == "complete":
            break
        time.sleep(0.1)
    assert is_stored(ana, upload, film)
    for _ in range(50):
        if any("left.mov" in mail.subject for mail in stack.outbox.mails()):
            return
        time.sleep(0.1)
    raise AssertionError("nobody was told")
