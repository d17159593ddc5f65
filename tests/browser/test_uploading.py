"""Files on their way from one browser: choosing, the cycle, the queue."""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.stored import find, is_stored
from tests.calls import PART, Caller, Device, File
from tests.visitor import Visit, Visitor

Make = Callable[..., Path]


def drop(page: Page, *files: Path) -> None:
    """As the browser itself does it when files are let go over the page."""
    network = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(f) for f in files], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        event = {"type": kind, "x": 300, "y": 300, "data": data}
        network.send("Input.dispatchDragEvent", event)


def cards(page: Page) -> Locator:
    return page.get_by_role("region", name="On this device").get_by_role("listitem")


def test_a_chosen_file_is_uploaded_stored_and_found(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    film = file(3 * PART + 7, "one.mov")
    visitor.sign_in("ana")
    visitor.choose(film)
    expect(visitor.page.get_by_role("heading", name="1 file chosen")).to_be_visible()
    assert ana.get("/uploads?group=film").body["uploads"][:1] != ["one.mov"]
    visitor.page.get_by_label("Group").first.select_option("film")
    visitor.page.get_by_role("button", name="Upload 1 file").click()
    visitor.shows("one.mov", "stored")
    assert is_stored(ana, find(ana, "film", "one.mov"), film)
    visitor.page.get_by_role("link", name="one.mov").click()
    expect(visitor.page.get_by_role("rowheader", name="Chrome on Linux")).to_be_visible()


def test_an_empty_file_is_a_file(visitor: Visitor, ana: Caller, file: Make) -> None:
    empty = file(0, "empty.txt")
    visitor.sign_in("ana")
    visitor.upload(empty)
    visitor.shows("empty.txt", "stored")
    assert is_stored(ana, find(ana, "film", "empty.txt"), empty)


def test_a_file_of_several_manifest_pages_begins_before_it_is_hashed(
    visitor: Visitor, ana: Caller, tmp_path: Path
) -> None:
    sparse = tmp_path / "sparse.bin"
    with sparse.open("wb") as stream:
        stream.truncate(130 * PART)
        stream.seek(129 * PART)
        stream.write(b"the end")
    visitor.sign_in("ana")
    visitor.upload(sparse)
    visitor.shows("sparse.bin", "stored", timeout_s=60)
    upload = ana.get(f"/uploads/{find(ana, 'film', 'sparse.bin')}").body["upload"]
    assert (upload["parts_known"], upload["status"]) == (130, "complete")


def test_what_is_stored_already_is_recognised_and_not_sent_again(
    visit: Visit, ana: Caller, ben: Caller, file: Make
) -> None:
    film = file(2 * PART, "again.mov")
    first, second = visit(), visit()
    first.sign_in("ana")
    first.upload(film)
    first.shows("again.mov", "stored")
    sent: list[str] = []
    second.page.on("request", lambda r: sent.append(r.url) if r.method == "PUT" else None)
    second.sign_in("ben")
    second.upload(film)
    second.shows("again.mov", "stored")
    expect(second.page.get_by_text("It was stored already")).to_be_visible()
    assert sent == []


def test_another_file_of_the_same_name_and_size_is_an_upload_of_its_own(
    visit: Visit, ana: Caller, file: Make
) -> None:
    visitor = visit()
    one, other = file(PART + 1, "same.mov"), file(PART + 1, "b/same.mov")
    visitor.sign_in("ana")
    visitor.upload(one)
    visitor.shows("same.mov", "stored")
    visitor.page.get_by_role("button", name="Clear finished").click()
    visitor.upload(other)
    visitor.shows("same.mov", "stored")
    uploads = [u for u in ana.get("/uploads?group=film").body["uploads"] if u["name"] == "same.mov"]
    assert len(uploads) == 2
    assert is_stored(ana, uploads[0]["id"], other)
    assert is_stored(ana, uploads[1]["id"], one)


def test_dropped_files_and_folders_are_chosen(visitor: Visitor, tmp_path: Path) -> None:
    (tmp_path / "folder" / "inner").mkdir(parents=True)
    (tmp_path / "folder" / "inner" / "deep.txt").write_text("deep")
    (tmp_path / "folder" / "flat.txt").write_text("flat")
    (tmp_path / "single.txt").write_text("single")
    visitor.sign_in("ana")
    expect(visitor.page.get_by_role("button", name="Choose files")).to_be_enabled()
    drop(visitor.page, tmp_path / "single.txt", tmp_path / "folder")
    expect(visitor.page.get_by_role("heading", name="3 files chosen")).to_be_visible()
    names = visitor.page.get_by_role("region", name="chosen").locator("li .name")
    assert set(names.all_inner_texts()) == {
        "single.txt",
        "folder - flat.txt",
        "folder - inner - deep.txt",
    }
    visitor.page.get_by_role("button", name="Remove single.txt").click()
    expect(visitor.page.get_by_role("heading", name="2 files chosen")).to_be_visible()
    visitor.page.get_by_role("button", name="Remove all").click()
    expect(visitor.page.get_by_role("region", name="chosen")).to_have_count(0)


def test_a_pasted_file_is_chosen(visitor: Visitor) -> None:
    visitor.sign_in("ana")
    expect(visitor.page.get_by_role("button", name="Choose files")).to_be_enabled()
    visitor.page.evaluate("""() => {
        const data = new DataTransfer();
        data.items.add(new File(["pasted"], "pasted.txt"));
        dispatchEvent(new ClipboardEvent("paste", {clipboardData: data}));
    }""")
    expect(visitor.page.get_by_role("heading", name="1 file chosen")).to_be_visible()


def test_one_is_active_at_a_time_and_the_queue_goes_on_by_itself(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    files = [file(2 * PART, f"{n}.bin") for n in ("first", "second", "third")]
    visitor.sign_in("ana")
    visitor.throttle(3)
    visitor.upload(*files)
    visitor.shows("first.bin", "uploading")
    visitor.shows("second.bin", "queued")
    visitor.shows("third.bin", "queued")
    visitor.card("third.bin").get_by_role("button", name="Move up").click()
    expect(cards(visitor.page).nth(1)).to_contain_text("third.bin")
    visitor.shows("third.bin", "uploading")
    visitor.shows("second.bin", "queued")
    for path in files:
        visitor.shows(path.name, "stored", timeout_s=30)
        assert is_stored(ana, find(ana, "film", path.name), path)


def test_the_queues_order_is_changed_with_the_mouse_too(visitor: Visitor, file: Make) -> None:
    visitor.sign_in("ana")
    visitor.throttle(0.4)
    visitor.upload(*(file(PART + n, f"{n}.bin") for n in range(3)))
    visitor.shows("0.bin", "uploading")
    visitor.shows("2.bin", "queued")
    visitor.card("2.bin").drag_to(visitor.card("1.bin"))
    expect(cards(visitor.page).nth(1)).to_contain_text("2.bin")
    expect(cards(visitor.page).nth(2)).to_contain_text("1.bin")


def test_starting_another_lets_the_active_one_give_way_and_take_its_turn_again(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    large, small = file(6 * PART, "large.bin"), file(PART, "small.bin")
    visitor.sign_in("ana")
    visitor.throttle(4)
    visitor.upload(large, small)
    visitor.shows("large.bin", "uploading")
    visitor.shows("small.bin", "queued")
    visitor.card("small.bin").get_by_role("button", name="Start now").click()
    visitor.shows("small.bin", "uploading")
    visitor.shows("large.bin", "queued")
    expect(visitor.page.get_by_text("Paused until its turn")).to_be_visible()
    visitor.shows("small.bin", "stored")
    visitor.shows("large.bin", "stored", timeout_s=30)
    assert is_stored(ana, find(ana, "film", "large.bin"), large)


def test_taken_off_the_queue_it_is_as_before_and_starts_when_told(
    visitor: Visitor, file: Make
) -> None:
    visitor.sign_in("ana")
    visitor.throttle(3)
    visitor.upload(file(2 * PART, "busy.bin"), file(PART, "held.bin"))
    visitor.shows("held.bin", "queued")
    visitor.card("held.bin").get_by_role("button", name="Take off the queue").click()
    visitor.shows("held.bin", "ready")
    visitor.shows("busy.bin", "stored", timeout_s=30)
    visitor.shows("held.bin", "ready")
    visitor.card("held.bin").get_by_role("button", name="Start now").click()
    visitor.shows("held.bin", "stored")


def test_paused_here_it_waits_and_gives_everything_back(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    film = file(5 * PART, "pausing.mov")
    visitor.sign_in("ana")
    visitor.throttle(5)
    visitor.upload(film)
    visitor.shows("pausing.mov", "uploading")
    visitor.page.get_by_role("button", name="Pause here").click()
    visitor.shows("pausing.mov", "paused here")
    board = ana.get(f"/uploads/{find(ana, 'film', 'pausing.mov')}").body
    assert board["upload"]["status"] == "active"
    assert board["board"]["clients"][0]["held"] == []
    visitor.page.wait_for_timeout(1500)
    visitor.shows("pausing.mov", "paused here")
    visitor.page.get_by_role("button", name="Resume").click()
    visitor.shows("pausing.mov", "stored", timeout_s=30)
    assert is_stored(ana, find(ana, "film", "pausing.mov"), film)


def test_cancelling_asks_first_and_can_be_begun_again(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    film = file(4 * PART, "cancelled.mov")
    visitor.sign_in("ana")
    visitor.throttle(2)
    visitor.upload(film)
    visitor.shows("cancelled.mov", "uploading")
    card = visitor.card("cancelled.mov")
    card.get_by_role("button", name="Cancel", exact=True).click()
    visitor.page.get_by_role("button", name="Cancel the upload").click()
    visitor.shows("cancelled.mov", "cancelled")
    upload = find(ana, "film", "cancelled.mov")
    assert ana.get(f"/uploads/{upload}").body["upload"]["status"] == "cancelled"
    visitor.throttle(50)
    card.get_by_role("button", name="Retry").click()
    visitor.shows("cancelled.mov", "stored")
    assert is_stored(ana, upload, film)


def test_one_files_failure_does_not_touch_the_others(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    doomed, fine = file(4 * PART, "doomed.bin"), file(PART, "fine.bin")
    visitor.sign_in("ana")
    visitor.throttle(4)
    visitor.upload(doomed, fine)
    visitor.shows("doomed.bin", "uploading")
    doomed.write_bytes(b"quite another content")
    visitor.shows("doomed.bin", "failed", timeout_s=30)
    expect(visitor.page.get_by_text("The file was changed, moved or removed")).to_be_visible()
    visitor.shows("fine.bin", "stored")
    ana.post(f"/uploads/{find(ana, 'film', 'doomed.bin')}/cancel")
    visitor.forgive("ERR_UPLOAD_FILE_CHANGED", "ERR_FAILED")
    visitor.forgive("409")  # its last question, overtaken by its farewell


def test_a_limit_on_the_speed_is_kept(visitor: Visitor, ana: Caller, file: Make) -> None:
    visitor.sign_in("ana")
    page = visitor.page
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Speed limit").fill("5")
    page.get_by_label("Name of this device").fill("Workshop")
    page.get_by_role("button", name="Close").click()
    visitor.upload(file(4 * PART, "limited.bin"))
    visitor.shows("limited.bin", "stored", timeout_s=30)
    upload = find(ana, "film", "limited.bin")
    seen = ana.get(f"/uploads/{upload}").body
    lasted_ms = seen["upload"]["changed_at"] - seen["upload"]["created_at"]
    assert lasted_ms >= 3_000, "four parts of 5.2 MB; the last begins after 3.1 s at 5 MB/s"
    assert seen["board"]["clients"][0]["label"] == "Workshop"


def test_settings_that_make_no_sense_are_put_right_where_one_sees_it(visitor: Visitor) -> None:
    visitor.sign_in("ana")
    page = visitor.page
    for limit, at_once in (("-5", "99"), ("1e30", "2.5"), ("", "0")):
        page.get_by_role("button", name="Settings").click()
        page.get_by_label("Speed limit").fill(limit)
        page.get_by_label("Files at once").fill(at_once)
        page.get_by_role("button", name="Close").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Settings").click()
    expect(page.get_by_label("Speed limit")).to_have_value("")
    expect(page.get_by_label("Files at once")).to_have_value("1")


def test_an_address_that_leads_nowhere_is_said(visitor: Visitor) -> None:
    visitor.sign_in("ana", where="#/nonsense")
    expect(visitor.page.get_by_text("There is no such page")).to_be_visible()
    expect(visitor.page).to_have_url(f"{visitor.url}/#/")
    visitor.page.get_by_role("button", name="Close").click()
    expect(visitor.page.get_by_text("There is no such page")).to_have_count(0)


def test_settings_and_language_are_remembered(visitor: Visitor) -> None:
    visitor.sign_in("ana")
    page = visitor.page
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Language").select_option("Deutsch")
    page.get_by_role("button", name="Schließen").click()
    page.reload()
    expect(page.get_by_role("heading", name="In Ihren Gruppen")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "de"


def test_helping_with_the_wrong_file_is_refused_in_words_and_sends_nothing(
    visitor: Visitor, ana: Caller, file: Make
) -> None:
    asked = File.of(2 * PART, name="asked.bin")
    right = file(0, "right.bin")
    right.write_bytes(asked.body)
    upload = str(ana.post("/uploads", asked.described()).body["upload"]["id"])
    desktop = Device(ana, upload, "desktop")
    desktop.exchange(want=1)
    sent: list[str] = []
    visitor.page.on("request", lambda r: sent.append(r.url) if r.method == "PUT" else None)
    visitor.sign_in("ben", where=f"#/uploads/{upload}")
    visitor.help(file(2 * PART + 1, "larger.bin"))
    expect(visitor.page.get_by_text("That is not the same file")).to_be_visible()
    visitor.help(file(2 * PART, "other.bin"))
    expect(visitor.page.locator(".chip.failed")).to_be_visible()
    expect(visitor.page.get_by_text("That is not the same file").last).to_be_visible()
    assert sent == []
    desktop.exchange()
    with visitor.page.expect_file_chooser() as chooser:
        visitor.page.get_by_role("button", name="Choose the file again").click()
    chooser.value.set_files(right)
    expect(visitor.page.locator("h1 + .chip")).to_have_text("stored")
    expect(visitor.page.get_by_text("That is not the same file")).to_have_count(0)
    assert is_stored(ana, upload, right)


def test_no_request_goes_anywhere_else_and_nothing_inline_is_run(
    visitor: Visitor, file: Make
) -> None:
    origins: set[str] = set()
    visitor.page.on("request", lambda r: origins.add("/".join(r.url.split("/")[:3])))
    visitor.sign_in("ana")
    visitor.upload(file(PART, "where.bin"))
    visitor.shows("where.bin", "stored")
    config = json.loads(visitor.page.evaluate("fetch('config.json').then((r) => r.text())"))
    assert origins <= {visitor.url, config["cognito_endpoint"]}
