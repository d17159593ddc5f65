import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import FileTooLarge, InvalidRequest, PartOutOfRange
from chalicelib.domain.parts import GIB, MIB, S3_LIMITS, PartLimits, plan_parts

SMALL = PartLimits(min_part=50, max_part=5_000, max_parts=100, step=10, max_file=500_000)


@given(st.integers(0, S3_LIMITS.max_file))
def test_parts_cover_any_file_exactly_and_keep_the_limits_of_s3(size: int) -> None:
    plan = plan_parts(size)
    assert 1 <= plan.count <= 10_000
    assert 5 * MIB <= plan.part_size <= 5 * GIB
    assert plan.part_size % MIB == 0
    assert plan.offset(plan.count) + plan.length(plan.count) == size
    assert 0 <= plan.length(plan.count) <= plan.part_size


@given(st.integers(0, SMALL.max_file))
def test_every_part_begins_where_the_one_before_it_ends(size: int) -> None:
    plan = plan_parts(size, SMALL)
    end = 0
    for part in range(1, plan.count + 1):
        assert plan.offset(part) == end
        end += plan.length(part)
    assert end == size


@given(st.integers(0, S3_LIMITS.max_file))
def test_the_part_size_is_the_smallest_that_is_allowed(size: int) -> None:
    plan = plan_parts(size)
    smaller = plan.part_size - MIB
    assert plan.part_size == 5 * MIB or smaller * 10_000 < size


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
