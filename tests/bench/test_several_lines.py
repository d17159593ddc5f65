"""The benchmark of several lines runs, with a file that takes a moment."""

import subprocess
import sys


def test_three_devices_upload_one_file_over_three_lines() -> None:
    command = [sys.executable, "-m", "bench.several_lines", "--ours", "--only=steady", "--mib=24"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "| manyhands, 3 devices | steady | 25 |" in ran.stdout
