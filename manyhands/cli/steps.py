"""How far a run is, in words: what is going on, how much, how fast, how long still."""

from dataclasses import dataclass

from manyhands import words
from manyhands.events import Checking, Event, Fetching, Hashing, Progress

OUT_OF_REACH, NO_SPEED = "out of reach", "—"
PHASES = {"paused": "paused for everybody", "assembling": "assembling", "complete": "stored"}
STILL = ("paused", "assembling", "complete")


@dataclass(frozen=True, slots=True)
class Step:
    """How far something is. ``done`` of ``whole`` bytes, ``under_way`` more that may still fail.

    ``speeds``, ``left`` in words, or ""; ``speed``: in short. ``stands``: nothing goes on, and that
    was told when it began. ``devices``: at work on it, 0 where nobody else could be.
    """

    what: str
    done: int
    whole: int
    speeds: str = ""
    speed: str = ""
    left: str = ""
    under_way: int = 0
    stands: bool = False
    devices: int = 0

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
            return Step("hashing", event.bytes_hashed, event.size)
        case Progress(in_reach=False) | Fetching(in_reach=False):
            done, whole = event.bytes_done, event.size
            return Step(OUT_OF_REACH, done, whole, NO_SPEED, NO_SPEED, stands=True)
        case Progress():
            return _uploading(event)
        case Checking():
            return Step("checking", event.bytes_checked, event.bytes)
        case Fetching():
            what, rate = "downloading" if event.lanes else "waiting", words.rate(event.rate)
            done, left = event.bytes_done, _left(event.eta_s)
            return Step(what, done, event.size, rate, rate, left, event.under_way)
    return None


def _uploading(event: Progress) -> Step:
    what, done, whole = phase(event), event.bytes_done, event.size
    if event.status in STILL:
        return Step(what, done, whole, NO_SPEED, NO_SPEED)
    speeds, left = _together(event), _left(event.eta_s)
    speed, devices = words.rate(event.total_rate), event.devices
    return Step(what, done, whole, speeds, speed, left, event.under_way, devices=devices)


def phase(event: Progress) -> str:
    """One word for what is going on."""
    return PHASES.get(event.status, "uploading" if event.sending else "waiting")


def _together(event: Progress) -> str:
    """Who is alone knows that it is from here."""
    own, total = words.rate(event.own_rate), words.rate(event.total_rate)
    if event.devices == 1:
        return own
    return f"{own} from here, {total} by {event.devices} devices"


def _left(eta_s: float | None) -> str:
    return f"{words.span(eta_s)} left" if eta_s is not None else ""
