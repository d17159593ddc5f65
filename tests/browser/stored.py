"""What lies in the storage in the end."""

from pathlib import Path

from tests.calls import HTTP, Caller


def find(caller: Caller, group: str, name: str) -> str:
    """The id of the newest upload of this name."""
    uploads = caller.get(f"/uploads?group={group}").body["uploads"]
    return next(str(u["id"]) for u in uploads if u["name"] == name)


def is_stored(caller: Caller, upload: str, file: Path) -> bool:
    """Whether the stored object is this file, byte for byte."""
    url = caller.get(f"/uploads/{upload}/download").body["url"]
    return bool(HTTP.request("GET", url).data == file.read_bytes())


def devices(caller: Caller, upload: str) -> dict[str, int]:
    """How many parts each device brought."""
    board = caller.get(f"/uploads/{upload}").body["board"]
    return {c["label"]: c["parts"] for c in board["clients"]}
