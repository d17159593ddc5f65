"""How a page behaves that has work under way: to the screen, to whoever looks away or leaves."""

from collections.abc import Callable
from pathlib import Path

from tests.calls import PART
from tests.visitor import Visitor

Make = Callable[..., Path]


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


def test_closing_the_tab_warns_while_parts_are_under_way_and_only_then(
    visitor: Visitor, file: Make
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
