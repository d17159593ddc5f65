import pytest

from chalicelib.adapters.caches import CachedManifests
from chalicelib.adapters.dynamodb import DynamoManifests
from chalicelib.ports import Manifests
from tests.fakes.manifests import FakeManifests
from tests.races.others import OTHERS, fresh_table

PAGES = [bytes([n]) * 32 * 128 for n in range(12)]


@pytest.fixture(params=["fake", "cached", "dynamodb", "dynalite", "ministack"])
def manifests(request: pytest.FixtureRequest) -> Manifests:
    if request.param == "fake":
        return FakeManifests()
    if request.param == "cached":
        return CachedManifests(FakeManifests(), pages=2)
    if request.param in OTHERS:
        client = request.getfixturevalue(request.param).dynamodb()
        return DynamoManifests(client, fresh_table(client))
    cloud = request.getfixturevalue("cloud")
    return DynamoManifests(cloud.client("dynamodb"), cloud.fresh_table())


def test_a_page_that_was_never_put_is_none(manifests: Manifests) -> None:
    assert manifests.get("a", 1, 0) is None


def test_a_page_is_read_as_it_was_put(manifests: Manifests) -> None:
    assert manifests.put("a", 1, 0, PAGES[1]) == PAGES[1]
    assert manifests.get("a", 1, 0) == PAGES[1]


def test_a_page_that_came_after_it_was_asked_for_is_found(manifests: Manifests) -> None:
    assert manifests.get("a", 1, 0) is None
    manifests.put("a", 1, 0, PAGES[1])
    assert manifests.get("a", 1, 0) == PAGES[1]


def test_the_first_page_stays_whatever_is_put_later(manifests: Manifests) -> None:
    manifests.put("a", 1, 0, PAGES[1])
    assert manifests.put("a", 1, 0, PAGES[2]) == PAGES[1]
    assert manifests.get("a", 1, 0) == PAGES[1]


def test_putting_the_same_page_again_is_welcome(manifests: Manifests) -> None:
    manifests.put("a", 1, 0, PAGES[1])
    assert manifests.put("a", 1, 0, PAGES[1]) == PAGES[1]


def test_the_whole_is_all_pages_in_order(manifests: Manifests) -> None:
    for page in reversed(range(12)):
        manifests.put("a", 1, page, PAGES[page])
    assert manifests.whole("a", 1) == b"".join(PAGES)


def test_the_whole_of_nothing_is_empty(manifests: Manifests) -> None:
    assert manifests.whole("a", 1) == b""


def test_generations_and_uploads_do_not_mix(manifests: Manifests) -> None:
    places = [("a", 1), ("a", 10), ("a", 11), ("ab", 1)]
    for n, (id, generation) in enumerate(places):
        manifests.put(id, generation, 0, PAGES[n])
    assert [manifests.whole(*place) for place in places] == PAGES[:4]
    assert [manifests.get(*place, 0) for place in places] == PAGES[:4]


def test_a_manifest_of_ten_thousand_parts_is_whole(manifests: Manifests) -> None:
    pages = [bytes([n]) * 32 * 128 for n in range(78)] + [b"x" * 32 * 16]
    for number, page in enumerate(pages):
        manifests.put("a", 1, number, page)
    assert manifests.whole("a", 1) == b"".join(pages)


def test_removing_takes_all_pages_of_one_generation(manifests: Manifests) -> None:
    for page in range(60):
        manifests.put("a", 1, page, PAGES[0])
    manifests.put("a", 2, 0, PAGES[1])
    manifests.remove("a", 1)
    assert manifests.whole("a", 1) == b""
    assert manifests.get("a", 1, 59) is None
    assert manifests.whole("a", 2) == PAGES[1]


def test_removing_twice_or_nothing_is_no_error(manifests: Manifests) -> None:
    manifests.put("a", 1, 0, PAGES[0])
    manifests.remove("a", 1)
    manifests.remove("a", 1)
    manifests.remove("b", 1)


def test_after_removal_a_page_can_be_put_anew(manifests: Manifests) -> None:
    manifests.put("a", 1, 0, PAGES[0])
    manifests.remove("a", 1)
    assert manifests.put("a", 1, 0, PAGES[1]) == PAGES[1]
