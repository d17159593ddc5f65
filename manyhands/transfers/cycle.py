"""The life of a transfer on this machine: a table, and one function that applies it.

    queued      waits for its turn in a process that runs
    ongoing     a process carries it
    paused      by the user; only the user resumes it
    suspended   by circumstances: stopped, killed, no network, not signed in; plain ``resume`` takes
                it up again
    done        stored, or downloaded and compared
    cancelled   for everybody, here or elsewhere
    failed      it says why; ``resume`` tries once more

What was done already and is carried once more finishes again if nothing comes of that, be it only
from the queue. A transfer that is queued or ongoing while no process holds its lock was killed: it
is suspended.
"""

from collections.abc import Mapping
from enum import StrEnum

from manyhands.errors import NotNow


class State(StrEnum):
    QUEUED = "queued"
    ONGOING = "ongoing"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Event(StrEnum):
    START = "start"
    PAUSE = "pause"
    SUSPEND = "suspend"
    RESUME = "resume"
    FINISH = "finish"
    FAIL = "fail"
    CANCEL = "cancel"


_WAITING: Mapping[Event, State] = {
    Event.RESUME: State.QUEUED,
    Event.PAUSE: State.PAUSED,
    Event.SUSPEND: State.SUSPENDED,
    Event.CANCEL: State.CANCELLED,
}

TABLE: Mapping[State, Mapping[Event, State]] = {
    State.QUEUED: {
        **_WAITING,
        Event.START: State.ONGOING,
        Event.FINISH: State.DONE,
        Event.FAIL: State.FAILED,
    },
    State.ONGOING: {
        Event.PAUSE: State.PAUSED,
        Event.SUSPEND: State.SUSPENDED,
        Event.FINISH: State.DONE,
        Event.FAIL: State.FAILED,
        Event.CANCEL: State.CANCELLED,
    },
    State.PAUSED: _WAITING,
    State.SUSPENDED: _WAITING,
    State.DONE: {Event.RESUME: State.QUEUED},
    State.CANCELLED: {Event.RESUME: State.QUEUED},
    State.FAILED: {Event.RESUME: State.QUEUED, Event.CANCEL: State.CANCELLED},
}

CARRIED = frozenset({State.QUEUED, State.ONGOING})
OVER = frozenset({State.DONE, State.CANCELLED, State.FAILED})


def after(state: State, event: Event) -> State:
    """The next state. Raises NotNow if the event means nothing in this one."""
    follows = TABLE[state].get(event)
    if follows is None:
        raise NotNow(f"A transfer that is {state} cannot {event}.")
    return follows
