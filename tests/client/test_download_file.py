"""The file on its way: resumed from what lies on the disk, and given its name only when whole."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyhands.download import disk
from manyhands.download.part_file import PartFile, part_path
from manyhands.errors import (
    TargetBusy,
    TargetExists,
    TargetUnusable,
)
from tests.client.fake_board import content
from tests.client.fake_download import ID, manifest_of
from tests.client.part_files import DATA, MANIFEST, PART, opened, there, write


def test_it_lies_beside_its_target_and_bears_its_upload(tmp_path: Path) -> None:
    assert part_path(tmp_path / "film.mov", ID) == tmp_path / "film.mov.part-mq3x7tkd5y"


def test_the_longest_name_has_room_for_its_ending(tmp_path: Path) -> None:
    long = part_path(tmp_path / ("ü" * 125 + ".mov"), ID)
    assert len(long.name.encode()) <= 255
    opened(long).close()


def test_room_for_all_of_it_is_taken_at_the_start(path: Path) -> None:
    with opened(path):
        assert path.stat().st_size == len(DATA)
        assert path.stat().st_blocks * 512 >= len(DATA)


def test_a_new_file_has_nothing_to_check(path: Path) -> None:
    with opened(path) as file:
        assert file.content.candidates() == []


def test_only_where_data_lies_is_checked(path: Path) -> None:
    big = content(64 * PART)
    manifest = manifest_of(big, PART)
    with opened(path, manifest) as file:
        for part in (3, 60):
            write(file, part, big, manifest)
        assert file.content.candidates() == [3, 60]
        assert there(file) == {3, 60}


def test_what_matches_is_there_and_what_does_not_is_not(path: Path) -> None:
    with opened(path) as file:
        write(file, 1)
        write(file, 2, DATA[::-1])
        write(file, 6)
    with opened(path) as file:
        assert there(file) == {1, 6}


def test_a_system_that_knows_no_holes_checks_everything(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "SEEK_DATA")
    with opened(path) as file:
        write(file, 2)
        assert file.content.candidates() == [1, 2, 3, 4, 5, 6]
        assert there(file) == {2}


def test_a_system_that_takes_no_room_ahead_gives_the_length(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "posix_fallocate")
    with opened(path) as file:
        assert path.stat().st_size == len(DATA)
        write(file, 2)
        assert there(file) == {2}


def test_a_system_without_writes_at_a_place_writes_all_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "pwrite")
    monkeypatch.delattr(os, "pread")
    with opened(path) as file:
        for part in (6, 2, 1):
            write(file, part)
        assert there(file) == {1, 2, 6}


def test_a_death_at_any_write_leaves_just_the_parts_that_were_whole(tmp_path: Path) -> None:
    """The file is copied after each write; each copy is opened as if its process had died."""
    path, step = part_path(tmp_path / "film.mov", ID), PART // 4
    whole: set[int] = set()
    with opened(path) as file:
        writer = file.writer()
        for part in (4, 1, 6, 2):
            start, length = MANIFEST.plan.offset(part), MANIFEST.plan.length(part)
            for at in range(0, length, step):
                end = min(at + step, length)
                writer.write(memoryview(DATA)[start + at : start + end], start + at)
                whole |= {part} if end == length else set()
                copy = part_path(tmp_path / f"copy-{part}-{at}", ID)
                shutil.copyfile(path, copy)
                with opened(copy) as survivor:
                    assert there(survivor) == whole
        writer.close()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(DATA) - 1), st.integers(1, PART)), max_size=8))
def test_after_any_writes_and_a_power_loss_it_comes_to_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, damages: list[tuple[int, int]]
) -> None:
    """Some parts written, then ranges lost as zeros, then what is missing is written anew."""
    folder = tmp_path_factory.mktemp("loss")
    path = part_path(folder / "film.mov", ID)
    with opened(path) as file:
        for part in (1, 2, 3, 5, 6):
            write(file, part)
    with path.open("r+b") as raw:
        for start, length in damages:
            raw.seek(start)
            raw.write(bytes(min(length, len(DATA) - start)))
    with opened(path) as file:
        for part in set(range(1, 7)) - there(file):
            write(file, part)
        file.publish(folder / "film.mov", overwrite=False)
    assert (folder / "film.mov").read_bytes() == DATA


@pytest.mark.parametrize("size", [0, 1, PART, len(DATA) - 9])
def test_a_file_that_was_cut_is_made_long_again_and_keeps_what_it_has(
    path: Path, size: int
) -> None:
    path.write_bytes(DATA[:size])
    with opened(path) as file:
        assert there(file) == set(range(1, size // PART + 1))
        assert path.stat().st_size == len(DATA)


def _longer(path: Path) -> None:
    path.write_bytes(DATA + b"x")


def _link(path: Path) -> None:
    mine = path.with_name("mine")
    mine.write_bytes(b"mine")
    path.symlink_to(mine)


def _hard_link(path: Path) -> None:
    mine = path.with_name("mine")
    mine.write_bytes(b"mine")
    os.link(mine, path)


@pytest.mark.parametrize("stand", [_longer, _link, _hard_link, Path.mkdir])
def test_what_cannot_be_this_uploads_file_is_set_aside_and_kept(
    path: Path, stand: Callable[[Path], None]
) -> None:
    stand(path)
    before = os.lstat(path)
    moved: list[tuple[Path, Path]] = []
    with PartFile(path, MANIFEST, lambda old, new: moved.append((old, new))) as file:
        assert there(file) == set()
        write(file, 1)
    ((old, new),) = moved
    assert old == path
    assert os.path.samestat(os.lstat(new), before)
    assert not (path.with_name("mine")).exists() or path.with_name("mine").read_bytes() == b"mine"


def test_two_processes_never_write_the_same_file(path: Path) -> None:
    with opened(path) as file:
        write(file, 1)
        with pytest.raises(TargetBusy):
            opened(path)
        assert there(file) == {1}
    opened(path).close()


def test_a_disk_that_takes_little_at_once_gets_all_of_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda file, data, at: real(file, data[:1000], at))
    with opened(path) as file:
        write(file, 2)
        assert there(file) == {2}


def test_a_file_that_another_process_finished_while_we_waited_is_not_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = disk.lock

    def late(file: int) -> bool:
        path.rename(path.with_name("film.mov"))
        return lock(file)

    monkeypatch.setattr(disk, "lock", late)
    with pytest.raises(TargetBusy):
        opened(path)


def test_a_whole_file_gets_its_name_and_loses_the_other(tmp_path: Path, path: Path) -> None:
    with opened(path) as file:
        for part in range(1, 7):
            write(file, part)
        file.flush()
        file.publish(tmp_path / "film.mov", overwrite=False)
    assert (tmp_path / "film.mov").read_bytes() == DATA
    assert [p.name for p in tmp_path.iterdir()] == ["film.mov"]
    assert (tmp_path / "film.mov").stat().st_nlink == 1


def _no_links(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, "no hard links here")


@pytest.mark.parametrize("links", [True, False])
def test_another_file_is_never_taken_the_place_of(
    tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", _no_links)
    target = tmp_path / "film.mov"
    target.write_bytes(b"another")
    with opened(path) as file, pytest.raises(TargetExists, match="left alone"):
        file.publish(target, overwrite=False)
    assert target.read_bytes() == b"another"
    assert path.exists()
    target.unlink()
    with opened(path) as file:
        file.publish(target, overwrite=False)
    assert [p.name for p in tmp_path.iterdir()] == ["film.mov"]


def test_a_folder_at_the_target_is_never_taken_the_place_of(tmp_path: Path, path: Path) -> None:
    (tmp_path / "film.mov").mkdir()
    for overwrite in (True, False):
        with opened(path) as file, pytest.raises((TargetExists, TargetUnusable)):
            file.publish(tmp_path / "film.mov", overwrite=overwrite)
    assert path.exists()


def test_an_empty_file_is_whole_at_once(tmp_path: Path, path: Path) -> None:
    with opened(path, manifest_of(b"")) as file:
        assert there(file) == {1}
        file.publish(tmp_path / "empty", overwrite=False)
    assert (tmp_path / "empty").read_bytes() == b""
