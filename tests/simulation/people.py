"""Who takes part: the owner and a member of her group, one with bad intent, and a stranger."""

from chalicelib.domain.board import Person
from chalicelib.ports import Caller

GROUP = "film"


def _member(name: str, *groups: str) -> Caller:
    return Caller(Person(f"sub-{name}", name), (f"user:sub-{name}", *groups))


OWNER = _member("ana", GROUP)
BEN = _member("ben", GROUP, "lab")
EVE = _member("eve", GROUP)
STRANGER = _member("zoe", "lab")
