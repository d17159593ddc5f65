"""What the upload's status means for a client: a total table of the protocol's statuses."""

from collections.abc import Mapping
from enum import Enum, auto


class Stage(Enum):
    """WORKING: tickets may come; PAUSED: none will; WAITING: all is in; OVER: nothing follows."""

    WORKING = auto()
    PAUSED = auto()
    WAITING = auto()
    OVER = auto()


STAGES: Mapping[str, Stage] = {
    "initialized": Stage.WORKING,
    "active": Stage.WORKING,
    "paused": Stage.PAUSED,
    "assembling": Stage.WAITING,
    "complete": Stage.OVER,
    "failed": Stage.OVER,
    "cancelled": Stage.OVER,
    "expired": Stage.OVER,
    "deleted": Stage.OVER,
}


def stage_of(status: str) -> Stage:
    """A status of a newer server is taken like a pause: nothing to do now, ask again."""
    return STAGES.get(status, Stage.PAUSED)
