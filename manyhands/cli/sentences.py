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
PHASES = {"paused": "paused for everybody", "assembling": "assembling", "complete": "stored"}
STILL = ("paused", "assembling", "complete")


@dataclass(frozen=True, slots=True)
class Step:
    """How far something is. ``done`` of ``whole`` bytes, ``under_way`` more that may still fail.

    ``speeds``, ``left`` in words, or ""; ``speed``: in short. ``stands``: nothing goes on, and that
    was told when it began.
    """

    what: str
    done: int
    whole: int
    speeds: str = ""
    speed: str = ""
    left: str = ""
    under_way: int = 0
    stands: bool = False

    @property
    def text(self) -> str:
        return f"{words.size(self.done)} of {words.size(self.whole)}"

    @property
    def ahead(self) -> str:
        return f"+{words.size(self.under_way)} on the way" if self.under_way else ""

    @property
    def share(self) -> float:
        return self.done / self.whole if self.whole else 0.0

    @property
    def share_ahead(self) -> float:
        return (self.done + self.under_way) / self.whole if self.whole else 0.0


def step(event: Event) -> Step | None:
    """How far it is, if the event says that."""
    match event:
        case Hashing():
            return Step("hashing", event.bytes_hashed, event.bytes)
        case Progress(in_reach=False) | Fetching(in_reach=False):
            done, whole = event.bytes_done, event.bytes
            return Step(OUT_OF_REACH, done, whole, NO_SPEED, NO_SPEED, stands=True)
        case Progress():
            return _uploading(event)
        case Checking():
            return Step("checking", event.bytes_checked, event.bytes)
        case Fetching():
            what, rate = "downloading" if event.lanes else "waiting", words.rate(event.rate)
            done, left = event.bytes_done, _left(event.eta_s)
            return Step(what, done, event.bytes, rate, rate, left, event.under_way)
    return None


def _uploading(event: Progress) -> Step:
    what, done, whole = phase(event), event.bytes_done, event.bytes
    if event.status in STILL:
        return Step(what, done, whole, NO_SPEED, NO_SPEED)
    speeds, left = _together(event), _left(event.eta_s)
    return Step(what, done, whole, speeds, words.rate(event.total_rate), left, event.under_way)


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
        return f"In reach again after {words.span(event.seconds)}; going on."
    why = words.harmless(event.reason, 300)
    return f"Out of reach: {why}. What is done so far is kept; trying again …"


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
    name = f"«{words.harmless(ended.name)}» ({words.size(ended.bytes)})"
    if ended.outcome == "already_stored":
        return f"{name} is stored already; nothing was sent. Upload {ended.upload}"
    how = "was stored in" if ended.outcome == "stored" else "is all sent and being joined, after"
    by = f"; {ended.devices} devices took part" if ended.devices > 1 else ""
    return f"{name} {how} {words.span(ended.seconds)}, {_own(ended)}{by}. Upload {ended.upload}"


def _own(ended: Ended) -> str:
    """This device's share, in all its runs as far as that is known."""
    now, ever = (words.share(n, ended.bytes) for n in (ended.own_bytes, ended.brought))
    if ended.brought <= ended.own_bytes:
        return f"{now} from here"
    return f"{ever} from here ({now} in this run)"


def _downloaded(ended: Downloaded) -> str:
    path, size = words.harmless(ended.path), words.size(ended.bytes)
    if ended.outcome == "already_there":
        return f"{path} ({size}) is there already, and is the stored file; nothing was fetched."
    before = ended.bytes - ended.own_bytes
    kept = f", {words.size(before)} of it were here already" if before else ""
    return f"{path} ({size}) was downloaded in {words.span(ended.seconds)} and compared{kept}."


def _together(event: Progress) -> str:
    """Who is alone knows that it is from here."""
    own, total = words.rate(event.own_rate), words.rate(event.total_rate)
    if event.devices == 1:
        return own
    return f"{own} from here, {total} by {event.devices} devices"


def _left(eta_s: float | None) -> str:
    return f"{words.span(eta_s)} left" if eta_s is not None else ""
