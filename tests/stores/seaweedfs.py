"""SeaweedFS: a storage that people run, all of its servers in one process, for a test.

It takes no port that is free by itself, so eight are looked up first; whoever loses one of them in
between is started once more. What it leaves in the system's temporary folder whatever it is told,
its sockets, is removed here. It would tell its makers how it is used; here it does not.
"""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import urllib3

from tests.races.listening import listening
from tests.races.others import KEY, PYTHON, SECRET, Other

WEED = PYTHON.parent / "weed"
SERVERS = ("master", "volume", "filer", "s3")
STARTS, LOOKS = 3, 300


@contextmanager
def seaweedfs(home: Path) -> Iterator[Other]:
    for number in range(STARTS):
        ports = _free_ports(2 * len(SERVERS))
        process = _started(home / str(number), ports)
        try:
            url = f"http://127.0.0.1:{ports[-2]}"
            if _answers(process, url):
                assert {host for host, _ in listening(process.pid)} == {"127.0.0.1"}
                yield Other(url)
                return
        finally:
            process.terminate()
            process.wait(30)
            for port in ports:
                for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
                    left.unlink()
    raise AssertionError("SeaweedFS does not begin")


def _started(home: Path, ports: list[int]) -> "subprocess.Popen[bytes]":
    home.mkdir()
    who = {"name": "test", "credentials": [{"accessKey": KEY, "secretKey": SECRET}]}
    allowed = who | {"actions": ["Admin", "Read", "Write", "List", "Tagging"]}
    (home / "s3.json").write_text(json.dumps({"identities": [allowed]}))
    pairs = zip(SERVERS, ports[::2], ports[1::2], strict=True)
    given = [f"-{n}.port{k}={p}" for n, a, b in pairs for k, p in (("", a), (".grpc", b))]
    place = ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={home}", f"-s3.config={home}/s3.json"]
    small = ["-volume.max=80", "-master.volumeSizeLimitMB=64", "-master.telemetry=false"]
    others = ["-s3.port.iceberg=0", "-s3.port.lance=0"]
    with (home / "log").open("wb") as log:
        return subprocess.Popen(
            [WEED, "server", "-filer", "-s3", *place, *given, *small, *others],
            cwd=home,
            env={"HOME": str(home), "TMPDIR": str(home)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def _answers(process: "subprocess.Popen[bytes]", url: str) -> bool:
    """As soon as the S3 server refuses whoever has no key; False if the process ended."""
    for _ in range(LOOKS):
        if process.poll() is not None:
            return False
        try:
            if urllib3.request("GET", url, retries=False, timeout=5).status in {200, 403}:
                return True
        except urllib3.exceptions.HTTPError:
            pass
        time.sleep(0.1)
    return False


def _free_ports(many: int) -> list[int]:
    with ExitStack() as held:
        bound = [held.enter_context(socket.socket()) for _ in range(many)]
        for each in bound:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in bound]
