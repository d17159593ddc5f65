"""Whole stories: real command-line processes, the whole stack, one object at the end."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.demo.devices import Device, Spec
from local.demo.proof import composite
from local.stack import Stack
from tests.calls import HTTP, PART, Caller, File
from tests.calls import Device as Hand

PATIENCE_S = 90.0


@pytest.fixture
def devices(stack: Stack, tmp_path: Path) -> Iterator[Callable[[str, str, str], Device]]:
    """Signs devices in; whatever still runs at the end is killed."""
    made: list[Device] = []

    def sign_in(label: str, person: str, limit: str) -> Device:
        made.append(Device(Spec(label, person, limit), stack.url, tmp_path))
        return made[-1]

    yield sign_in
    for device in made:
        device.stop()


def a_file(folder: Path, size: int, name: str = "story.bin") -> Path:
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(os.urandom(size))
    return file


def opened(device: Device) -> str:
    """The id of the upload that the device works on."""
    return str(
        until(lambda: next((e for e in device.events() if e["event"] == "opened"), None))["upload"]
    )


def until(look: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def board(caller: Caller, upload: str) -> dict[str, Any]:
    found: dict[str, Any] = caller.get(f"/uploads/{upload}").body
    return found


def done(caller: Caller, upload: str) -> int:
    return int(board(caller, upload)["upload"]["parts_done"])


def brought(caller: Caller, upload: str) -> dict[str, int]:
    return {c["label"]: c["parts"] for c in board(caller, upload)["board"]["clients"]}


def stored_bytes(caller: Caller, upload: str) -> bytes:
    url = caller.get(f"/uploads/{upload}/download").body["url"]
    return HTTP.request("GET", url).data


def test_three_devices_one_killed_one_late_and_the_file_is_whole(
    ana: Caller, devices: Callable[..., Device], tmp_path: Path
) -> None:
    """The laptop is slow enough for the phone to come in time, however slowly it starts."""
    file = a_file(tmp_path, 12 * PART + 5)
    laptop, desktop = devices("laptop", "ana", "2M"), devices("desktop", "ben", "8M")
    phone = devices("phone", "ana", "6M")
    laptop.start(file, "film")
    desktop.start(file, "film")
    upload = opened(laptop)
    until(lambda: brought(ana, upload).get("desktop"))
    desktop.kill()
    phone.start(file, "film")
    assert laptop.wait(PATIENCE_S) == 0, laptop.complaint()
    assert phone.wait(PATIENCE_S) == 0, phone.complaint()
    assert all(brought(ana, upload)[label] for label in ("laptop", "desktop", "phone"))
    assert board(ana, upload)["upload"]["checksum"] == composite(file, PART)
    assert stored_bytes(ana, upload) == file.read_bytes()


def test_two_files_of_one_name_and_size_never_mix(
    ana: Caller, devices: Callable[..., Device], tmp_path: Path
) -> None:
    one = a_file(tmp_path / "one", 3 * PART)
    two = a_file(tmp_path / "two", 3 * PART)
    first, second = devices("first", "ana", "20M"), devices("second", "ben", "20M")
    first.start(one, "film")
    second.start(two, "film")
    assert (first.wait(PATIENCE_S), second.wait(PATIENCE_S)) == (0, 0)
    assert opened(first) != opened(second)
    assert stored_bytes(ana, opened(first)) == one.read_bytes()
    assert stored_bytes(ana, opened(second)) == two.read_bytes()


def test_a_client_that_says_done_without_sending_harms_nobody(
    ana: Caller, ben: Caller, devices: Callable[..., Device], tmp_path: Path
) -> None:
    file = a_file(tmp_path, 6 * PART, "lied.bin")
    upload = ana.post("/uploads", File(file.read_bytes(), "lied.bin").described()).body["upload"]
    liar = Hand(ben, upload["id"], "liar")
    lies = [t["part"] for t in liar.exchange(want=3).body["tickets"]]
    liar.exchange(done=lies)
    honest = devices("honest", "ana", "30M")
    honest.start(file, "film")
    assert honest.wait(PATIENCE_S) == 0, honest.complaint()
    assert brought(ana, upload["id"]) == {"liar": 0, "honest": 6}
    assert stored_bytes(ana, upload["id"]) == file.read_bytes()


def test_ctrl_c_gives_the_tickets_back_and_the_same_command_goes_on(
    ana: Caller, devices: Callable[..., Device], tmp_path: Path
) -> None:
    file = a_file(tmp_path, 6 * PART, "interrupted.bin")
    device = devices("patient", "ana", "6M")
    device.start(file, "film")
    upload = opened(device)
    until(lambda: done(ana, upload))
    device.signal(signal.SIGINT)
    assert device.wait(5) == 130
    (client,) = board(ana, upload)["board"]["clients"]
    kept = done(ana, upload)
    assert client["held"] == []
    device.start(file, "film")
    assert device.wait(PATIENCE_S) == 0, device.complaint()
    assert sum(e["event"] == "part_sent" for e in device.events()) == 6 - kept
    assert stored_bytes(ana, upload) == file.read_bytes()


def test_a_file_that_changes_on_the_way_is_noticed_and_nothing_wrong_is_stored(
    ana: Caller, devices: Callable[..., Device], tmp_path: Path
) -> None:
    file = a_file(tmp_path, 6 * PART, "changing.bin")
    device = devices("editor", "ana", "3M")
    device.start(file, "film")
    upload = opened(device)
    with file.open("r+b") as stream:
        stream.seek(5 * PART)
        stream.write(b"edited")
    assert device.wait(PATIENCE_S) == 1
    assert "changed" in device.complaint()
    assert board(ana, upload)["upload"]["status"] == "active"


def test_pausing_from_elsewhere_stops_a_device_and_resuming_lets_it_go_on(
    ana: Caller, ben: Caller, devices: Callable[..., Device], tmp_path: Path
) -> None:
    file = a_file(tmp_path, 20 * PART, "paused.bin")
    device = devices("sender", "ana", "10M")
    device.start(file, "film")
    upload = opened(device)
    until(lambda: done(ana, upload))
    ben.post(f"/uploads/{upload}/pause")
    until(lambda: not board(ana, upload)["board"]["clients"][0]["held"])
    at_rest = done(ana, upload)
    assert board(ana, upload)["upload"]["status"] == "paused"
    assert at_rest < 20
    ben.post(f"/uploads/{upload}/resume")
    assert device.wait(PATIENCE_S) == 0, device.complaint()
    assert stored_bytes(ana, upload) == file.read_bytes()


def test_a_file_with_several_pages_of_manifest_is_hashed_while_it_is_sent(
    ana: Caller, devices: Callable[..., Device], tmp_path: Path
) -> None:
    """130 parts, sparse: the second page comes when the first parts are on their way."""
    file = tmp_path / "long.bin"
    with file.open("wb") as stream:
        stream.truncate(129 * PART + 1)
    first, second = devices("one", "ana", "400M"), devices("two", "ana", "400M")
    first.start(file, "film")
    second.start(file, "film")
    assert first.wait(PATIENCE_S) == 0, first.complaint()
    assert second.wait(PATIENCE_S) == 0, second.complaint()
    view = board(ana, opened(first))["upload"]
    assert (view["parts"], view["parts_known"], view["status"]) == (130, 130, "complete")
    assert view["checksum"] == composite(file, PART)
    ana.delete(f"/uploads/{view['id']}")
