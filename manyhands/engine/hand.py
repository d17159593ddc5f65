"""The tickets in this client's hand, each in one of three phases.

    READY    held; its PUT may start, unless it waits after a failure
    SENDING  its PUT is under way
    SENT     the storage has it; no answered exchange has reported it yet

``STEPS`` is the whole life of a ticket; what is not in it is ignored, because news about a PUT may
come after the ticket is gone. A ticket leaves the hand when it is reported, given back or revoked.
The order of the hand is the order in which its tickets are meant to be sent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from manyhands.wire import Ticket


class Phase(Enum):
    READY = auto()
    SENDING = auto()
    SENT = auto()


class Step(Enum):
    START = auto()
    SUCCEED = auto()
    FAIL = auto()


STEPS: Mapping[tuple[Phase, Step], Phase] = {
    (Phase.READY, Step.START): Phase.SENDING,
    (Phase.SENDING, Step.SUCCEED): Phase.SENT,
    (Phase.SENDING, Step.FAIL): Phase.READY,
}
"""Refused: counting a PUT that was stopped too late for a ticket that is in the hand again. It may
have gone to the upload before it was cancelled and begun anew, which does not have the part."""


@dataclass(frozen=True, slots=True)
class Held:
    """One ticket. Moments by the caller's clock: usable from ``ready_at`` to ``good_until``."""

    ticket: Ticket
    good_until: float
    ready_at: float
    phase: Phase = Phase.READY


class Hand:
    def __init__(self) -> None:
        self._held: dict[int, Held] = {}

    def __contains__(self, part: int) -> bool:
        return part in self._held

    def __len__(self) -> int:
        return len(self._held)

    def take(self, held: Held) -> None:
        """A new ticket, or a fresh URL for one that is held and not under way."""
        known = self._held.get(held.ticket.part)
        if known is None or known.phase is Phase.READY:
            self._held[held.ticket.part] = held

    def step(self, part: int, step: Step) -> None:
        held = self._held.get(part)
        phase = STEPS.get((held.phase, step)) if held else None
        if held and phase:
            self._held[part] = Held(held.ticket, held.good_until, held.ready_at, phase)

    def postpone(self, part: int, ready_at: float) -> None:
        """Behind all others, and not before ``ready_at``."""
        held = self._held.pop(part, None)
        if held:
            self._held[part] = Held(held.ticket, held.good_until, ready_at, held.phase)

    def hurry(self, now: float) -> None:
        """None waits any longer."""
        for part, held in self._held.items():
            ready_at = min(held.ready_at, now)
            self._held[part] = Held(held.ticket, held.good_until, ready_at, held.phase)

    def drop(self, parts: Iterable[int]) -> None:
        for part in parts:
            self._held.pop(part, None)

    def drop_ready(self, good_until: float = float("inf")) -> None:
        """Give back what is not under way and is good no longer than this."""
        ready = self.in_phase(Phase.READY)
        self.drop([held.ticket.part for held in ready if held.good_until <= good_until])

    def get(self, part: int) -> Held | None:
        return self._held.get(part)

    def in_phase(self, *phases: Phase) -> list[Held]:
        return [h for h in self._held.values() if h.phase in phases] if self._held else []

    def parts(self, *phases: Phase) -> list[int]:
        return [p for p, h in self._held.items() if h.phase in phases] if self._held else []

    def any_in(self, phase: Phase) -> bool:
        return bool(self._held) and any(h.phase is phase for h in self._held.values())
