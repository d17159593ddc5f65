"""The status of an upload as a person sees it, in the words of the page.

An upload under way of which nothing has been heard for a minute is *idle*: no status of the service
(nothing is wrong, and whoever has the file may go on) but the first thing that one wants to know.
A test compares the words with ``frontend/texts/en.js``, so that two people, one at the page and one
in a terminal, speak of the same thing.
"""

from collections.abc import Mapping

from manyhands.engine.stages import Stage, stage_of
from manyhands.wire import Upload

QUIET_MS = 60_000
IDLE = "idle"

WORDS: Mapping[str, str] = {
    "initialized": "waiting for a device",
    "active": "uploading",
    IDLE: "waiting for a device",
    "paused": "paused for everybody",
    "assembling": "all parts are in",
    "complete": "stored",
    "failed": "failed",
    "cancelled": "cancelled",
    "expired": "expired",
    "deleted": "deleted",
}

HINTS: Mapping[str, str] = {
    "initialized": "No device has begun yet.",
    IDLE: "No device is sending any more. Any device that has the file can go on with it.",
    "paused": "No device sends anything until somebody resumes it.",
    "assembling": "The storage joins the parts. Every device may be closed now; you get a mail.",
    "complete": "The file is in the storage, checked part by part.",
    "failed": "The parts could not be joined.",
    "cancelled": "What was sent is thrown away.",
    "expired": "Nobody worked on it for too long; what was sent is thrown away. "
    "Upload the file again to begin anew.",
    "deleted": "The file is not in the storage any more.",
}

LOOK_AGAIN_S: Mapping[str, float] = {"active": 1.0, "assembling": 1.0}
SELDOM_S = 3.0


def shown(upload: Upload, now_ms: int) -> str:
    """The status, or ``idle``; ``now_ms`` by the service's clock."""
    quiet = upload.status == "active" and now_ms - upload.touched_at > QUIET_MS
    return IDLE if quiet else upload.status


def in_words(status: str) -> str:
    """A status of a newer service is its own word."""
    return WORDS.get(status, status)


def is_over(status: str) -> bool:
    return stage_of(status) is Stage.OVER


def ended_well(status: str) -> bool:
    return status == "complete"


def look_again_s(status: str) -> float:
    """Seconds until it makes sense to look again."""
    return LOOK_AGAIN_S.get(status, SELDOM_S)
