"""The mutation score: bugs planted on purpose, and how many seeds it takes to find each.

Each patch beside this file puts one bug into a copy of the server or of the client's engine; its
first line says which. A simulation that does not find it would not find the like of it in earnest.
A patch that no longer applies is an error: it must be written anew for the code as it is.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PATCHES = sorted(HERE.glob("*.patch"))
REPORT = ROOT / "build" / "mutation"
MOST = 10_000
"""Seeds for each bug."""

TIME_S = 110


@dataclass(frozen=True)
class Hunt:
    """``seed``: the first that fails, -1 for none; ``broke``: the invariant, or the error."""

    name: str
    title: str
    seed: int
    broke: str

    @property
    def line(self) -> str:
        return f"{self.name:<38} {self.seed + 1:>6} {self.broke:<20} {self.title}"


def hunt(patch: Path) -> Hunt:
    """Plant it in a copy and look for it. Raises CalledProcessError if it does not apply."""
    title = patch.read_text().partition("\n")[0]
    with tempfile.TemporaryDirectory() as folder:
        for package in ("chalicelib", "manyhands"):
            shutil.copytree(ROOT / package, Path(folder, package))
        apart = os.environ | {"GIT_CEILING_DIRECTORIES": str(Path(folder).parent)}
        subprocess.run(["git", "apply", str(patch)], cwd=folder, env=apart, check=True)
        seed, broke = _first_seed(folder)
    return Hunt(patch.stem, title, seed, broke)


def _first_seed(folder: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "tests.simulation.hunt", str(MOST)]
    here = os.environ | {"PYTHONPATH": str(ROOT)}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=here,
            check=True,
            capture_output=True,
            text=True,
            timeout=TIME_S,
        )
    except subprocess.TimeoutExpired:
        return -1, "not found in time"
    seed, _, broke = done.stdout.strip().partition("\t")
    return int(seed), broke


def kept(hunt: Hunt) -> None:
    """Put the result where the table is made of."""
    REPORT.mkdir(parents=True, exist_ok=True)
    (REPORT / f"{hunt.name}.txt").write_text(hunt.line + "\n")
