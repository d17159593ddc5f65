"""What a run tells, in words: a line for what happened, and a result."""

from manyhands import words
from manyhands.events import (
    Differs,
    Downloaded,
    Ended,
    Event,
    InReach,
    Opened,
    OutOfReach,
    Renamed,
    SetAside,
    ToFetch,
    Turned,
    WayLost,
)


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


def _reach(event: OutOfReach | InReach) -> str:
    if isinstance(event, InReach):
        return f"It goes on, after {words.span(event.seconds)}."
    why = words.harmless(event.reason, 300)
    return f"Nothing goes on: {why}. What is done so far is kept; trying again …"


def _turned(event: Turned) -> str | None:
    if event.status == "paused":
        return "Paused for everybody. It goes on when somebody resumes it."
    if event.before == "paused" and event.status == "active":
        return "Resumed."
    if event.status == "assembling":
        return "All parts are in; the storage joins them."
    return None


def _stored(ended: Event) -> str:
    assert isinstance(ended, Ended)
    name = f"«{words.harmless(ended.name)}» ({words.size(ended.size)})"
    if ended.outcome == "already_stored":
        return f"{name} is stored already; nothing was sent. Upload {ended.upload}"
    how = "was stored in" if ended.outcome == "stored" else "is all sent and being joined, after"
    by = f"; {ended.devices} devices took part" if ended.devices > 1 else ""
    return f"{name} {how} {words.span(ended.seconds)}, {_own(ended)}{by}. Upload {ended.upload}"


def _own(ended: Ended) -> str:
    """This device's share, in all its runs as far as that is known."""
    now, ever = (words.share(n, ended.size) for n in (ended.own_bytes, ended.brought))
    if ended.brought <= ended.own_bytes:
        return f"{now} from here"
    return f"{ever} from here ({now} in this run)"


def _downloaded(ended: Downloaded) -> str:
    path, size = words.harmless(ended.path), words.size(ended.size)
    if ended.outcome == "already_there":
        return f"{path} ({size}) is there already, and is the stored file; nothing was fetched."
    before = ended.size - ended.own_bytes
    kept = f", {words.size(before)} of it were here already" if before else ""
    return f"{path} ({size}) was downloaded in {words.span(ended.seconds)} and compared{kept}."
