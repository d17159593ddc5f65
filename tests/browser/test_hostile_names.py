"""Names are chosen by others; on the page they are text and nothing else."""

import pytest
from playwright.sync_api import Error, expect

from tests.adapters.signing import Signer
from tests.browser.conftest import Visitor
from tests.browser.stored import find
from tests.calls import PART, Caller, Device, File

FILE = "<img src=x onerror=document.title='stolen'>.mov"
DEVICE = "</td><script>document.title='stolen'</script><svg onload=document.title='stolen'>"


def test_names_of_files_and_devices_are_only_text(visitor: Visitor, ben: Caller) -> None:
    ben.post("/uploads", File.of(2 * PART, name=FILE).described())
    upload = find(ben, "film", FILE)
    Device(ben, upload, DEVICE).exchange(want=1)
    visitor.sign_in("ana")
    page = visitor.page
    visitor.opens(upload)
    expect(page.get_by_role("heading", name=FILE)).to_be_visible()
    expect(page.get_by_role("rowheader", name="<script>")).to_be_visible()
    assert page.locator("#root script, #root img[src=x], #root svg[onload]").count() == 0
    assert "stolen" not in page.title()
    ben.post(f"/uploads/{upload}/cancel")


def test_a_script_that_got_onto_the_page_would_not_run_and_reach_nobody(
    visitor: Visitor, signer: Signer
) -> None:
    """``signer`` only stands for any server elsewhere, which counts who comes."""
    visitor.forgive("Content Security Policy")
    page = visitor.page
    page.goto(visitor.url)
    with pytest.raises(Error, match="Content Security Policy"):
        page.add_script_tag(content="document.title = 'stolen'")
    with pytest.raises(Error):
        page.add_script_tag(url=signer.jwks_url)
    told = page.evaluate("(url) => fetch(url, {mode: 'no-cors'}).catch(String)", signer.jwks_url)
    assert "Failed to fetch" in told
    assert (page.title(), signer.fetched) == ("Manyhands", 0)
