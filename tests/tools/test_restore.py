"""Boards come back from a restored table, and what was lost with them is found in the storage."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters.dynamodb import DynamoUploads
from chalicelib.domain.lifetime import Lifetime
from chalicelib.domain.status import Status
from chalicelib.service.assembling import assemble
from tests.adapters.cloud import Cloud
from tests.contracts.samples import an_upload
from tests.service.world import ANA_CALLS, Device, World
from tools.restore import restore


@pytest.fixture
def tables(cloud: Cloud) -> tuple[Any, DynamoUploads, DynamoUploads, str, str]:
    client, source, live = cloud.client("dynamodb"), cloud.fresh_table(), cloud.fresh_table()
    kept = [DynamoUploads(client, name, Lifetime()) for name in (source, live)]
    return client, kept[0], kept[1], source, live


def test_what_is_missing_comes_back_and_what_is_there_stays(tables: Any) -> None:
    client, restored, live, source, table = tables
    lost, changed = an_upload(id="lost"), an_upload(id="changed")
    for each in (lost, changed):
        restored.add(each)
    live.add(replace(changed, reason="since then"))
    assert restore(client, source, table, over=False) == 1
    assert live.get("lost") == restored.get("lost")
    assert live.get("changed").reason == "since then"


def test_all_of_it_replaces_what_is_there_if_that_is_wanted(tables: Any) -> None:
    client, restored, live, source, table = tables
    restored.add(an_upload(id="changed"))
    live.add(replace(an_upload(id="changed"), reason="since then"))
    assert restore(client, source, table, over=True) == 1
    assert live.get("changed").reason == ""


def test_a_board_from_before_its_upload_was_joined_finds_the_object() -> None:
    world = World()
    device = Device(world, ANA_CALLS, bytes(500))
    id = device.create()[1].id
    device.send_all(id)
    before = world.upload(id)
    assemble(world.core, id)
    world.uploads.save(replace(before, version=world.upload(id).version))
    assert world.upload(id).status is Status.ASSEMBLING
    assemble(world.core, id)
    assert world.upload(id).status is Status.COMPLETE
