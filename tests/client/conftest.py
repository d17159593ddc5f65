"""What several tests of the client begin with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.commands import Command
from tests.client.fake_board import PART
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


def content(size: int) -> bytes:
    """Bytes that differ from part to part."""
    return b"".join(number.to_bytes(8, "big") for number in range(-(-size // 8)))[:size]
