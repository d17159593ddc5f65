"""How a file is cut into parts.

S3 takes at most 10,000 parts, each of 5 MiB to 5 GiB, only the last one smaller. Parts are as
small as they may be: a slow line holds a part for the shortest time, and little is lost when it
drops. So the part size is 5 MiB until 10,000 parts no longer cover the file, and then grows by
whole MiB. An empty file is one empty part, because S3 joins no fewer.

Source: Amazon S3 User Guide, "Multipart upload limits".
"""

from dataclasses import dataclass

from chalicelib.domain.errors import FileTooLarge, InvalidRequest, PartOutOfRange

MIB = 1024 * 1024
GIB = 1024 * MIB


@dataclass(frozen=True, slots=True)
class PartLimits:
    """What the store allows. All in bytes but ``max_parts``."""

    min_part: int = 5 * MIB
    max_part: int = 5 * GIB
    max_parts: int = 10_000
    step: int = MIB
    max_file: int = 10_000 * 5 * GIB


S3_LIMITS = PartLimits()


@dataclass(frozen=True, slots=True)
class PartPlan:
    """The parts of one file: numbered from 1, all of ``part_size`` bytes but the last."""

    size: int
    part_size: int

    @property
    def count(self) -> int:
        return max(1, -(-self.size // self.part_size))

    def offset(self, part: int) -> int:
        """The part's first byte. Raises PartOutOfRange."""
        self.check(part)
        return (part - 1) * self.part_size

    def length(self, part: int) -> int:
        """The part's bytes: 0 only in an empty file. Raises PartOutOfRange."""
        return min(self.part_size, self.size - self.offset(part))

    def check(self, part: int) -> None:
        if not 1 <= part <= self.count:
            raise PartOutOfRange(part=part, parts=self.count)


def plan_parts(size: int, limits: PartLimits = S3_LIMITS) -> PartPlan:
    """The one plan for a file of ``size`` bytes. Raises InvalidRequest, FileTooLarge."""
    if size < 0:
        raise InvalidRequest("A file cannot have a negative size.", size=size)
    steps = -(-size // (limits.max_parts * limits.step))
    part_size = max(limits.min_part, steps * limits.step)
    if size > limits.max_file or part_size > limits.max_part:
        raise FileTooLarge(size=size, max_size=limits.max_file)
    return PartPlan(size, part_size)
