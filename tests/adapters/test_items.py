import base64
import random
import uuid
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.adapters.items import item_of, upload_of
from chalicelib.adapters.packing import pack, unpack_clients
from chalicelib.domain.board import Board, Client, Person
from chalicelib.domain.lifetime import DAY, HOUR, Lifetime, due_at
from chalicelib.domain.parts import MIB, PartPlan
from chalicelib.domain.status import ENDED, OPEN, Status
from chalicelib.domain.uploads import Assembly, NoticeState, Upload
from tests.contracts.samples import ANA, NOW, an_upload

LIFETIME = Lifetime()

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
filled = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
times = st.integers(0, 4_000_000_000_000)
numbers = st.integers(0, 2**53)
people = st.builds(Person, filled, texts)
clients = st.builds(
    Client,
    number=st.integers(1, 255),
    id=texts,
    person=people,
    label=texts,
    joined_at=times,
    seen_at=times,
    seq=numbers,
    rate=numbers,
    held=st.lists(st.integers(1, 10_000), max_size=64).map(tuple),
    fresh=st.integers(0, 64),
    parts=numbers,
    bytes=numbers,
    strikes=numbers,
    delivered_at=times,
    busy_since=times,
)
boards = st.builds(
    Board,
    plan=st.builds(PartPlan, numbers, st.integers(1, 2**40)),
    known=st.integers(0, 10_000),
    tickets=st.binary(max_size=300),
    clients=st.lists(clients, max_size=4).map(tuple),
    status=st.sampled_from(Status),
)
uploads = st.builds(
    Upload,
    id=filled,
    generation=numbers,
    group=filled,
    owner=people,
    name=texts,
    multipart_id=texts,
    board=boards,
    created_at=times,
    changed_at=times,
    touched_at=times,
    checksum=texts,
    reason=texts,
    foreign=st.booleans(),
    assembly=st.builds(Assembly, numbers, times),
    notice=st.sampled_from(NoticeState),
    warned_at=times,
    cleaned=st.booleans(),
    put_off=times,
    unsettled=numbers,
    version=numbers,
)

OWNER_AT_ONCE = Client(1, "a", ANA, "Firefox", joined_at=NOW, seen_at=NOW, delivered_at=NOW)
"""The owner, and a time that is the upload's own: both are left out of a client's row."""


@given(uploads)
@example(an_upload(board=Board(PartPlan(1, 1), 1, b"", (OWNER_AT_ONCE,))))
def test_an_upload_comes_back_from_its_item_as_it_was(upload: Upload) -> None:
    assert upload_of(item_of(upload, LIFETIME)) == upload


def test_items_that_know_a_foreign_object_only_by_its_sentence_are_understood() -> None:
    sentence = "The storage holds another object in this file's place. Please upload it once more."
    item = item_of(an_upload(Status.FAILED), LIFETIME) | {"reason": {"S": sentence}}
    assert "foreign" not in item
    assert upload_of(item).foreign


def test_a_client_that_was_written_before_its_idle_time_counted_can_be_read() -> None:
    before = [None, [3], 1, "a", "Firefox", 0, 5, 2, 0, 1, 4, 400, 0, 5]
    packed = pack(msgspec.json.encode([before]))
    (client,) = unpack_clients(packed, ANA, NOW)
    assert (client.held, client.delivered_at, client.busy_since) == ((3,), NOW + 5, 0)
    assert client.barren_since == NOW + 5


def test_the_status_stands_readable_where_the_stream_filter_looks() -> None:
    assert item_of(an_upload(Status.ASSEMBLING), LIFETIME)["status"] == {"S": "assembling"}


@pytest.mark.parametrize("status", Status)
def test_only_uploads_for_which_it_means_something_are_in_an_index(status: Status) -> None:
    upload = an_upload(status)
    item = item_of(upload, LIFETIME)
    assert ("listed" in item) is (status is not Status.DELETED)
    assert ("open_of" in item) is (status in OPEN)
    assert ("expires" in item) is (status in ENDED)
    assert ("due_at" in item) is ("due_in" in item) is (due_at(upload, LIFETIME) is not None)


def test_an_ended_upload_is_kept_for_thirty_days() -> None:
    item = item_of(an_upload(Status.CANCELLED, at=NOW), LIFETIME)
    assert item["expires"] == {"N": str((NOW + 30 * DAY) // 1000)}


def test_the_list_is_in_the_order_of_creation_as_text_too() -> None:
    early, late = an_upload(at=999), an_upload(at=1_700_000_000_000)
    assert _text(early, "listed") < _text(late, "listed")


def test_a_sign_of_life_moves_the_due_date_once_an_hour() -> None:
    upload = an_upload(at=NOW)
    dates = {
        _number(replace(upload, touched_at=NOW + minute * 60_000), "due_at") for minute in range(60)
    }
    assert len(dates) <= 2


@given(at=times)
def test_a_due_date_is_late_by_less_than_an_hour_and_never_early(at: int) -> None:
    upload = an_upload(at=at)
    exact = due_at(upload, LIFETIME)
    assert exact is not None
    assert 0 <= _number(upload, "due_at") - exact < HOUR


def test_the_due_date_of_an_assembly_is_exact() -> None:
    upload = an_upload(Status.ASSEMBLING, at=NOW + 1)
    assert _number(upload, "due_at") == due_at(upload, LIFETIME)


def test_an_exchange_on_one_gibibyte_and_three_clients_writes_one_unit_mostly() -> None:
    """Ids are of chance, and so is how well they pack; names are as long as people make them."""
    sizes = sorted(item_bytes(_busy(205, seed)) for seed in range(100))
    assert sizes[50] < 1024
    assert sizes[-1] < 1040


def test_a_board_of_ten_thousand_parts_is_a_few_kilobytes() -> None:
    assert item_bytes(_busy(parts=10_000)) < 5 * 1024


def _busy(parts: int, seed: int = 0) -> Upload:
    """As it looks nearly at the end: two devices of its owner, one of a friend."""
    dice = random.Random(seed)
    ana, ben = (Person(str(uuid.UUID(int=dice.getrandbits(128))), n) for n in ("ana", "ben"))
    tickets = bytes(dice.choice([1, 1, 2, 3]) if n < parts - 20 else 0 for n in range(parts))
    seats = enumerate([(ana, "Firefox on Pixel"), (ana, "Chrome on Linux"), (ben, "manyhands")], 1)
    plan = PartPlan(parts * 5 * MIB - 77, 5 * MIB)
    return Upload(
        id="a3k7" * 6 + "aa",
        generation=1,
        group=f"user:{ana.id}",
        owner=ana,
        name="Ferienfilm 2024, erster Schnitt.mov",
        multipart_id=_id(dice, 96),
        board=Board(plan, parts, tickets, tuple(_seat(dice, n, *s) for n, s in seats)),
        created_at=NOW,
        changed_at=NOW + 1_234,
        touched_at=NOW + 98_765,
        checksum=f"{_id(dice, 32)}=-{parts}",
        version=parts,
    )


def _id(dice: random.Random, count: int) -> str:
    return base64.urlsafe_b64encode(dice.randbytes(count)).decode().rstrip("=")


def _seat(dice: random.Random, number: int, person: Person, label: str) -> Client:
    return Client(
        number=number,
        id=_id(dice, 16),
        person=person,
        label=label,
        joined_at=NOW + dice.randrange(60_000),
        seen_at=NOW + dice.randrange(60_000),
        seq=dice.randrange(300),
        rate=dice.randrange(20_000_000),
        held=tuple(range(190 + 4 * number, 194 + 4 * number)),
        fresh=2,
        parts=dice.randrange(200),
        bytes=dice.randrange(1_000_000_000),
        delivered_at=NOW + dice.randrange(60_000),
        busy_since=NOW + dice.randrange(60_000),
    )


def item_bytes(upload: Upload) -> int:
    """What DynamoDB counts: names, and values by type. The write's mark is not in the item yet."""
    item = item_of(upload, LIFETIME) | {"mark": {"B": bytes(8)}}
    return sum(len(name) + _size(*value.popitem()) for name, value in item.items())


def _size(kind: str, value: Any) -> int:
    """Source: DynamoDB Developer Guide, "Item sizes and formats"."""
    if kind == "N":
        return len(value) // 2 + 2
    return {"S": lambda: len(value.encode()), "B": lambda: len(value)}.get(kind, lambda: 1)()


def _text(upload: Upload, name: str) -> str:
    return str(item_of(upload, LIFETIME)[name]["S"])


def _number(upload: Upload, name: str) -> int:
    return int(item_of(upload, LIFETIME)[name]["N"])
