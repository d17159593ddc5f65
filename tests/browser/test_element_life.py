"""The element comes and goes with its page, beside others of its kind, in whatever surroundings."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.adopter import ELEMENT, choose, comes_true, give, item, shows, told
from tests.calls import PART
from tests.visitor import Visitor
from tools.browser import throttle

Make = Callable[..., Path]
COUNTING = """
globalThis.ticking = new Set();
const [begin, end] = [setInterval, clearInterval];
globalThis.setInterval = (...of) => { const id = begin(...of); ticking.add(id); return id; };
globalThis.clearInterval = (id) => { ticking.delete(id); end(id); };
"""
STRICTER = """new MutationObserver((_, observer) => {
  if (!document.head) return;
  observer.disconnect();
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = "worker-src 'none'";
  document.head.append(policy);
}).observe(document, { childList: true, subtree: true });"""
ANOTHER = """async (given) => {
  const { service } = await (await fetch("settings.json")).json();
  const { getToken, ...named } = given;
  globalThis.another = Object.assign(document.createElement("manyhands-upload"), named);
  another.getToken = async () => {
    if (getToken === "later") await new Promise((come) => (globalThis.come = come));
    return (await fetch("token")).text();
  };
  another.setAttribute("service", service);
  document.body.append(another);
}"""


def test_removed_while_its_token_is_on_the_way_it_uploads_nothing_until_it_is_put_back(
    guest: Visitor, page: Page
) -> None:
    page.evaluate(ANOTHER, {"getToken": "later"})
    comes_true(page, "globalThis.come !== undefined")
    page.evaluate("another.addFiles([new File(['x'], 'unseen.mov')]); another.remove(); come()")
    give(page, "beside.mov")
    shows(page, "beside.mov", "stored")
    assert page.evaluate("another.files") == []
    page.evaluate("""() => {
      another.getToken = async () => (await fetch("token")).text();
      document.body.append(another);
    }""")
    shows(page, "unseen.mov", "stored")


def test_an_element_that_is_gone_leaves_nothing_ticking(guest: Visitor) -> None:
    guest.page.add_init_script(COUNTING)
    guest.page.goto(f"{guest.url}/")
    choosing = guest.page.get_by_role("button", name="Choose files")
    expect(choosing).to_have_count(1)
    assert guest.page.evaluate("ticking.size") == 1
    guest.page.evaluate(ANOTHER, {})
    expect(choosing).to_have_count(2)
    assert guest.page.evaluate("ticking.size") == 2
    guest.page.evaluate("another.remove()")
    comes_true(guest.page, "ticking.size === 1")
    guest.page.evaluate("document.body.append(another)")
    expect(choosing).to_have_count(2)
    assert guest.page.evaluate("ticking.size") == 2


def test_after_a_reload_each_element_has_what_was_begun_in_it(page: Page) -> None:
    page.evaluate(ANOTHER, {"id": "second"})
    expect(page.get_by_role("button", name="Choose files")).to_have_count(2)
    throttle(page, 2)
    page.evaluate("another.addFiles([new File([new Uint8Array(3e7)], 'of-the-second.mov')])")
    expect(item(page, "of-the-second.mov")).to_contain_text("MB/s")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    page.evaluate(ANOTHER, {"id": "second"})
    expect(page.locator("#second").get_by_role("listitem")).to_contain_text("of-the-second.mov")
    assert page.evaluate(f"{ELEMENT}.files") == []


def test_a_page_that_is_shown_again_goes_on(page: Page, file: Make) -> None:
    throttle(page, 8)
    choose(page, file(6 * PART, "back.mov"))
    expect(item(page, "back.mov")).to_contain_text("MB/s")
    with page.expect_response(lambda r: '"want":0' in (r.request.post_data or "")):
        page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    shows(page, "back.mov", "stored", 30)
    assert told(page, "error") == []


def test_where_the_pages_policy_forbids_workers_it_uploads_all_the_same(
    guest: Visitor, file: Make
) -> None:
    guest.page.add_init_script(STRICTER)
    guest.forgive("Content Security Policy", "worker")
    guest.page.goto(f"{guest.url}/")
    choose(guest.page, file(2 * PART, "without.mov"))
    shows(guest.page, "without.mov", "stored")


def test_without_multiple_several_dropped_are_refused_in_words_and_scripts_give_what_they_like(
    page: Page,
) -> None:
    page.evaluate(f"{ELEMENT}.removeAttribute('multiple')")
    page.evaluate(f"""() => {{
      const data = new DataTransfer();
      for (const name of ["one.mov", "two.mov"]) data.items.add(new File(["x"], name));
      const zone = {ELEMENT}.shadowRoot.querySelector("[part~=dropzone]");
      zone.dispatchEvent(new DragEvent("drop", {{dataTransfer: data, bubbles: true}}));
    }}""")
    alert = page.locator("manyhands-upload").get_by_role("alert")
    expect(alert).to_contain_text("One file can be given here at a time")
    assert [error["code"] for error in told(page, "error")] == ["one_file"]
    assert page.evaluate(f"{ELEMENT}.files") == []
    give(page, "three.mov", "four.mov")
    for name in ("three.mov", "four.mov"):
        shows(page, name, "stored")


def test_the_function_that_gives_the_token_may_be_set_anew(page: Page) -> None:
    page.evaluate(f"""() => {{
      {ELEMENT}.getToken = () => {{ globalThis.anew = true; return null; }};
      return {ELEMENT}.signIn();
    }}""")
    assert page.evaluate("globalThis.anew") is True
