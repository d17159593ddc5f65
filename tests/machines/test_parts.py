"""The server, the command line and the page cut every file alike.

Three implementations, because none can import another; a byte of difference would be another
upload, or a part that the storage refuses. Sizes are drawn around every boundary that the numbers
have, not only evenly, for an even draw hardly ever meets a boundary.
"""

from itertools import chain, pairwise

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.manifest import FIRST_PAGES, PAGE_PARTS, page_length, page_of
from chalicelib.domain.parts import GIB, S3_LIMITS, PartLimits
from chalicelib.domain.parts import plan_parts as plan_of_the_server
from manyhands.parts import plan_parts as plan_of_the_command_line
from manyhands.wire import Limits
from tests.machines.node import Node
from tests.machines.scale import scale

PART = S3_LIMITS.min_part
STEP = S3_LIMITS.max_parts * S3_LIMITS.step
EDGES = [
    *(0, 1, PART, 2 * PART, 8 * PART, 32 * PART, PAGE_PARTS * PART, (PAGE_PARTS + 1) * PART),
    *(9_999 * PART, 10_000 * PART, 10_000 * PART + STEP, 10_000 * PART + 2 * STEP),
    *(48_800_000_000, 5 * 1024 * GIB, 50 * 10**12, S3_LIMITS.max_file - STEP, S3_LIMITS.max_file),
]
NEAR = st.builds(lambda edge, by: edge + by, st.sampled_from(EDGES), st.integers(-2, 2))
WHOLE = st.builds(lambda n, by: n * PART + by, st.integers(0, 10_000), st.integers(-1, 1))
STEPS = st.builds(lambda n, by: n * STEP + by, st.integers(5, 5_120), st.integers(-1, 1))
SIZES = (NEAR | WHOLE | STEPS | st.integers(0, S3_LIMITS.max_file)).filter(
    lambda size: 0 <= size <= S3_LIMITS.max_file
)


def _limits(limits: PartLimits) -> Limits:
    return Limits(
        min_part_size=limits.min_part,
        part_size_step=limits.step,
        max_parts=limits.max_parts,
        max_file_size=limits.max_file,
        first_pages=list(FIRST_PAGES),
        page_parts=PAGE_PARTS,
        max_held=64,
    )


def _some(count: int) -> list[int]:
    """All parts of a small file; of a large one those where something could go wrong."""
    near = {p + by for p in (1, *FIRST_PAGES, PAGE_PARTS, count // 2, count) for by in (-1, 0, 1)}
    return sorted(p for p in near | set(range(1, 200)) if 1 <= p <= count)


def check(node: Node, size: int, limits: PartLimits, parts: list[int] | None = None) -> None:
    """The three agree, and what they agree on covers the file exactly."""
    server = plan_of_the_server(size, limits)
    terminal = plan_of_the_command_line(size, _limits(limits))
    fields = {name: getattr(_limits(limits), name) for name in Limits.__struct_fields__}
    numbers = _some(server.count) if parts is None else parts
    page = node.call("plan", size=size, limits=fields, parts=numbers)
    assert (server.part_size, server.count) == (terminal.part_size, terminal.count)
    assert (server.part_size, server.count) == (page["part_size"], page["count"])
    ranges = [(server.offset(p), server.offset(p) + server.length(p)) for p in numbers]
    assert ranges == [
        (terminal.offset(p), terminal.offset(p) + terminal.length(p)) for p in numbers
    ]
    assert ranges == [tuple(both) for both in page["ranges"]]
    pages = [terminal.page(n) for n in range(terminal.pages)]
    assert list(chain(*pages)) == list(range(1, terminal.count + 1)), "each is on one page"
    assert list(map(len, pages)) == page["pages"]
    assert list(map(len, pages)) == [page_length(n, server.count) for n in range(len(pages))]
    assert [terminal.page_of(p) for p in numbers] == [page_of(p) for p in numbers]
    _check_cover(dict(zip(numbers, ranges, strict=True)), size, server.count)
    _check_limits(server.part_size, server.count, size, limits)


def _check_cover(ranges: dict[int, tuple[int, int]], size: int, count: int) -> None:
    assert ranges[1][0] == 0
    assert ranges[count][1] == size
    for one, other in pairwise(ranges):
        if other == one + 1:
            assert ranges[one][1] == ranges[other][0], "neither gap nor overlap"


def _check_limits(part_size: int, count: int, size: int, limits: PartLimits) -> None:
    assert 1 <= count <= limits.max_parts
    assert limits.min_part <= part_size <= limits.max_part
    assert (count - 1) * part_size < size or count == 1, "no part is empty but an empty file's"
    smaller = part_size - limits.step
    assert part_size == limits.min_part or smaller * limits.max_parts < size


@scale(400)
@given(size=SIZES)
def test_all_three_cut_every_file_alike_and_exactly(node: Node, size: int) -> None:
    check(node, size, S3_LIMITS)


def test_at_every_edge_every_single_part_is_the_same_everywhere(node: Node) -> None:
    for size in (10_000 * PART - 1, 10_000 * PART, 10_000 * PART + 1, S3_LIMITS.max_file):
        count = plan_of_the_server(size).count
        check(node, size, S3_LIMITS, list(range(1, count + 1)))
    for edge in EDGES:
        for size in {max(0, edge - 1), edge, min(S3_LIMITS.max_file, edge + 1)}:
            check(node, size, S3_LIMITS)


@scale(200)
@given(
    step=st.integers(1, 50),
    steps=st.integers(1, 10),
    max_parts=st.integers(1, 300),
    size=st.integers(0, 200_000),
)
def test_they_agree_whatever_the_limits_are(
    node: Node, step: int, steps: int, max_parts: int, size: int
) -> None:
    limits = PartLimits(step * steps, 10**9, max_parts, step, 10**12)
    count = plan_of_the_server(size, limits).count
    check(node, size, limits, list(range(1, count + 1)))
