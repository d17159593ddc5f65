"""The table of the benchmarks does what the adapters need, and keeps DynamoDB's own bill."""

from dataclasses import replace

import pytest

from bench.boards import half_done
from bench.function import function
from bench.table import Client, Table, size_of
from chalicelib.adapters.dynamodb import DynamoUploads
from chalicelib.domain.lifetime import Lifetime
from chalicelib.domain.uploads import Upload
from chalicelib.ports import Beaten
from tests.bench.apart import apart
from tests.contracts.samples import an_upload

ID = {"pk": {"S": "a"}, "sk": {"S": "BOARD"}}
NEW = {"ConditionExpression": "attribute_not_exists(pk)"}


def put(table: Table, item: dict[str, dict[str, object]]) -> int:
    """Its units."""
    before = table.bill["WRU"]
    table.answer("PutItem", {"Item": ID | item, "ConditionExpression": "#v = :v"} | CHANGED)
    return table.bill["WRU"] - before


CHANGED = {
    "ConditionExpression": "attribute_not_exists(pk) OR #v = :v",
    "ExpressionAttributeNames": {"#v": "v"},
    "ExpressionAttributeValues": {":v": {"N": "1"}},
}
OLD = {"v": {"N": "1"}}


@pytest.mark.parametrize(("more", "units"), [(0, 1), (1_000, 1), (1_011, 2), (9_000, 9)])
def test_a_write_costs_a_unit_for_each_kb_begun(more: int, units: int) -> None:
    assert put(Table(), OLD | {"b": {"B": b"x" * more}}) == units


def test_a_write_over_a_larger_item_costs_what_the_larger_does() -> None:
    table = Table()
    put(table, OLD | {"b": {"B": b"x" * 5_000}})
    assert put(table, OLD) == 5


def test_what_enters_moves_within_and_leaves_an_index_costs_more() -> None:
    table = Table()
    due = {"due_in": {"S": "due"}, "due_at": {"N": "1"}}
    costs = [put(table, OLD | each) for each in ({}, due, due, due | {"due_at": {"N": "2"}}, {})]
    assert costs == [1, 2, 1, 3, 2]


def test_bytes_count_the_same_in_either_notation() -> None:
    assert size_of({"b": {"B": b"x" * 300}}) == size_of({"b": {"B": "x" * 400}}) == 301


def test_of_two_that_write_over_one_version_one_is_beaten() -> None:
    table = Table()
    uploads = DynamoUploads(Client(table), "table", Lifetime())  # type: ignore[arg-type]
    first = uploads.add(an_upload())
    second = uploads.save(replace(first, touched_at=first.touched_at + 1))
    with pytest.raises(Beaten) as beaten:
        uploads.save(first)
    assert beaten.value.current == second == uploads.get(first.id)
    assert (table.bill["PutItem"], table.bill["refused"]) == (3, 1)


def test_behind_real_clients_it_is_the_same_table() -> None:
    stored, read, standing, manifest = apart(_behind_real_clients)
    assert stored == read == standing
    assert len(manifest) == 300 * 32


def _behind_real_clients() -> tuple[Upload, Upload | None, Upload | None, bytes]:
    with function() as api:
        uploads, upload = api.core.uploads, half_done(api.core, 300, 2)
        try:
            uploads.save(replace(upload, version=7))
        except Beaten as beaten:
            standing = beaten.current
        return upload, uploads.get(upload.id), standing, api.core.manifests.whole(upload.id, 1)
