"""The library's document is a session; here it is run, as it stands, against the whole stack."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_librarys_document_is_true(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.system.session", str(ROOT / "docs" / "library.md")],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert run.returncode == 0, run.stdout + run.stderr
