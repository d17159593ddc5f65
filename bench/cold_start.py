"""How the API's function starts: modules imported, and processor time, in fresh interpreters.

As in Lambda: the package lies in a folder of its own that is never written to, so what bytecode it
lacks is made anew each time; the SDK is the runtime's own and has its bytecode. The runtime's own
work, the download of the package and its unpacking cannot be measured here.
"""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import msgspec

from bench.function import SETTINGS
from bench.peers import ROOT

RUNTIMES_OWN = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "six.py")
OURS = ("app.py", "chalicelib")
CARRIED = (
    *("chalice", "jwt", "msgspec", "cryptography", "_cffi_backend"),
    *("aws_lambda_powertools", "typing_extensions"),
)
BYTECODE = "__pycache__"

START = """
import json, sys, time
began, there = time.process_time(), len(sys.modules)
import app
imported, modules = time.process_time(), len(sys.modules)
from chalicelib import wiring
wiring.tokens()
core = wiring.core()
clients = time.process_time()
core.store.sign_put("uploads/a/1", "id", 1, 1, "d")
print(json.dumps([modules - there, imported - began, clients - imported,
                  time.process_time() - clients]))
"""


@dataclass(frozen=True, slots=True)
class Start:
    """Processor time in ms; ``first_url``: what the first signed URL takes."""

    modules: int
    imports: float
    clients: float
    first_url: float

    @property
    def whole(self) -> float:
        return self.imports + self.clients + self.first_url


def starts(package: Path | None, rounds: int) -> dict[str, Start]:
    """With bytecode and without, in turn. Without a package: our own code, others' from here."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folders = {kind: _task(Path(name), kind, package) for kind in ("source", "bytecode")}
        sdk = _sdk(Path(name) / "sdk")
        runs: dict[str, list[Start]] = {kind: [] for kind in folders}
        for _ in range(rounds):
            for kind, folder in folders.items():
                runs[kind].append(_start(folder, sdk))
    return {kind: _median(found) for kind, found in runs.items()}


def _task(parent: Path, kind: str, package: Path | None) -> Path:
    folder = parent / kind
    if package:
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder)
    else:
        folder.mkdir()
        for name in OURS:
            _copy(ROOT / name, folder / name)
        for name in CARRIED:
            for found in _site().glob(f"{name}*"):
                if not found.name.endswith(".dist-info"):
                    _copy(found, folder / found.name)
    _set_bytecode(folder, wanted=kind == "bytecode")
    return folder


def _copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-r", str(source), str(target)], check=True)


def _set_bytecode(folder: Path, *, wanted: bool) -> None:
    for path in folder.rglob(f"{BYTECODE}/*"):
        path.unlink()
    if wanted:
        made = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
        subprocess.run([*made, str(folder)], check=True)


def _sdk(folder: Path) -> Path:
    folder.mkdir()
    for name in RUNTIMES_OWN:
        (folder / name).symlink_to(_site() / name)
    return folder


def _site() -> Path:
    """Where this interpreter's packages are."""
    return Path(msgspec.__file__).parents[1]


def _start(folder: Path, sdk: Path) -> Start:
    environment = SETTINGS | {"PATH": os.environ["PATH"], "PYTHONPATH": f"{folder}:{sdk}"}
    ran = subprocess.run(
        [sys.executable, "-S", "-B", "-c", START],
        env=environment,
        cwd=folder,
        capture_output=True,
        check=True,
    )
    modules, *seconds = json.loads(ran.stdout)
    return Start(modules, *(each * 1000 for each in seconds))


def _median(found: list[Start]) -> Start:
    return Start(
        found[0].modules,
        median(each.imports for each in found),
        median(each.clients for each in found),
        median(each.first_url for each in found),
    )


def sizes(package: Path) -> Mapping[str, int]:
    """Bytes: of the package, unpacked, and of its largest thing."""
    with zipfile.ZipFile(package) as archive:
        found: dict[str, int] = {}
        for member in archive.infolist():
            name = member.filename.split("/")[0]
            found[name] = found.get(name, 0) + member.file_size
    largest = max(found, key=lambda name: found[name])
    return {
        "packed": package.stat().st_size,
        "unpacked": sum(found.values()),
        largest: found[largest],
    }
