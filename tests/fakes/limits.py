"""Limits of groups in memory."""

from chalicelib.domain.room import NO_LIMITS, GroupLimits


class FakeLimits:
    """The port ``Limits``."""

    def __init__(self, **groups: GroupLimits) -> None:
        self.groups = groups

    def of_group(self, group: str) -> GroupLimits:
        return self.groups.get("user:" if group.startswith("user:") else group, NO_LIMITS)
