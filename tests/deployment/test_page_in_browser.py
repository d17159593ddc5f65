"""The page as it is put on AWS, in a real browser: its files lie in a folder of their version."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from local.stack import Stack
from tests.calls import HTTP
from tools.deploy.page import files_of

PAGE = Path(__file__).resolve().parents[2] / "frontend"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """A test says what matters itself."""


@pytest.fixture
def site(stack: Stack, tmp_path: Path) -> Iterator[str]:
    config = json.loads(HTTP.request("GET", f"{stack.url}/config.json").data)
    for file in files_of(PAGE, config)[1]:
        path = tmp_path / file.key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.body)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_page_finds_all_of_itself_in_its_versions_folder(browser: Browser, site: str) -> None:
    page = browser.new_page()
    answers: dict[str, int] = {}
    faults: list[str] = []
    page.on("response", lambda r: answers.update({r.url.removeprefix(site): r.status}))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{site}/")
    expect(page.locator("h1")).to_be_visible()
    loaded = page.evaluate(
        """async () => {
          const root = document.querySelector("script").src;
          const { lazy } = await import(new URL("ui/lazy.js", root));
          const { html, render } = await import(new URL("vendor/preact.js", root));
          const Late = lazy(async () => () => html`late`, { style: "styles/board.css" });
          render(html`<${Late} />`, document.createElement("div"));
          const there = () => [...document.styleSheets].map(({ href }) => href ?? "");
          for (let i = 0; i < 200 && !there().some((href) => href.endsWith("board.css")); i++)
            await new Promise((done) => setTimeout(done, 20));
          return there();
        }"""
    )
    page.close()
    assert any(href.endswith("/styles/board.css") for href in loaded)
    assert all("/v/" in href for href in loaded)
    assert (faults, {url for url, status in answers.items() if status >= 400}) == ([], set())
    root = {url for url in answers if not url.startswith("/v/")}
    assert {"/", "/config.json"} <= root <= {"/", "/config.json", "/icon.svg"}
