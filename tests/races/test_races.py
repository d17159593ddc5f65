"""64 threads on one board: on strict moto, and on what others made of DynamoDB and S3."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from chalicelib.adapters.dynamodb import DynamoManifests, DynamoUploads
from chalicelib.adapters.s3 import S3Parts
from chalicelib.domain.lifetime import Lifetime
from tests.adapters.cloud import Cloud, running
from tests.calls import PART, Caller, Device, File, send
from tests.races.others import Other, fresh_table
from tests.races.race import Race

THREADS, PARTS = 64, 64

Report = Callable[[str, object], None]


@pytest.fixture(scope="module")
def small_cloud() -> Iterator[Cloud]:
    """Strict moto, to which a part of 1 KiB is large enough."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("S3_UPLOAD_PART_MIN_SIZE", "1024")
        with running() as cloud:
            yield cloud


def _race(dynamodb: Any, table: str, s3: Any, bucket: str) -> Race:
    uploads = DynamoUploads(dynamodb, table, Lifetime())
    manifests = DynamoManifests(dynamodb, table)
    return Race(uploads, manifests, S3Parts(s3, bucket), THREADS, PARTS)


def test_many_threads_on_strict_moto(small_cloud: Cloud, record_property: Report) -> None:
    dynamodb = small_cloud.client("dynamodb")
    race = _race(dynamodb, small_cloud.fresh_table(), small_cloud.s3(), small_cloud.bucket)
    record_property("race", f"strict moto: {race.run()}")


def test_many_threads_on_dynalite(
    dynalite: Other, small_cloud: Cloud, record_property: Report
) -> None:
    client = dynalite.dynamodb()
    race = _race(client, fresh_table(client), small_cloud.s3(), small_cloud.bucket)
    record_property("race", f"dynalite: {race.run()}")


def test_many_threads_on_ministack(ministack: Other, record_property: Report) -> None:
    client = ministack.dynamodb()
    race = _race(client, fresh_table(client), ministack.s3(), ministack.bucket)
    record_property("race", f"ministack: {race.run()}")


def test_many_devices_by_http(ana: Caller, record_property: Report) -> None:
    file = File.of(11 * PART + 1, name="race.bin")
    id = ana.post("/uploads", file.described()).body["upload"]["id"]
    assert ana.put(f"/uploads/{id}/manifest/1", {"digests": file.page(1)}).status == 200
    devices = [Device(ana, id, f"device {n}") for n in range(16)]
    start = Barrier(len(devices))
    with ThreadPoolExecutor(len(devices)) as pool:
        told = sum(pool.map(lambda device: _work(device, file, start), devices))
    board = ana.get(f"/uploads/{id}").body
    assert board["upload"]["status"] in {"assembling", "complete"}
    assert board["upload"]["parts_done"] == 12
    assert sum(client["parts"] for client in board["board"]["clients"]) == 12
    record_property("race", f"by HTTP: 12 parts by 16 devices, {told} told to come again")


def _work(device: Device, file: File, start: Barrier) -> int:
    """Take, send, report until there is nothing; how often it was told to come again."""
    start.wait()
    done: list[int] = []
    told = 0
    for _ in range(60):
        answer = device.exchange(want=1, done=done)
        if answer.status == 503:
            told += 1
            continue
        assert answer.status == 200, answer.body
        tickets = answer.body["tickets"]
        if not tickets:
            return told
        done = [ticket["part"] for ticket in tickets]
        for ticket in tickets:
            assert send(ticket, file.part(ticket["part"])) == 200
    raise AssertionError("liveness: a device finds no end")
