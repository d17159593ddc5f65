"""The page in another engine: one file goes from choosing to stored."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from local.stack import Stack
from tests.browser.stored import find, is_stored
from tests.calls import PART, Caller

SCRIPT = Path(__file__).with_name("firefox.mjs")
NODE = Path(sys.prefix) / "bin" / "node"


def firefox() -> str:
    found = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if found:
        return found
    if os.environ.get("CI"):
        raise AssertionError("CI needs a Firefox: apt-get install firefox-esr, or set FIREFOX")
    pytest.skip("no Firefox here (apt-get install firefox-esr); Chromium has run all of it")


def test_a_file_is_uploaded_with_firefox(
    stack: Stack, ana: Caller, file: Callable[..., Path]
) -> None:
    film = file(2 * PART + 5, "from firefox.mov")
    done = subprocess.run(
        [NODE, SCRIPT, firefox(), stack.url, film], capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    assert "Firefox on Linux" in done.stdout
    personal = ana.get("/me").body["groups"][0]["id"]
    assert is_stored(ana, find(ana, personal, "from firefox.mov"), film)
