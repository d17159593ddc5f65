"""One browser: what the tables say, and that everybody who is compared really uploads."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
from playwright.sync_api import Browser

from bench.browser import sparse
from bench.browsers.contestants import CONTESTANTS, Contestant, Ours, Places, Uppy
from bench.browsers.first import first_byte
from bench.browsers.serving import pages
from bench.browsers.table import Sample, Scene, report
from bench.browsers.watching import Cost, watching
from bench.servers import serving

MIB = 1 << 20
SIZE = 12 * MIB
GB = 1_000_000_000
HTTP = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(10))
TWO = (Ours(), Uppy("other", "well", "uppy6"))


@pytest.fixture(scope="module")
def places() -> Iterator[Places]:
    with (
        serving("bench.null_s3") as storage,
        serving("bench.null_board", "--storage", storage.url) as board,
        pages() as peers,
    ):
        yield Places(storage.url, board.url, peers)


def received(places: Places) -> int:
    return int(HTTP.request("GET", f"{places.storage}/-/received").data)


@pytest.mark.parametrize("contestant", CONTESTANTS, ids=lambda one: one.name)
def test_everybody_brings_every_byte_once(
    contestant: Contestant, browser: Browser, places: Places, tmp_path: Path
) -> None:
    before = received(places)
    page = contestant.open(browser, places)
    try:
        with watching(page) as cost:
            contestant.choose(page, sparse(tmp_path, SIZE))
            took = contestant.wait(page)
    finally:
        page.context.close()
    assert received(places) - before == SIZE
    assert 0 < took.all_in <= took.stored
    assert cost.main_s > 0 and cost.cpu_s >= 0 and cost.memory > 5 * MIB


def test_the_first_bytes_are_seen_while_the_rest_is_on_its_way(
    browser: Browser, places: Places, tmp_path: Path
) -> None:
    page = TWO[1].open(browser, places)
    file = sparse(tmp_path, 100 * GB)
    assert first_byte(page, places.storage, lambda: TWO[1].choose(page, file)) > 0
    page.context.close()


def sample(name: str, scene: Scene, seconds: float, **more: str) -> Sample:
    cost = Cost(seconds / 2, seconds, int(seconds * 1e7), seconds * 3)
    return Sample(name, scene, GB, seconds, cost, **more)


def cells(name: str, samples: list[Sample]) -> list[list[str]]:
    """Of both tables, without what the page is called."""
    rows = [r for r in report(TWO, samples, 0.5).splitlines() if r.startswith(f"| {name} |")]
    return [[cell.strip() for cell in row.strip("|").split("|")][2:] for row in rows]


def test_each_figure_stands_beside_its_ratio_to_ours() -> None:
    ours = [sample("manyhands", Scene.FAST, 4)]
    other = [sample("other", Scene.FAST, seconds) for seconds in (5, 2, 1)]
    speeds, costs = cells("other", [*ours, *other])
    assert speeds == ["500.0 (2.00)", "–", "–"]
    assert costs == ["1.00 (0.50)", "2.00 (0.50)", "6.00 (0.50)", "–", "–", "–"]


def test_of_memory_the_largest_counts() -> None:
    both = [sample("manyhands", Scene.LARGE, seconds) for seconds in (10, 30, 20)]
    assert cells("manyhands", both)[1][4] == "300 (1.00)"


def test_who_fails_is_told_with_the_reason() -> None:
    text = report(TWO, [sample("other", Scene.SLOW, 0, error="it broke")], 0.5)
    assert "other, 100 Mbit/s: it broke." in text
    assert "| other | well | – | – | – |" in text
