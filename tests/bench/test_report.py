"""The table says plainly who was measured, who is missing and who failed."""

from pathlib import Path

import pytest

from bench.measuring import Run, run
from bench.peers import PEERS, Peer
from bench.report import replace_between, table

SIZE = 100_000_000


def peer(name: str) -> Peer:
    return Peer(name=name, how="well", command=("x",), version=("x",), source="a shop")


def cells(name: str, runs: dict[str, list[Run]]) -> list[str]:
    versions = {each: "1.0" if runs.get(each) else "" for each in ("manyhands", "other")}
    text = table([peer("manyhands"), peer("other")], versions, runs, SIZE)
    line = next(row for row in text.splitlines() if row.startswith(f"| {name} |"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def ran(seconds: float, error: str = "") -> Run:
    return Run(seconds, 0.2, 50_000_000, error, 0.0)


def test_a_client_is_compared_with_ours_by_the_median() -> None:
    runs = {"manyhands": [ran(1.0)], "other": [ran(0.5), ran(4.0), ran(2.0)]}
    assert cells("other", runs)[3:] == ["50", "25–200", "0.50", "2.00", "50"]


def test_a_client_that_is_not_installed_has_a_row_with_the_reason() -> None:
    assert "not installed (a shop)" in cells("other", {"manyhands": [ran(1.0)]})


def test_a_client_that_fails_has_a_row_with_its_last_words() -> None:
    runs = {"manyhands": [ran(1.0)], "other": [ran(1.0, "no such host")]}
    assert "does not run here: no such host" in cells("other", runs)


def test_the_text_goes_between_its_marks_and_nowhere_else(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text("a\n<!-- begin x -->\nold\n<!-- end x -->\nb\n")
    replace_between(document, "x", "new")
    assert document.read_text() == "a\n<!-- begin x -->\nnew\n<!-- end x -->\nb\n"
    with pytest.raises(ValueError, match="no marks"):
        replace_between(document, "y", "new")


def test_a_run_is_measured_and_its_failure_kept(tmp_path: Path) -> None:
    good = run(("sh", "-c", "exit 0"), {}, tmp_path, 0)
    bad = run(("sh", "-c", "echo first; echo last; exit 3"), {}, tmp_path, 0)
    assert (good.error, bad.error) == ("", "last")
    assert good.seconds > 0 and good.memory > 0


def test_every_peer_has_a_name_of_its_own() -> None:
    assert len({each.name for each in PEERS}) == len(PEERS)
