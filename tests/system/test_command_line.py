"""What a person does at a terminal, against the whole stack: kill, resume, pause, many files."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.stack import Stack
from tests.calls import HTTP, PART, Caller
from tests.system.terminal import Command, Terminal

Sit = Callable[[str], Terminal]


@pytest.fixture
def sit(stack: Stack, tmp_path: Path) -> Iterator[Sit]:
    """Signs somebody in at a machine of their own."""
    terminals: list[Terminal] = []

    def down(person: str) -> Terminal:
        terminals.append(Terminal(stack.url, person, tmp_path / f"{person}-{len(terminals)}"))
        return terminals[-1]

    yield down
    for terminal in terminals:
        terminal.close()


def a_file(folder: Path, parts: float, name: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(os.urandom(int(parts * PART)))
    return path


def is_stored(caller: Caller, upload: str, file: Path) -> bool:
    url = caller.get(f"/uploads/{upload}/download").body["url"]
    return bool(HTTP.request("GET", url).data == file.read_bytes())


def opened(command: Command) -> str:
    """Also after it has ended."""
    found = command.events("opened") or command.until(lambda: command.events("opened"))
    return str(found[0]["upload"])


def went_on(before: Command, after: Command, parts: int) -> None:
    """Nothing that was sent before is sent again; of two lines the faster may repeat the last."""
    assert not set(before.parts()) & set(after.parts())
    assert {*before.parts(), *after.parts()} == set(range(1, parts + 1))


def test_an_upload_and_its_download_survive_three_kills_and_move_nothing_twice(
    sit: Sit, ana: Caller, tmp_path: Path
) -> None:
    terminal, film = sit("ana"), a_file(tmp_path, 12.3, "killed.mov")
    limit = ("--limit-rate", "12M", "--json")
    run = terminal.start("upload", str(film), "--group", "film", *limit)
    sent: list[int] = []
    for _ in range(3):
        run.until(lambda run=run: len(run.parts()) >= 2)
        run.kill()
        sent += run.parts()
        run = terminal.start("resume", "--json")
    assert run.code() == 0, run.err
    sent += run.parts()
    assert sorted(sent) == list(range(1, 14)), "no part that was finished was sent again"
    assert run.events("hashing")[-1]["bytes_hashed"] == film.stat().st_size
    upload = str(run.events("ended")[0]["upload"])
    assert is_stored(ana, upload, film)
    assert len(ana.get(f"/uploads/{upload}").body["board"]["clients"]) == 1, "one device, one row"

    copy = tmp_path / "copy.mov"
    fetch = terminal.start("download", upload, "-o", str(copy), *limit)
    fetched: list[int] = []
    for _ in range(3):
        fetch.until(lambda fetch=fetch: len(fetch.parts("part_fetched")) >= 2)
        fetch.kill()
        fetched += fetch.parts("part_fetched")
        assert not copy.exists(), "nothing stands there that is not whole"
        fetch = terminal.start("resume", "--json")
    assert fetch.code() == 0, fetch.err
    fetched += fetch.parts("part_fetched")
    assert len(fetched) == len(set(fetched)), "no part that was finished was fetched again"
    assert copy.read_bytes() == film.read_bytes()
    assert terminal.states() == ["done", "done"]


def test_pause_in_one_terminal_stops_the_transfer_in_another_after_the_part_in_flight(
    sit: Sit, ana: Caller, tmp_path: Path
) -> None:
    terminal, film = sit("ana"), a_file(tmp_path, 8, "paused.mov")
    run = terminal.start("upload", str(film), "--group", "film", "--limit-rate", "8M", "--json")
    run.until(lambda: len(run.parts()) >= 1)
    terminal.run("pause", "1")
    assert run.code() == 1
    assert "Paused" in run.events("failed")[0]["message"]
    (paused,) = terminal.transfers()
    assert (paused["state"], paused["own_bytes"]) == ("paused", len(run.parts()) * PART)
    board = ana.get(f"/uploads/{opened(run)}").body["board"]
    assert board["clients"][0]["held"] == []
    assert board["clients"][0]["parts"] == len(run.parts()), "all that is sent is reported"
    nothing = terminal.run("resume")
    assert "Nothing is suspended" in nothing.err, "only its user resumes what a user paused"
    again = terminal.run("resume", "1", "--json")
    assert sorted(run.parts() + again.parts()) == list(range(1, 9))
    assert terminal.states() == ["done"]


def test_terminated_it_is_suspended_and_begins_where_it_ended(
    sit: Sit, ana: Caller, tmp_path: Path
) -> None:
    terminal, film = sit("ana"), a_file(tmp_path, 6, "terminated.mov")
    run = terminal.start("upload", str(film), "--group", "film", "--limit-rate", "6M", "--json")
    run.until(lambda: run.parts())
    run.process.send_signal(signal.SIGTERM)
    assert run.code() == 143
    assert terminal.states() == ["suspended"]
    again = terminal.run("upload", str(film), "--group", "film", "--json")
    assert sorted(run.parts() + again.parts()) == list(range(1, 7))
    assert is_stored(ana, opened(run), film)


def test_a_second_process_does_not_carry_what_another_carries(sit: Sit, tmp_path: Path) -> None:
    terminal, film = sit("ana"), a_file(tmp_path, 6, "twice.mov")
    run = terminal.start("upload", str(film), "--limit-rate", "5M", "--json")
    opened(run)
    second = terminal.run("upload", str(film), code=252)
    assert "another process" in second.err
    assert "manyhands pause 1" in second.err
    assert run.code() == 0


def test_a_file_that_changed_between_two_runs_begins_anew_and_nothing_is_mixed(
    sit: Sit, ana: Caller, tmp_path: Path
) -> None:
    terminal, film = sit("ana"), a_file(tmp_path, 6, "changed.mov")
    run = terminal.start("upload", str(film), "--limit-rate", "6M", "--json")
    former = opened(run)
    run.until(lambda: run.parts())
    run.kill()
    a_file(tmp_path, 6, "changed.mov")
    again = terminal.run("resume", "--json")
    upload = again.events("ended")[0]["upload"]
    assert upload != former
    assert sorted(again.parts()) == list(range(1, 7))
    assert is_stored(ana, upload, film)
    ana.post(f"/uploads/{former}/cancel")


def test_folders_and_many_files_and_one_failure_stops_no_other(
    sit: Sit, ana: Caller, tmp_path: Path
) -> None:
    terminal = sit("ana")
    for name in ("a.bin", "deep/b.bin", "deep/er/c.bin"):
        a_file(tmp_path / "trip", 0.2, name)
    single = a_file(tmp_path, 0.1, "single.bin")
    missing = tmp_path / "missing.bin"
    names = [str(path) for path in (tmp_path / "trip", missing, single)]
    run = terminal.run("upload", "-r", *names, "--group", "film", "--at-once", "2", code=1)
    assert "There is no file" in run.err
    assert "4 done, 1 not." in run.err
    stored = {u["name"] for u in ana.get("/uploads?group=film").body["uploads"]}
    inside = {"trip - a.bin", "trip - deep - b.bin", "trip - deep - er - c.bin"}
    assert inside | {"single.bin"} <= stored


def test_help_is_given_with_the_same_file_only(sit: Sit, ana: Caller, tmp_path: Path) -> None:
    owner, helper = sit("ana"), sit("ben")
    film = a_file(tmp_path, 8, "helped.mov")
    run = owner.start("upload", str(film), "--group", "film", "--limit-rate", "2M", "--json")
    upload = opened(run)
    smaller, other = a_file(tmp_path, 7, "smaller"), a_file(tmp_path, 8, "other")
    for wrong in (smaller, other):
        refused = helper.run("help-with", upload, str(wrong), code=1)
        assert "is not the same file" in refused.err or "differs" in refused.err
    copy = tmp_path / "under another name"
    copy.write_bytes(film.read_bytes())
    helped = helper.run("help-with", upload, str(copy), "--json")
    assert run.code() == 0
    assert helped.parts(), "it brought something"
    clients = ana.get(f"/uploads/{upload}").body["board"]["clients"]
    assert [c["person"] for c in clients] == ["ana", "ben"]
    assert is_stored(ana, upload, film)


def test_cancel_and_rm_by_number_and_by_upload(sit: Sit, ana: Caller, tmp_path: Path) -> None:
    terminal, film = sit("ana"), a_file(tmp_path, 6, "cancelled.mov")
    run = terminal.start("upload", str(film), "--group", "film", "--limit-rate", "3M", "--json")
    upload = opened(run)
    run.until(lambda: run.parts())
    terminal.run("cancel", "1", code=252)
    terminal.run("cancel", "1", "--yes")
    assert run.code() == 1
    assert terminal.states() == ["cancelled"]
    assert ana.get(f"/uploads/{upload}").body["upload"]["status"] == "cancelled"
    small = a_file(tmp_path, 0.1, "small.bin")
    stored = terminal.run("upload", str(small), "--group", "film", "--json").events("ended")[0]
    terminal.run("rm", "1", "2")
    assert terminal.states() == []
    terminal.run("rm", stored["upload"], "--yes")
    assert ana.get(f"/uploads/{stored['upload']}/download").status == 404


def test_paused_for_everybody_from_a_machine_without_the_file(
    sit: Sit, ana: Caller, tmp_path: Path
) -> None:
    owner, other = sit("ana"), sit("ben")
    film = a_file(tmp_path, 6, "everybody.mov")
    run = owner.start("upload", str(film), "--group", "film", "--limit-rate", "6M", "--json")
    upload = opened(run)
    other.run("pause", upload)
    run.until(lambda: [e for e in run.events("status") if e["status"] == "paused"])
    other.run("resume", upload)
    assert run.code() == 0
    assert is_stored(ana, upload, film)


def test_two_lines_of_one_machine_are_two_clients_of_one_process(
    sit: Sit, ana: Caller, tmp_path: Path
) -> None:
    terminal, film = sit("ana"), a_file(tmp_path, 10, "two lines.mov")
    ways = ("--bind", "127.0.0.1", "--bind", "127.0.0.2", "--limit-rate", "12M")
    label = ("--label", "server", "--group", "film", "--json")
    run = terminal.start("upload", str(film), *ways, *label)
    upload = opened(run)
    run.until(lambda: len(run.parts()) >= 3)
    run.kill()
    again = terminal.run("resume", "--json")
    clients = ana.get(f"/uploads/{upload}").body["board"]["clients"]
    assert {c["label"] for c in clients} == {"server (127.0.0.1)", "server (127.0.0.2)"}
    assert all(c["parts"] for c in clients), "each way brought something"
    went_on(run, again, 10)
    assert again.events("ended")[0]["own_parts"] == len(set(again.parts()))
    assert is_stored(ana, upload, film)


def test_paused_both_lines_rest(sit: Sit, ana: Caller, tmp_path: Path) -> None:
    terminal, film = sit("ana"), a_file(tmp_path, 20, "two rest.mov")
    ways = ("--bind", "127.0.0.1", "--bind", "127.0.0.2", "--limit-rate", "8M", "--json")
    run = terminal.start("upload", str(film), "--group", "film", *ways)
    run.until(lambda: len(run.parts()) >= 2)
    terminal.run("pause", "1")
    assert run.code() == 1
    clients = ana.get(f"/uploads/{opened(run)}").body["board"]["clients"]
    assert [c["held"] for c in clients] == [[], []]
    assert sum(c["parts"] for c in clients) == len(run.parts())
    again = terminal.run("resume", "1", "--json")
    went_on(run, again, 20)
