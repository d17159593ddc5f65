"""The benchmark of several lines runs, with a file that takes a moment."""

import subprocess
import sys


def measured(*options: str) -> str:
    command = [sys.executable, "-m", "bench.several_lines", "--ours", "--only=steady", *options]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_three_devices_upload_one_file_over_three_lines() -> None:
    """In namespaces, or where they are refused through a proxy: the text says which."""
    told = measured("--mib=24")
    assert told.startswith(("Measured in network namespaces.", "Measured through a shaping proxy,"))
    assert "| manyhands, 3 devices | steady | 25 |" in told


def test_through_a_proxy_they_do_so_too() -> None:
    told = measured("--proxy", "--mib=16")
    assert told.startswith("Measured through a shaping proxy, as was asked for.")
    assert "| manyhands, 3 devices | steady | 17 |" in told
