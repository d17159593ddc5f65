import base64
import hashlib

import pytest

from chalicelib.domain import manifest
from chalicelib.domain.errors import DigestMalformed, PageOutOfOrder


def digest(text: bytes) -> str:
    return base64.b64encode(hashlib.sha256(text).digest()).decode()


def test_digests_come_back_as_they_were_packed() -> None:
    digests = [digest(b"one"), digest(b"two")]
    assert manifest.unpack(manifest.pack(digests)) == digests


def test_one_digest_of_a_page_is_found_by_its_place() -> None:
    page = manifest.pack([digest(b"one"), digest(b"two")])
    assert [manifest.digest_at(page, place) for place in (0, 1)] == manifest.unpack(page)


def test_the_composite_checksum_is_the_digest_of_the_digests_and_their_number() -> None:
    one, two = hashlib.sha256(b"one").digest(), hashlib.sha256(b"two").digest()
    expected = base64.b64encode(hashlib.sha256(one + two).digest()).decode() + "-2"
    assert manifest.composite(one + two) == expected


@pytest.mark.parametrize(
    "text",
    ["", "abc", "x" * 44, digest(b"a")[:-1], digest(b"a") + "=", "é" * 44, digest(b"a") + "\n",
     base64.b64encode(b"x" * 31).decode(), base64.b64encode(b"x" * 33).decode(),
     "A" * 42 + "B="],
)  # fmt: skip
def test_what_is_no_sha256_in_base64_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(DigestMalformed) as refused:
        manifest.pack([digest(b"right"), text])
    assert refused.value.details == {"index": 1}


@pytest.mark.parametrize(
    ("parts", "pages", "last"),
    [(1, 1, 1), (8, 1, 8), (9, 2, 1), (32, 2, 24), (128, 3, 96), (129, 4, 1), (10_000, 81, 16)],
)
def test_pages_begin_small_and_hold_128_digests_later(parts: int, pages: int, last: int) -> None:
    assert manifest.page_count(parts) == pages
    assert manifest.page_length(pages - 1, parts) == last
    assert sum(manifest.page_length(p, parts) for p in range(pages)) == parts


@pytest.mark.parametrize("page", [-1, 4, 81])
def test_a_page_that_the_file_does_not_have_is_refused(page: int) -> None:
    with pytest.raises(PageOutOfOrder):
        manifest.page_length(page, 129)


def test_a_part_stands_on_one_page() -> None:
    places = [manifest.page_of(p) for p in (1, 8, 9, 32, 33, 128, 129, 257)]
    assert places == [(0, 0), (0, 7), (1, 0), (1, 23), (2, 0), (2, 95), (3, 0), (4, 0)]
    assert [manifest.parts_before(page) for page in range(5)] == [0, 8, 32, 128, 256]
