"""Downloads that tests begin, and stop on the way."""

from pathlib import Path

import pytest

from manyhands.download.rules import Rules
from manyhands.errors import (
    Stopped,
)
from manyhands.events import PartFetched
from tests.client.fake_board import PART, content
from tests.client.fake_download import DownloadService, Fetch
from tests.client.runs import HASTE

FILM = content(9 * PART + 1234)

ONE_LANE = Rules(connections=1, first=1, backoff=HASTE)


def part_files(folder: Path) -> list[Path]:
    return list(folder.glob("*.part-*"))


def stop_after(fetch: Fetch, parts: int) -> None:
    def stop(event: object) -> None:
        if isinstance(event, PartFetched) and len(fetch.told(PartFetched)) == parts:
            fetch.runner.stop(2)

    fetch.hooks.append(stop)


def interrupted(stored: DownloadService, folder: Path, parts: int = 3) -> Fetch:
    """A run that was stopped after so many parts."""
    fetch = Fetch(stored, folder, rules=ONE_LANE)
    stop_after(fetch, parts)
    with pytest.raises(Stopped) as stopped:
        fetch.go()
    assert stopped.value.exit_code == 130
    assert "has arrived is kept" in stopped.value.message
    return fetch
