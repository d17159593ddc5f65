"""Ids that were guessed, borrowed or used before."""

import random
import secrets

import pytest

from chalicelib.adapters.dynamodb import DynamoUploads
from chalicelib.domain.lifetime import Lifetime
from local.stack import Stack
from tests.calls import PART, Caller, Device, File
from tests.security.conftest import newcomer

LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


@pytest.fixture
def file() -> File:
    return File.of(3 * PART, name="theirs.mov")


@pytest.fixture
def upload(dora: Caller, file: File) -> str:
    return str(dora.post("/uploads", file.described()).body["upload"]["id"])


def test_neighbours_of_an_id_and_guesses_are_nobodys(stack: Stack, upload: str) -> None:
    """130 bits of a hash: asked of the table itself, since the API would only be slower."""
    table = stack.resources.references.ref("Table")
    uploads = DynamoUploads(stack.client("dynamodb"), table, Lifetime())
    near = [f"{upload[:at]}{c}{upload[at + 1 :]}" for at in range(26) for c in LETTERS[::8]]
    guessed = ["".join(random.Random(seed).choices(LETTERS, k=26)) for seed in range(100)]
    found = [id for id in {*near, *guessed} - {upload} if uploads.get(id)]
    assert (found, uploads.get(upload) is None) == ([], False)


def test_who_knows_file_and_group_but_is_not_in_it_joins_nothing(
    cleo: Caller, upload: str, file: File
) -> None:
    assert cleo.post("/uploads", file.described()).code == "not_in_group"
    own = cleo.post("/uploads", file.described(group="lab")).body
    assert (own["outcome"], own["upload"]["id"] == upload) == ("created", False)
    cleo.post(f"/uploads/{own['upload']['id']}/cancel")


@pytest.mark.parametrize("name", ["theirs.mov,4:film", "film,10:theirs.mov"])
def test_no_name_makes_the_id_of_another_file(
    dora: Caller, upload: str, file: File, name: str
) -> None:
    made = dora.post("/uploads", file.described(name=name)).body["upload"]["id"]
    assert made != upload
    dora.post(f"/uploads/{made}/cancel")


def test_a_personal_group_is_not_to_be_had_by_its_name(stack: Stack, dora: Caller) -> None:
    personal = dora.get("/me").body["groups"][0]["id"]
    assert personal.startswith("user:")
    cognito, pool = stack.client("cognito-idp"), stack.resources.references.ref("Pool")
    cognito.create_group(UserPoolId=pool, GroupName=personal)
    thief = newcomer(stack, personal)
    cognito.delete_group(UserPoolId=pool, GroupName=personal)
    assert thief.get(f"/uploads?group={personal}").code == "not_in_group"
    assert thief.post("/uploads", File.of(1, group=personal).described()).code == "not_in_group"


def test_a_cursor_of_another_group_shows_nothing_of_it(
    stack: Stack, dora: Caller, cleo: Caller
) -> None:
    for _ in range(2):
        dora.post("/uploads", File.of(9, name=f"{secrets.token_hex(4)}.mov").described())
    cursor = dora.get("/uploads?group=film&limit=1").body["next"]
    seen = cleo.get(f"/uploads?group=lab&cursor={cursor}").body["uploads"]
    assert {u["group"] for u in seen} <= {"lab"}
    assert cleo.get(f"/uploads?group=film&cursor={cursor}").code == "not_in_group"


def test_a_client_id_is_its_first_users_and_of_its_own_upload_only(
    dora: Caller, ben: Caller, upload: str
) -> None:
    mine = Device(dora, upload)
    part = mine.exchange(want=1).body["tickets"][0]["part"]
    thief = Device(ben, upload)
    thief.client, thief.seq = mine.client, 100
    for said in ({"done": [part]}, {"holding": [part]}, {"want": 1}, {}):
        assert thief.exchange(**said).code == "client_taken"
    assert mine.exchange(holding=[part]).body["revoked"] == [], "nothing was taken from it"

    other = dora.post("/uploads", File.of(PART).described()).body["upload"]["id"]
    elsewhere = Device(dora, other)
    elsewhere.client = mine.client
    assert elsewhere.exchange(done=[part]).code == "ticket_not_taken"


def test_what_another_client_took_is_not_ones_own_to_report(
    dora: Caller, ben: Caller, upload: str
) -> None:
    taken = Device(dora, upload).exchange(want=1).body["tickets"][0]["part"]
    other = Device(ben, upload)
    assert other.exchange(done=[taken]).code == "ticket_not_taken"
    assert other.exchange(holding=[taken]).body["revoked"] == [taken]
    assert dora.get(f"/uploads/{upload}").body["upload"]["parts_done"] == 0


@pytest.mark.parametrize("field", ["holding", "done"])
@pytest.mark.parametrize(("part", "code"), [(4, "part_out_of_range"), (0, "invalid_request")])
def test_a_part_that_there_is_not_changes_nothing(
    dora: Caller, upload: str, field: str, part: int, code: str
) -> None:
    before = dora.get(f"/uploads/{upload}")
    assert Device(dora, upload).exchange(**{field: [1, part]}).code == code
    assert dora.get(f"/uploads/{upload}").headers["ETag"] == before.headers["ETag"]


def test_what_a_former_generation_took_counts_for_nothing_in_the_next(
    dora: Caller, upload: str, file: File
) -> None:
    device = Device(dora, upload)
    taken = device.exchange(want=3).body["tickets"]
    dora.post(f"/uploads/{upload}/cancel")
    assert device.exchange(done=[1], holding=[2]).body["revoked"] == [2]
    again = dora.post("/uploads", file.described()).body["upload"]
    assert (again["id"], again["generation"]) == (upload, 2)
    assert device.exchange(done=[t["part"] for t in taken]).code == "ticket_not_taken"
    assert dora.get(f"/uploads/{upload}").body["upload"]["parts_done"] == 0
    assert {t["url"] for t in device.exchange(want=3).body["tickets"]}.isdisjoint(
        t["url"] for t in taken
    )


def test_pages_of_a_manifest_are_its_owners_and_never_change(
    dora: Caller, ben: Caller, upload: str
) -> None:
    known = ben.get(f"/uploads/{upload}/manifest/0").body["digests"]
    other = {"digests": known[::-1]}
    assert ben.put(f"/uploads/{upload}/manifest/0", {"digests": known}).code == "not_owner"
    assert dora.put(f"/uploads/{upload}/manifest/0", other).code == "content_differs"
    assert dora.put(f"/uploads/{upload}/manifest/1", other).code == "page_out_of_order"
    assert ben.get(f"/uploads/{upload}/manifest/0").body["digests"] == known
