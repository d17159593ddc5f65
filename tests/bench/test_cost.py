"""The bill of a voyage is what the service asks of AWS, and its price what the list says."""

from collections import Counter
from pathlib import Path

import pytest

from bench import cost, prices
from bench.bill import api_calls, control, item_for_each_ticket, puts, signing_each_part
from bench.voyage import Voyage
from chalicelib.domain.manifest import page_count
from tests.calls import PART, Caller, Device, File
from tests.recorder import Recorder

MIB = 1 << 20
CALLS = {
    "create": Counter(GetItem=2, Query=1, PutItem=2),
    "exchange": Counter(GetItem=1, PutItem=1),
    "look": Counter(GetItem=1),
}
"""Of DynamoDB, for each call of the API on an upload whose manifest is one page."""

EVENTS = Counter(GetItem=5, Query=1, PutItem=5)
"""Of both event functions at the end: begun and done, then begun, published and sent."""


@pytest.fixture(scope="module")
def small() -> Voyage:
    """64 parts by one line."""
    voyage = Voyage([20_000_000], 64 * 5 * MIB)
    voyage.sail()
    return voyage


def test_on_the_local_stack_each_call_asks_the_same(recorder: Recorder, ana: Caller) -> None:
    file = File.of(2 * PART)
    before = len(recorder.calls)
    answer = ana.post("/uploads", file.described())
    assert table(recorder, before) == CALLS["create"]
    device, before = Device(ana, answer.body["upload"]["id"]), len(recorder.calls)
    device.exchange(want=2)
    assert table(recorder, before) == CALLS["exchange"]
    before = len(recorder.calls)
    ana.get(f"/uploads/{device.upload}")
    assert table(recorder, before) == CALLS["look"]


def table(recorder: Recorder, since: int) -> Counter[str]:
    names = [name for function, name in recorder.calls[since:] if function == "api"]
    return Counter(n.removeprefix("dynamodb:") for n in names if n.startswith("dynamodb:"))


def test_a_voyage_asks_that_and_nothing_else(small: Voyage) -> None:
    expected = Counter(EVENTS)
    for name, calls in CALLS.items():
        for _ in range(small.bill[f"API {name}"]):
            expected += calls
    new = page_count(small.plan.count) - 1  # each is read for, stored, and known on the board
    pages = Counter(GetItem=small.bill["API page"] + new, PutItem=2 * new, Query=1)
    assert {n: small.bill[n] for n in EVENTS} == {n: (expected + pages)[n] for n in EVENTS}


def test_every_part_is_sent_and_listed(small: Voyage) -> None:
    assert small.bill["S3 PUT"] >= small.plan.count == 64
    assert (small.bill["S3 POST"], small.bill["S3 LIST"]) == (2, 1)
    assert (small.bill["SNS"], small.bill["SES"], small.bill["events"]) == (1, 1, 2)


def test_a_voyage_is_alike_each_time() -> None:
    first, second = (Voyage([1_000_000, 9_000_000], 200 * MIB).sail() for _ in range(2))
    assert first == second


def test_the_price_is_what_the_list_says() -> None:
    bill = Counter({"API exchange": 1_000_000, "WRU": 1_000_000, "S3 PUT": 1_000_000})
    paid = control(bill)
    assert paid["gateway"] == pytest.approx(3.5)
    assert paid["DynamoDB"] == pytest.approx(0.625)
    assert puts(bill) == pytest.approx(5)
    assert paid["telling"] == paid["S3 lists"] == 0


def test_other_designs_are_counted_by_the_part(small: Voyage) -> None:
    assert api_calls(signing_each_part(64)) == 67
    items = item_for_each_ticket(small.bill, 64)
    assert items["WRU"] == 192
    assert api_calls(items) == api_calls(small.bill)


def test_what_was_not_verified_is_said() -> None:
    rows = cost.price_list().splitlines()
    assert len(rows) == len(prices.ALL) + 2
    assert any(row.endswith("| not verified |") for row in rows)


def test_a_gib_by_one_line_keeps_to_its_targets() -> None:
    alone, _ = cost.sailed(["1 GiB"])
    assert alone.calls_a_part <= 0.35
    assert alone.units_a_part <= 0.6


def test_a_run_writes_its_section(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    document = tmp_path / "page.md"
    document.write_text("<!-- begin cost -->\n<!-- end cost -->\n")
    monkeypatch.setattr(cost, "DOCUMENT", document)
    monkeypatch.setattr("sys.argv", ["cost", "--only", "1 GiB", "--write"])
    assert cost.main() == 0
    assert document.read_text().count("| 1 GiB |") == 2
