"""``python -m tools.bytecode build/prod/deployment.zip``: the package, with its bytecode in it.

Lambda's code folder cannot be written to, so without it every cold start compiles all modules
again, a quarter of the processor's time until the function answers. The bytecode is not compared
with its source, whose time stamps the way to Lambda does not keep; a package is never edited. It
is of the Python that runs this, which is the one that Chalice names as the function's runtime; any
other would overlook it. A package that has its bytecode already stays as it is.
"""

import compileall
import sys
import tempfile
import zipfile
from pathlib import Path
from py_compile import PycInvalidationMode


def add_bytecode(package: Path) -> int:
    """How many modules were compiled into it. Raises RuntimeError for one that cannot be."""
    with tempfile.TemporaryDirectory() as name, zipfile.ZipFile(package) as archive:
        folder, there = Path(name), set(archive.namelist())
        archive.extractall(folder)
        _compile(folder)
        made = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.pyc")}
    new = {path: code for path, code in made.items() if path not in there}
    with zipfile.ZipFile(package, "a", zipfile.ZIP_DEFLATED) as archive:
        for path, code in sorted(new.items()):
            member = zipfile.ZipInfo(path)
            member.external_attr = 0o644 << 16
            archive.writestr(member, code, zipfile.ZIP_DEFLATED)
    return len(new)


def _compile(folder: Path) -> None:
    right = compileall.compile_dir(
        folder, quiet=1, stripdir=folder, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH
    )
    if not right:
        raise RuntimeError("not every module could be compiled")


if __name__ == "__main__":
    print(f"{add_bytecode(Path(sys.argv[1]))} modules compiled")
