import hashlib

import pytest

from chalicelib.domain.inspection import StoredPart, lacking_parts, right_parts
from chalicelib.domain.parts import PartPlan

PLAN = PartPlan(250, 100)
DIGESTS = [hashlib.sha256(bytes([n])).digest() for n in (1, 2, 3)]
RIGHT = [StoredPart(n, s, DIGESTS[n - 1], "e") for n, s in ((1, 100), (2, 100), (3, 50))]


@pytest.mark.parametrize(
    ("stored", "lacking"),
    [
        (RIGHT, set()),
        (RIGHT[::-1], set()),
        (RIGHT[:2], {3}),
        ([], {1, 2, 3}),
        ([RIGHT[0], StoredPart(2, 99, DIGESTS[1], "e"), RIGHT[2]], {2}),
        ([RIGHT[0], StoredPart(2, 100, DIGESTS[0], "e"), RIGHT[2]], {2}),
        ([RIGHT[0], StoredPart(2, 100, b"", "e"), RIGHT[2]], set()),
        ([RIGHT[0], StoredPart(2, 99, b"", "e"), RIGHT[2]], {2}),
        ([*RIGHT, StoredPart(4, 1, b"", "e")], set()),
    ],
)
def test_a_part_is_right_only_if_it_is_there_in_size_and_in_digest_where_one_is_listed(
    stored: list[StoredPart], lacking: set[int]
) -> None:
    assert lacking_parts(PLAN, b"".join(DIGESTS), stored) == lacking


@pytest.mark.parametrize(
    ("stored", "right"),
    [
        (RIGHT, {2, 3}),
        (RIGHT[:2], {2}),
        ([], set()),
        ([StoredPart(2, 99, DIGESTS[1], "e")], set()),
        ([StoredPart(2, 100, DIGESTS[0], "e")], set()),
        ([StoredPart(2, 100, b"", "e")], set()),
        ([StoredPart(3, 100, DIGESTS[2], "e")], set()),
    ],
)
def test_of_the_parts_asked_for_those_are_right_that_are_there_in_size_and_digest(
    stored: list[StoredPart], right: set[int]
) -> None:
    assert right_parts(PLAN, {2: DIGESTS[1], 3: DIGESTS[2]}, stored) == right
