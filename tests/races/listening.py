"""At which addresses a process listens, as Linux says it."""

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

LISTENS = "0A"


def listening(pid: int) -> set[tuple[str, int]]:
    """TCP addresses and ports; those of IPv6 as hexadecimal text."""
    inodes = set(_sockets(pid))
    found = set()
    for table in ("tcp", "tcp6"):
        for row in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = row.split()
            if fields[3] == LISTENS and fields[9] in inodes:
                found.add(_address(fields[1]))
    return found


def _sockets(pid: int) -> Iterator[str]:
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            target = str(entry.readlink())
            if target.startswith("socket:["):
                yield target[8:-1]


def _address(text: str) -> tuple[str, int]:
    host, port = text.split(":")
    plain = socket.inet_ntoa(struct.pack("=I", int(host, 16))) if len(host) == 8 else host
    return plain, int(port, 16)
