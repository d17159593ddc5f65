"""What every run needs: a file in memory, a signed-in person, and nothing of the person's own.

The file is of random bytes, made once under ``build/bench`` and read once, so that no run waits for
the disk. The environment is the same for everybody but for what a peer's documents ask for.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.peers import ROOT
from local.people import PASSWORD
from local.strict.gate import KEY, SECRET

MIB = 1 << 20
PERSON = "ana"
KEYS = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}


def sign_in(service: str, environment: Mapping[str, str], via: Sequence[str] = ()) -> None:
    """By password, from where ``via`` leads."""
    command = [*via, sys.executable, "-m", "manyhands", "login", service, "--username", PERSON]
    subprocess.run(
        [*command, "--password-stdin"],
        input=PASSWORD.encode(),
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def environment(own: Mapping[str, str], places: Mapping[str, str]) -> dict[str, str]:
    """``own`` with its places filled in; what is empty is left out. {folder} is home."""
    common = {
        "PATH": os.environ["PATH"],
        "HOME": "{folder}",
        "MANYHANDS_HOME": "{folder}/manyhands",
        "SSL_CERT_FILE": "{trust}",
        "AWS_REGION": "eu-central-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    filled = {k: v.format(**places) for k, v in (common | KEYS | dict(own)).items()}
    return {name: value for name, value in filled.items() if value}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def file_of(size: int) -> Path:
    """Of so many bytes, whole MiB."""
    path = ROOT / "build" / "bench" / f"{size}.bin"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.stat().st_size != size:
        with path.open("wb") as file:
            file.writelines(os.urandom(MIB) for _ in range(size // MIB))
    for _ in _blocks(path):
        pass
    return path


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(MIB):
            yield block
