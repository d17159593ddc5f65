"""What is deployed starts from its bytecode."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools.bytecode import add_bytecode

BEFORE, AFTER = "print('as packaged')\n", "print('compiled again')\n"


def package(path: Path, source: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner/__init__.py", "")
        archive.writestr("inner/module.py", source)
    return path


def test_a_module_runs_from_the_packages_bytecode(tmp_path: Path) -> None:
    """Its source is changed behind it: who compiles would say so."""
    archive = package(tmp_path / "a.zip", BEFORE)
    assert add_bytecode(archive) == 2
    zipfile.ZipFile(archive).extractall(tmp_path / "task")
    (tmp_path / "task" / "inner" / "module.py").write_text(AFTER)
    ran = subprocess.run(
        [sys.executable, "-B", "-c", "import inner.module"],
        cwd=tmp_path / "task",
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "as packaged\n"


def test_bytecode_is_added_once(tmp_path: Path) -> None:
    archive = package(tmp_path / "a.zip", BEFORE)
    add_bytecode(archive)
    before = archive.read_bytes()
    assert add_bytecode(archive) == 0
    assert archive.read_bytes() == before


def test_a_module_that_cannot_be_compiled_is_not_deployed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="not every module"):
        add_bytecode(package(tmp_path / "a.zip", "def ("))
