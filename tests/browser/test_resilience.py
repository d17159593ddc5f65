"""What may happen to a browser on the way, and that it costs nothing."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Route, expect

from local.stack import Stack
from tests.browser.stored import find, is_stored
from tests.calls import PART, Caller, Device, File
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


def answers_first(visitor: Visitor, status: int, code: str, times: int) -> list[str]:
    """The storage answers the first PUTs so; returns their URLs as they come."""
    refused: list[str] = []

    def answer(route: Route) -> None:
        put = route.request.method == "PUT" and "partNumber" in route.request.url
        if not put or len(refused) >= times:
            return route.continue_()
        refused.append(route.request.url)
        cors = {"Access-Control-Allow-Origin": "*"}
        return route.fulfill(status=status, body=f"<Code>{code}</Code>", headers=cors)

    visitor.page.route("**/*", answer)
    visitor.forgive(str(status))
    return refused


def hang_first(visitor: Visitor, times: int) -> list[str]:
    """The first PUTs are never answered."""
    hanging: list[str] = []

    def hang(route: Route) -> None:
        put = route.request.method == "PUT" and "partNumber" in route.request.url
        if not put or len(hanging) >= times:
            return route.continue_()
        return hanging.append(route.request.url)

    visitor.page.route("**/*", hang)
    return hanging


def test_errors_of_the_storage_are_tried_again(visitor: Visitor, ana: Caller, file: Make) -> None:
    film = file(4 * PART, "flaky.mov")
    visitor.sign_in("ana")
    refused = answers_first(visitor, 503, "SlowDown", 3)
    visitor.upload(film)
    visitor.shows("flaky.mov", "stored", timeout_s=30)
    assert len(refused) == 3
    assert is_stored(ana, find(ana, "film", "flaky.mov"), film)


def test_an_expired_url_is_renewed_silently(visitor: Visitor, ana: Caller, file: Make) -> None:
    film = file(3 * PART, "expired.mov")
    visitor.sign_in("ana")
    expired = answers_first(visitor, 403, "AccessDenied", 1)
    visitor.upload(film)
    visitor.shows("expired.mov", "stored", timeout_s=30)
    assert len(expired) == 1
    assert is_stored(ana, find(ana, "film", "expired.mov"), film)


def test_a_put_that_hangs_is_broken_off_by_a_timer_of_its_own(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    film = file(3 * PART, "hanging.mov")
    visitor.sign_in("ana")
    hanging = hang_first(visitor, 2)
    visitor.upload(film)
    visitor.shows("hanging.mov", "stored", timeout_s=45)
    assert len(hanging) == 2
    assert is_stored(ana, find(ana, "film", "hanging.mov"), film)


def test_after_a_change_of_network_it_goes_on_within_five_seconds(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    film = file(2 * PART, "moved.mov")
    visitor.sign_in("ana")
    hanging = hang_first(visitor, 2)
    visitor.upload(film)
    visitor.shows("moved.mov", "uploading")
    for _ in range(50):
        if len(hanging) == 2:
            break
        visitor.page.wait_for_timeout(100)
    visitor.page.evaluate("navigator.connection.dispatchEvent(new Event('change'))")
    visitor.shows("moved.mov", "stored", timeout_s=5)
    assert is_stored(ana, find(ana, "film", "moved.mov"), film)


def test_after_a_sleep_it_goes_on_within_five_seconds(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    film = file(2 * PART, "asleep.mov")
    visitor.sign_in("ana")
    hanging = hang_first(visitor, 2)
    visitor.upload(film)
    visitor.shows("asleep.mov", "uploading")
    for _ in range(50):
        if len(hanging) == 2:
            break
        visitor.page.wait_for_timeout(100)
    renderers = visitor.renderers()
    for pid in renderers:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(10)
    for pid in renderers:
        os.kill(pid, signal.SIGCONT)
    visitor.shows("asleep.mov", "stored", timeout_s=5)
    assert is_stored(ana, find(ana, "film", "asleep.mov"), film)


def test_the_screen_stays_awake_while_something_is_sent_and_no_longer(
    visitor: Visitor, file: Make
) -> None:
    visitor.page.add_init_script("""
        globalThis.locks = [];
        WakeLock.prototype.request = async () => {
            const lock = {released: false, release: async () => { lock.released = true; }};
            locks.push(lock);
            return lock;
        };""")
    visitor.sign_in("ana")
    visitor.throttle(5)
    visitor.upload(file(2 * PART, "awake.mov"))
    visitor.shows("awake.mov", "uploading")
    assert visitor.page.evaluate("locks.map((l) => l.released)") == [False]
    visitor.shows("awake.mov", "stored")
    assert visitor.page.evaluate("locks.map((l) => l.released)") == [True]


def test_who_wants_it_and_looks_elsewhere_is_notified_when_a_file_is_stored(
    visitor: Visitor, file: Make
) -> None:
    visitor.page.context.grant_permissions(["notifications"])
    visitor.page.add_init_script("""
        globalThis.shown = [];
        class Shown { constructor(title, {body}) { shown.push([title, body]); } close() {} }
        Object.defineProperty(Shown, "permission", {get: () => "granted"});
        Shown.requestPermission = async () => "granted";
        globalThis.Notification = Shown;""")
    visitor.sign_in("ana")
    page = visitor.page
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Notify me").check()
    page.get_by_role("button", name="Close").click()
    visitor.upload(file(PART, "seen.mov"))
    visitor.shows("seen.mov", "stored")
    assert page.evaluate("shown") == []
    visitor.throttle(4)
    visitor.upload(file(PART, "unseen.mov"))
    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    visitor.shows("unseen.mov", "stored")
    assert page.evaluate("shown")[0][0] == "«unseen.mov» is stored"


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
    visit: Visit, ana: Caller, file: Make, stack: Stack
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
        time.sleep(0.1)
    assert is_stored(ana, upload, film)
    for _ in range(50):
        if any("left.mov" in mail.subject for mail in stack.outbox.mails()):
            return
        time.sleep(0.1)
    raise AssertionError("nobody was told")


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
