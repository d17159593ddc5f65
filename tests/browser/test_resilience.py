"""What may happen to a browser on the way, and that it costs nothing."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Visit, Visitor
from tests.browser.stored import devices, find, is_stored
from tests.calls import PART, Caller, Device, File

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
    assert len(devices(ana, upload)) == 1, "the device has one row, before and after"


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


def test_offline_is_said_within_two_seconds_and_it_goes_on_by_itself(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    film = file(8 * PART, "offline.mov")
    visitor.sign_in("ana")
    visitor.throttle(4)
    visitor.upload(film)
    visitor.shows("offline.mov", "uploading")
    visitor.page.wait_for_timeout(1500)
    visitor.offline(True)
    visitor.shows("offline.mov", "suspended", timeout_s=2)
    expect(visitor.page.get_by_text("No network. Nothing is lost")).to_be_visible()
    visitor.page.wait_for_timeout(3000)
    visitor.offline(False)
    visitor.shows("offline.mov", "uploading", timeout_s=5)
    expect(visitor.page.get_by_text("No network. Nothing is lost")).to_have_count(0)
    visitor.shows("offline.mov", "stored", timeout_s=30)
    assert is_stored(ana, find(ana, "film", "offline.mov"), film)
    visitor.forgive("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK")


def test_a_file_chosen_while_offline_is_uploaded_afterwards(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    film = file(PART, "patient.mov")
    visitor.sign_in("ana")
    expect(visitor.page.get_by_role("button", name="Choose files")).to_be_enabled()
    visitor.offline(True)
    visitor.upload(film)
    visitor.shows("patient.mov", "checking")
    visitor.page.wait_for_timeout(1500)
    visitor.offline(False)
    visitor.shows("patient.mov", "stored", timeout_s=20)
    assert is_stored(ana, find(ana, "film", "patient.mov"), film)
    visitor.forgive("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK")


def test_errors_of_the_storage_are_tried_again(visitor: Visitor, ana: Caller, file: Make) -> None:
    film = file(4 * PART, "flaky.mov")
    visitor.sign_in("ana")
    refused = 0

    def sometimes(route: object) -> None:
        nonlocal refused
        request = route.request  # type: ignore[attr-defined]
        if request.method == "PUT" and "partNumber" in request.url and refused < 3:
            refused += 1
            cors = {"Access-Control-Allow-Origin": "*"}
            route.fulfill(status=503, body="<Code>SlowDown</Code>", headers=cors)  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    visitor.page.route("**/*", sometimes)
    visitor.upload(film)
    visitor.shows("flaky.mov", "stored", timeout_s=30)
    assert refused == 3
    visitor.page.unroute_all(behavior="ignoreErrors")
    assert is_stored(ana, find(ana, "film", "flaky.mov"), film)
    visitor.forgive("503")


def test_an_expired_url_is_renewed_silently(visitor: Visitor, ana: Caller, file: Make) -> None:
    film = file(3 * PART, "expired.mov")
    visitor.sign_in("ana")
    expired = 0

    def once(route: object) -> None:
        nonlocal expired
        request = route.request  # type: ignore[attr-defined]
        if request.method == "PUT" and "partNumber" in request.url and not expired:
            expired += 1
            cors = {"Access-Control-Allow-Origin": "*"}
            route.fulfill(status=403, body="<Code>AccessDenied</Code>", headers=cors)  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    visitor.page.route("**/*", once)
    visitor.upload(film)
    visitor.shows("expired.mov", "stored", timeout_s=30)
    visitor.page.unroute_all(behavior="ignoreErrors")
    assert expired == 1
    visitor.forgive("403")


def test_closing_the_tab_warns_while_parts_are_under_way_and_only_then(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    visitor.sign_in("ana")
    visitor.throttle(0.5)
    visitor.upload(file(2 * PART, "warned.mov"))
    visitor.shows("warned.mov", "uploading")
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    visitor.page.on("dialog", stay)
    visitor.page.close(run_before_unload=True)
    visitor.page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    visitor.card("warned.mov").get_by_role("button", name="Cancel", exact=True).click()
    visitor.page.get_by_role("button", name="Cancel the upload").click()
    visitor.shows("warned.mov", "cancelled")
    visitor.page.close(run_before_unload=True)
    assert asked == ["beforeunload"]


def test_it_is_assembled_and_told_though_every_browser_is_closed(
    visit: Visit, ana: Caller, file: Make, stack: object
) -> None:
    film = file(2 * PART, "left.mov")
    visitor = visit()
    visitor.sign_in("ana")
    visitor.upload(film)
    visitor.page.wait_for_function(
        "() => /finalizing|stored/.test(document.querySelector('.transfer .chip')?.textContent)"
    )
    visitor.page.close()
    upload = find(ana, "film", "left.mov")
    for _ in range(50):
        if ana.get(f"/uploads/{upload}").body["upload"]["status"] == "complete":
            break
    assert is_stored(ana, upload, film)


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
    helper.forgive("404")  # the storage's word for parts of what was cancelled
