"""Every planted bug is found; in how many seeds stands in ``build/mutation/``, a line for each."""

from pathlib import Path

import pytest

from tests.simulation.planted.hunting import PATCHES, hunt, kept


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.stem)
def test_a_planted_bug_is_found(patch: Path) -> None:
    found = hunt(patch)
    kept(found)
    print(found.line)
    assert found.seed >= 0, found.line


def test_there_are_enough_of_them() -> None:
    assert len(PATCHES) >= 15
