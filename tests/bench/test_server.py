"""The parts of the server's benchmark, and one short run of all of it."""

import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from bench import server, steps
from bench.boards import half_done, request
from bench.cold_start import Start, starts
from bench.crowd import as_told, row, without_a_pause
from bench.flow import ANSWER_MS, Line
from bench.function import function
from bench.virtual import VirtualClock
from tests.bench.apart import apart

MARKS = "<!-- begin server -->\n<!-- end server -->\n"


def test_the_function_answers_as_on_aws_with_one_read_and_one_write() -> None:
    answer, bill = apart(_one_exchange)
    told = msgspec.json.decode(answer["body"])
    assert answer["statusCode"] == 200
    assert [t["part"] for t in told["tickets"]] == list(range(1_025, 1_033))
    assert told["progress"]["parts_done"] == 1_008
    assert (bill["GetItem"], bill["PutItem"]) == (1, 1)


def _one_exchange() -> tuple[Mapping[str, Any], Counter[str]]:
    with function() as api:
        upload = half_done(api.core, 2_000, 3)
        api.core.manifests.get(upload.id, 1, 8)
        api.table.bill.clear()
        answer = api.exchange(upload.id, msgspec.json.encode(request(upload, 1)))
        return answer, api.table.bill


def test_the_steps_and_what_is_left_over_make_the_whole() -> None:
    each = dict.fromkeys(steps.STEPS, 0.5) | {"whole": 5.0}
    cells = server.step_table({100: each}).splitlines()[-1].split(" | ")
    assert cells[1:-1] == ["0.50 (10%)"] * 7 + ["1.50 (30%)"]


def test_boards_are_compared_with_a_single_one() -> None:
    assert server.board_line({1: 2.0, 10: 3.0}).endswith("1: 1.00, 10: 1.50.")


def test_a_start_is_all_of_its_parts() -> None:
    text = server.start_table({"source": Start(400, 200.0, 90.0, 2.0)})
    assert text.splitlines()[-1] == "| from source | 400 | 200 | 90 | 2 | 292 |"


def test_bytecode_saves_what_compiling_takes() -> None:
    found = starts(None, rounds=1)
    assert found["source"].modules == found["bytecode"].modules > 300
    assert found["bytecode"].imports < found["source"].imports


def test_what_is_sent_side_by_side_shares_the_line() -> None:
    clock, ends = VirtualClock(), dict[int, int]()
    line = Line(clock, 1_000, lambda part: ends.update({part: clock.now() - began}))
    began = clock.now()
    line.start(1, 1_000)
    clock.after(500, lambda: line.start(2, 1_000))
    clock.run()
    assert ends == {1: 1_500 + ANSWER_MS, 2: 2_000 + ANSWER_MS}
    assert line.moved() == 2_000


def test_what_was_stopped_is_never_stored() -> None:
    clock, ends = VirtualClock(), list[int]()
    line = Line(clock, 1_000, ends.append)
    line.start(1, 1_000)
    line.start(2, 1_000)
    clock.after(100, lambda: line.stop(1))
    clock.run()
    assert ends == [2]
    assert not line.stop(1)


def test_who_waits_lets_others_go_first() -> None:
    clock, told = VirtualClock(), list[str]()

    def slow() -> None:
        told.append("begun")
        clock.wait(10)
        told.append("ended")

    clock.begin(slow)
    clock.after(5, lambda: told.append("meanwhile"))
    clock.run()
    assert told == ["begun", "meanwhile", "ended"]


def test_a_crowd_that_comes_as_told_clashes_less_than_one_that_does_not() -> None:
    told, hasty = as_told(8), without_a_pause(8)
    assert told.retries < hasty.retries
    assert told.a_second < hasty.a_second
    assert row(told, hasty).startswith("| 8 |")


def test_a_short_run_writes_its_section(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text(MARKS)
    assert apart(_short_run, document) == 0
    written = document.read_text()
    assert all(part in written for part in ("| tickets |", "| clients |", "| cold start |"))


def _short_run(document: Path) -> int:
    """In a process of its own, so nothing need be put back."""
    server.DOCUMENT, server.PARTS = document, (100,)  # type: ignore[assignment]
    steps.BATCHES, steps.BATCH_S = 1, 0.001
    small = ["--rounds", "1", "--most", "1", "--boards", "1", "--package", f"{document}.none"]
    sys.argv = ["server", "--write", *small]
    return server.main()
