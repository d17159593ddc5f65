"""What the null server remembers: which parts came, not what was in them.

The processes of the server share a folder, because whoever lists the parts is seldom the process
that took them. An upload is one file, its first line what it was begun with, then a line for each
part; appending a short line is atomic, so there is no lock. An object is one small file. That is
little beside the bytes of a part, and it lets the real service assemble: it compares S3's list
with its manifest before it says that an upload is complete.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec


class Part(msgspec.Struct, frozen=True):
    """``sha256``: as the client claimed it, in base64; "" if it claimed none."""

    number: int
    size: int
    etag: str
    sha256: str


class Thing(msgspec.Struct, frozen=True):
    """An object, or what an upload is to become. ``said``: the headers that it is returned with."""

    key: str
    said: dict[str, str]
    size: int = 0
    etag: str = ""
    sha256: str = ""


class Ledger:
    """Of one folder. Parts and objects that are not there raise FileNotFoundError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, key: str, said: Mapping[str, str]) -> str:
        """A new multipart upload; its id."""
        upload = secrets.token_hex(16)
        (self._folder / upload).write_bytes(_line(Thing(key, dict(said))))
        return upload

    def add(self, upload: str, part: Part) -> None:
        with (self._folder / upload).open("ab", buffering=0) as file:
            file.write(_line(part))

    def parts(self, upload: str) -> list[Part]:
        """In order; of a part that came twice, the later one."""
        _, *lines = (self._folder / upload).read_bytes().splitlines()
        parts = [msgspec.json.decode(line, type=Part) for line in lines]
        return [part for _, part in sorted({part.number: part for part in parts}.items())]

    def join(self, upload: str) -> Thing:
        """The object of all parts that came."""
        first, *_ = (self._folder / upload).read_bytes().splitlines()
        begun, parts = msgspec.json.decode(first, type=Thing), self.parts(upload)
        size = sum(part.size for part in parts)
        etag, sha256 = f"{upload}-{len(parts)}", composite(parts)
        joined = Thing(begun.key, begun.said, size, etag, sha256)
        self.put(joined)
        self.abort(upload)
        return joined

    def abort(self, upload: str) -> None:
        (self._folder / upload).unlink(missing_ok=True)

    def put(self, thing: Thing) -> None:
        self._path(thing.key).write_bytes(_line(thing))

    def find(self, key: str) -> Thing:
        return msgspec.json.decode(self._path(key).read_bytes(), type=Thing)

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"object-{hashlib.sha256(key.encode()).hexdigest()}"


def composite(parts: list[Part]) -> str:
    """S3's checksum of checksums; "" unless every part has one."""
    if not all(part.sha256 for part in parts):
        return ""
    whole = hashlib.sha256(b"".join(base64.b64decode(part.sha256) for part in parts))
    return f"{base64.b64encode(whole.digest()).decode()}-{len(parts)}"


def _line(record: Part | Thing) -> bytes:
    return msgspec.json.encode(record) + b"\n"
