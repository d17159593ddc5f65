"""The page's own tests, which need no browser."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_pages_core_passes_its_tests_in_node() -> None:
    node = shutil.which("node")
    assert node, "Node.js 18 or newer is needed for these tests (Debian: apt-get install nodejs)"
    files = sorted(str(path) for path in (ROOT / "tests" / "frontend").glob("*.test.js"))
    done = subprocess.run([node, "--test", *files], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
