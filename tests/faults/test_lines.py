"""Real clients behind real lines: slow ones, a pulled cable, a changed address.

In network namespaces, where the machine makes them; where it does not, the reason is in the report.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.stored import devices, find, is_stored
from tests.lines import Town, town
from tools.network import NetworkRefused

Make = Callable[[float], Path]


@pytest.fixture(scope="module")
def here(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The browser that all tests share is started before, so that it stays outside."""
    try:
        with town(tmp_path_factory.mktemp("town")) as made:
            yield made
    except NetworkRefused as refused:
        pytest.skip(f"this machine makes no networks: {refused}")


@pytest.fixture
def a_file(tmp_path: Path) -> Make:
    def make(parts: float) -> Path:
        path = tmp_path / f"film {os.urandom(4).hex()}.mov"
        path.write_bytes(os.urandom(int(parts * 5 * 2**20)))
        return path

    return make


def test_two_devices_bring_a_file_by_their_own_lines(here: Town, a_file: Make) -> None:
    film, ana = a_file(20), here.caller("ana")
    fast, slow = here.terminal(here.line(48), "ana"), here.terminal(here.line(24), "ben")
    first = fast.start("upload", str(film), "--group", "film", "--label", "fast", "--json")
    upload = str(first.until(lambda: first.events("opened"))[0]["upload"])
    second = slow.start("help-with", upload, str(film), "--label", "slow", "--json")
    assert (first.code(), second.code()) == (0, 0)
    assert is_stored(ana, upload, film)
    rows = devices(ana, upload)
    assert rows["fast"] > rows["slow"] >= 1
    sent = first.parts() + second.parts()
    assert set(sent) == set(range(1, 21))
    assert len(sent) <= 21, "but for a rescue at the end nothing is sent twice"


def test_a_pulled_cable_is_said_and_once_it_is_back_nothing_is_sent_twice(
    here: Town, a_file: Make
) -> None:
    film, line = a_file(8), here.line(40)
    run = here.terminal(line, "ana").start("upload", str(film), "--group", "film", "--json")
    run.until(lambda: len(run.parts()) >= 2)
    line.unplug()
    run.until(lambda: run.events("out_of_reach"))
    line.plug()
    assert run.code() == 0
    assert run.events("in_reach")
    assert sorted(run.parts()) == list(range(1, 9))
    assert is_stored(here.caller("ana"), str(run.events("ended")[0]["upload"]), film)


def test_with_another_address_it_goes_on_by_new_connections(here: Town, a_file: Make) -> None:
    film, line = a_file(8), here.line(40)
    run = here.terminal(line, "ana").start("upload", str(film), "--group", "film", "--json")
    run.until(lambda: len(run.parts()) >= 2)
    line.readdress()
    assert run.code() == 0
    assert sorted(run.parts()) == list(range(1, 9))
    assert is_stored(here.caller("ana"), str(run.events("ended")[0]["upload"]), film)


def test_a_browser_whose_cable_is_pulled_says_so_and_goes_on(
    here: Town, browser: Browser, a_file: Make
) -> None:
    film, line, ana = a_file(8), here.line(40), here.caller("ana")
    visitor = here.browser(line, browser)
    visitor.sign_in("Ana")
    visitor.upload(film)
    visitor.shows(film.name, "uploading")
    line.unplug()
    expect(visitor.page.get_by_text("No network. Nothing is lost")).to_be_visible(timeout=10_000)
    line.plug()
    visitor.shows(film.name, "stored", timeout_s=60)
    assert is_stored(ana, find(ana, "film", film.name), film)
