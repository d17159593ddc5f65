"""The networks that the tests make leave nothing behind, even if they are refused half way."""

import os
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from tools.network import NAMESPACES, Network, NetworkRefused


@pytest.fixture(autouse=True)
def _possible() -> None:
    try:
        with Network():
            pass
    except NetworkRefused as refused:
        pytest.skip(f"this machine makes no networks: {refused}")


def left() -> list[str]:
    return [found.name for found in NAMESPACES.glob(f"mh{os.getpid()}n*")]


def refuse(what: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on ``ip`` refuses such a command."""
    real = shutil.which("ip")
    ip = folder / "ip"
    ip.write_text(f'#!/bin/sh\ncase "$*" in *"{what}"*) exit 1;; esac\nexec {real} "$@"\n')
    ip.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


def test_a_hub_that_comes_to_nothing_half_way_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse("type bridge", tmp_path, monkeypatch)
    with pytest.raises(subprocess.CalledProcessError), Network():
        pass
    assert left() == []


def test_a_line_that_comes_to_nothing_half_way_is_removed_with_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(subprocess.CalledProcessError), Network() as network:
        network.line()
        refuse("near up", tmp_path, monkeypatch)
        network.line()
    assert left() == []


def test_a_line_has_another_address_as_often_as_it_is_asked_for_one() -> None:
    with Network() as network:
        first, second = network.line(), network.line()
        had = [first.address]
        for _ in range(12):
            first.readdress()
            had.append(first.address)
        assert all(a != b for a, b in pairwise(had))
        assert second.address not in had
        assert all(0 < int(address.rpartition(".")[2]) < 255 for address in had)
    assert left() == []
