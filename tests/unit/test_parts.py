"""The server's plan by table; over all sizes, and beside the others', in tests/machines."""

import pytest

from chalicelib.domain.errors import FileTooLarge, InvalidRequest, PartOutOfRange
from chalicelib.domain.parts import GIB, MIB, S3_LIMITS, plan_parts


@pytest.mark.parametrize(
    ("size", "part_size", "count", "last"),
    [
        (0, 5 * MIB, 1, 0),
        (1, 5 * MIB, 1, 1),
        (5 * MIB, 5 * MIB, 1, 5 * MIB),
        (5 * MIB + 1, 5 * MIB, 2, 1),
        (50_000 * MIB, 5 * MIB, 10_000, 5 * MIB),
        (50_000 * MIB + 1, 6 * MIB, 8_334, 2 * MIB + 1),
        (S3_LIMITS.max_file, 5 * GIB, 10_000, 5 * GIB),
    ],
)
def test_sizes_at_the_edges(size: int, part_size: int, count: int, last: int) -> None:
    plan = plan_parts(size)
    assert (plan.part_size, plan.count, plan.length(plan.count)) == (part_size, count, last)


def test_a_file_beyond_the_limit_is_refused() -> None:
    with pytest.raises(FileTooLarge) as refused:
        plan_parts(S3_LIMITS.max_file + 1)
    assert refused.value.details["max_size"] == S3_LIMITS.max_file


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(InvalidRequest):
        plan_parts(-1)


@pytest.mark.parametrize("part", [-1, 0, 3, 10_001])
def test_a_part_that_the_file_does_not_have_is_refused(part: int) -> None:
    with pytest.raises(PartOutOfRange):
        plan_parts(6 * MIB).length(part)
