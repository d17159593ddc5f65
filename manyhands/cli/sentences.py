"""What a run tells, in words: a line for what happened, a step for how far it is, a result."""

from dataclasses import dataclass

from manyhands import words
from manyhands.events import (
    Checking,
    Differs,
    Downloaded,
    Ended,
    Event,
    Fetching,
    Hashing,
    InReach,
    Opened,
    OutOfReach,
    Progress,
    Renamed,
    SetAside,
    ToFetch,
    Turned,
    WayLost,
)

OUT_OF_REACH, NO_SPEED = "out of reach", "—"
PHASES = {"paused": "paused", "assembling": "assembling", "complete": "stored"}
WHOLE = ("assembling", "complete")


@dataclass(frozen=True, slots=True)
class Step:
    """How far something is. ``done`` of ``whole`` bytes; ``speeds`` in words, or "".

    ``stands``: nothing goes on, and that was told when it began.
    """

    what: str
    done: int
    whole: int
    speeds: str = ""
    stands: bool = False

    @property
    def text(self) -> str:
        return f"{words.size(self.done)} of {words.size(self.whole)}"


def step(event: Event) -> Step | None:
    """How far it is, if the event says that."""
    match event:
        case Hashing():
            return Step("hashing", event.bytes_hashed, event.bytes)
        case Progress(in_reach=False) | Fetching(in_reach=False):
            return Step(OUT_OF_REACH, event.bytes_done, event.bytes, NO_SPEED, stands=True)
        case Progress():
            speeds = NO_SPEED if event.status in WHOLE else _together(event)
            return Step(phase(event), event.bytes_done, event.bytes, speeds)
        case Checking():
            return Step("checking", event.bytes_checked, event.bytes)
        case Fetching():
            what = "downloading" if event.lanes else "waiting"
            speeds = f"{words.rate(event.rate)}{_left(event.eta_s)}"
            return Step(what, event.bytes_done, event.bytes, speeds)
    return None


def told(event: Event) -> str | None:
    """The line that an event deserves; None for those that only move the bar.

    None for retries, too: most help at once, and what lasts is told as out of reach.
    """
    match event:
        case Renamed(name=name, instead=instead):
            return f"The name «{words.harmless(name)}» cannot be stored everywhere; " + (
                f"uploading as «{words.harmless(instead)}»."
            )
        case Opened(outcome="joined", parts_done=done, parts=parts, upload=upload):
            return f"Joined upload {words.harmless(upload)}: {done} of {parts} parts are in."
        case Opened(upload=upload, group=group):
            return f"Began upload {words.harmless(upload)} in group {words.harmless(group)}."
        case Differs():
            return "Another file of this name and size is there; yours becomes its own upload."
        case OutOfReach() | InReach():
            return _reach(event)
        case SetAside(instead=instead):
            return f"What stood in the way is now {words.harmless(instead)}."
        case ToFetch(path=path):
            return f"Downloading to {words.harmless(path, 1000)}."
        case WayLost(way=way):
            return f"No answer by {words.harmless(way)} for a long time; the others go on."
        case Turned():
            return _turned(event)
    return None


def result(ended: Event) -> str:
    """The last line: what was stored or fetched, how long it took, who brought how much."""
    return _downloaded(ended) if isinstance(ended, Downloaded) else _stored(ended)


def phase(event: Progress) -> str:
    """One word for what is going on."""
    return PHASES.get(event.status, "uploading" if event.sending else "waiting")


def _reach(event: OutOfReach | InReach) -> str:
    if isinstance(event, InReach):
        return f"It goes on, after {words.span(event.seconds)}."
    why = words.harmless(event.reason, 300)
    return f"Nothing goes on: {why}. What is done so far is kept; trying again …"


def _turned(event: Turned) -> str | None:
    if event.status == "paused":
        return "Paused for all devices. It goes on when somebody resumes it."
    if event.before == "paused" and event.status == "active":
        return "Resumed."
    if event.status == "assembling":
        return "All parts are in; the storage joins them."
    return None


def _stored(ended: Event) -> str:
    assert isinstance(ended, Ended)
    name = f"«{words.harmless(ended.name)}» ({words.size(ended.bytes)})"
    if ended.outcome == "already_stored":
        return f"{name} is stored already; nothing was sent. Upload {ended.upload}"
    how = "was stored in" if ended.outcome == "stored" else "is all sent and being joined, after"
    own = words.share(ended.own_bytes, ended.bytes)
    by = f"from here; {ended.devices} devices took part"
    if ended.devices == 1:
        by = "from here" if ended.own_bytes == ended.bytes else "in this run, the rest before"
    return f"{name} {how} {words.span(ended.seconds)}, {own} {by}. Upload {ended.upload}"


def _downloaded(ended: Downloaded) -> str:
    path, size = words.harmless(ended.path), words.size(ended.bytes)
    if ended.outcome == "already_there":
        return f"{path} ({size}) is there already, and is the stored file; nothing was fetched."
    before = ended.bytes - ended.own_bytes
    kept = f", {words.size(before)} of it were here already" if before else ""
    return f"{path} ({size}) was downloaded in {words.span(ended.seconds)} and compared{kept}."


def _together(event: Progress) -> str:
    devices = "1 device" if event.devices == 1 else f"{event.devices} devices"
    own, total = words.rate(event.own_rate), words.rate(event.total_rate)
    return f"{own} from here, {total} by {devices}{_left(event.eta_s)}"


def _left(eta_s: float | None) -> str:
    return f", {words.span(eta_s)} left" if eta_s is not None else ""
