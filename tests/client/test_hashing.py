"""Reading and hashing the file, and noticing its changes."""

import hashlib
import os
import sys
import threading
from pathlib import Path

import pytest

from manyhands.errors import FileChanged, NoSuchFile, NotAFile, Unreadable
from manyhands.files.hashing import NICE, Digests, Hasher, digest_of
from manyhands.files.reader import PartReader, identify
from manyhands.parts import composite, plan_parts
from tests.client.fake_board import LIMITS, PART


def run(hasher: Hasher) -> None:
    hasher.start()
    hasher.join(10)


def test_digests_of_an_earlier_run_are_kept_as_far_as_they_go(film: Path) -> None:
    plan = plan_parts(film.stat().st_size, LIMITS)
    whole, parts, errors = Digests(plan), list[int](), list[Exception]()
    run(Hasher(film, identify(film), whole, parts.append, errors.append))
    again = Digests(plan, whole.prefix()[: 4 * 32 + 7])
    assert (again.known, again.get(4), again.get(5)) == (4, whole.get(4), None)
    assert again.prefix() == whole.prefix()[: 4 * 32]
    run(Hasher(film, identify(film), again, parts.append, errors.append))
    assert again.prefix() == whole.prefix()
    assert again.checksum == whole.checksum


def test_each_part_has_its_sha256_and_the_whole_its_checksum(film: Path) -> None:
    plan = plan_parts(film.stat().st_size, LIMITS)
    digests, parts, errors = Digests(plan), list[int](), list[Exception]()
    run(Hasher(film, identify(film), digests, parts.append, errors.append))
    data = film.read_bytes()
    expected = [hashlib.sha256(data[at : at + PART]).digest() for at in range(0, len(data), PART)]
    assert [digests.get(part) for part in range(1, plan.count + 1)] == expected
    assert digests.checksum == composite(expected)
    assert (sorted(parts), errors) == (list(range(1, 11)), [])


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority")
def test_hashing_ahead_is_nice_and_whoever_asked_for_it_is_not(film: Path) -> None:
    digests, nice, errors = Digests(plan_parts(film.stat().st_size, LIMITS)), [], list[Exception]()
    before = os.getpriority(os.PRIO_PROCESS, 0)

    def hashed(part: int) -> None:
        nice.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    run(Hasher(film, identify(film), digests, hashed, errors.append))
    assert set(nice) == {min(19, before + NICE)}
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


def test_a_page_is_known_only_when_all_its_parts_are(film: Path) -> None:
    digests = Digests(plan_parts(film.stat().st_size, LIMITS))
    with PartReader(film, identify(film)) as reader:
        for part in (1, 2, 4):
            digests.of(part, reader)
        assert digests.page(0) is None
        digests.of(3, reader)
    assert len(digests.page(0) or ()) == 4
    assert digests.page(1) is None
    assert digests.checksum == ""


def test_a_part_is_read_through_a_buffer_smaller_than_itself(film: Path) -> None:
    with PartReader(film, identify(film), buffer=1000) as reader:
        blocks = [bytes(block) for block in reader.blocks(PART, PART)]
        assert max(map(len, blocks)) <= 1000
        assert b"".join(blocks) == film.read_bytes()[PART : 2 * PART]
        assert digest_of(reader, 0, 0) == hashlib.sha256().digest()


def _append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def _cut(path: Path) -> None:
    os.truncate(path, 10)


def _touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


def _replace(path: Path) -> None:
    status = path.stat()
    other = path.with_suffix(".new")
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize("change", [_append, _cut, _touch, _replace, Path.unlink])
def test_a_file_that_changed_since_the_start_is_not_read_on(film: Path, change: object) -> None:
    identity = identify(film)
    with PartReader(film, identity) as reader:
        change(film)  # type: ignore[operator]
        with pytest.raises(FileChanged):
            digest_of(reader, 0, PART)


def test_a_file_that_changes_while_a_part_is_read_gives_no_digest(film: Path) -> None:
    with PartReader(film, identify(film), buffer=1000) as reader:
        blocks = reader.blocks(0, PART)
        next(blocks)
        _cut(film)
        with pytest.raises(FileChanged):
            list(blocks)


def test_the_hashing_thread_reports_a_change_instead_of_raising(film: Path) -> None:
    identity = identify(film)
    _append(film)
    errors: list[Exception] = []
    digests = Digests(plan_parts(identity.size, LIMITS))
    run(Hasher(film, identity, digests, lambda part: None, errors.append))
    assert [type(error) for error in errors] == [FileChanged]


def test_only_a_regular_file_that_is_there_can_be_uploaded(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    for name, error in {"pipe": NotAFile, "broken": NoSuchFile, "none": NoSuchFile}.items():
        with pytest.raises(error):
            identify(tmp_path / name)
    with pytest.raises(NotAFile, match="directory"):
        identify(tmp_path)
    with pytest.raises(Unreadable):
        identify(tmp_path / ("x" * 300))
