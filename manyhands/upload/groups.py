"""Finding one of the caller's groups by what they call it."""

from collections.abc import Sequence

from manyhands.errors import NoSuchGroup
from manyhands.wire import Group


def chosen(groups: Sequence[Group], wanted: str) -> Group:
    """By id, else by name; "" is the personal group. Raises NoSuchGroup."""
    tests = (
        lambda group: group.personal and not wanted,
        lambda group: group.id == wanted,
        lambda group: group.name == wanted,
    )
    for test in tests:
        found = next(filter(test, groups), None)
        if found:
            return found
    names = ", ".join(group.name for group in groups)
    raise NoSuchGroup(f"You are in no group «{wanted}». Your groups: {names}.")
