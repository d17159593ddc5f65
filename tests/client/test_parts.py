"""The plan of parts by table (over all sizes: tests/machines), and the checksum."""

import base64
import hashlib

import pytest

from manyhands.errors import FileTooLarge
from manyhands.parts import composite, plan_parts
from manyhands.wire import Limits

MIB = 1024 * 1024
REAL = Limits(5 * MIB, MIB, 10_000, 50 * 1024**4, [8, 24, 96], 128, 64)


@pytest.mark.parametrize(
    ("size", "part_size", "count"),
    [
        (0, 5 * MIB, 1),
        (1, 5 * MIB, 1),
        (5 * MIB, 5 * MIB, 1),
        (5 * MIB + 1, 5 * MIB, 2),
        (50_000 * MIB, 5 * MIB, 10_000),
        (50_000 * MIB + 1, 6 * MIB, 8_334),
    ],
)
def test_the_plan_of_a_size_is_the_protocols(size: int, part_size: int, count: int) -> None:
    plan = plan_parts(size, REAL)
    assert (plan.part_size, plan.count) == (part_size, count)


def test_a_file_beyond_the_limit_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(FileTooLarge):
        plan_parts(REAL.max_file_size + 1, REAL)


def test_the_composite_checksum_is_the_digest_of_the_digests() -> None:
    digests = [hashlib.sha256(bytes([n])).digest() for n in range(3)]
    whole = hashlib.sha256(digests[0] + digests[1] + digests[2]).digest()
    assert composite(digests) == f"{base64.b64encode(whole).decode()}-3"
