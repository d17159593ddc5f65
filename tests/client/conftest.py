"""What several tests of the client begin with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from manyhands.download.part_file import part_path
from tests.client.commands import Command
from tests.client.download_runs import FILM
from tests.client.fake_board import PART, content
from tests.client.fake_download import ID, DownloadService, Stored
from tests.client.fake_service import FakeService
from tests.client.runs import signed_in


@pytest.fixture
def service() -> Iterator[FakeService]:
    with FakeService().running() as running:
        yield running


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A file of 10 parts, the last one short, no two alike."""
    path = tmp_path / "film.mov"
    path.write_bytes(content(9 * PART + 1234))
    return path


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Command:
    monkeypatch.setenv("MANYHANDS_HOME", str(tmp_path / "home"))
    return Command(capsys)


@pytest.fixture
def member(service: FakeService, tmp_path: Path, command: Command) -> Command:
    signed_in(service, tmp_path)
    return command


@pytest.fixture
def stored() -> Iterator[DownloadService]:
    """A service with one stored film."""
    with DownloadService(Stored(FILM)).running() as running:
        assert isinstance(running, DownloadService)
        yield running
        running.go_on.set()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where downloads go."""
    made = tmp_path / "films"
    made.mkdir()
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a download is while it is on its way."""
    return part_path(tmp_path / "film.mov", ID)
