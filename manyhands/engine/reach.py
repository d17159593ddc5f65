"""Whether the service and the storage are in reach: said once when that changes, not at each try.

Retries are the engine's own affair, and most of them nobody needs to hear of. A person is told when
nothing goes on, and again when it does. Out of reach is

    the service    when a call came to nothing with all its own retries, or lasts ``SILENT_S``
    the storage    when ``TROUBLE_S`` have passed since the first failure without a part

and only while no bytes flow: as long as they do, no person would say so. That a few bytes left is
no sign of life, because a kernel takes them from us, and for a dead peer too, so a flow must have
lasted ``FLOWS_S``; a part or an answer counts at once. Where bytes should flow and have not for
``STILL_S``, nobody waits for the error to say it.
"""

from manyhands.events import Event, InReach, OutOfReach

SERVICE, STORAGE = "the service", "the storage"
TROUBLE_S = 3.0
SILENT_S = 12.0
STILL_S = 30.0
FLOWS_S = 3.0
GAP_S = 2.0


class Reach:
    """For the thread that decides. ``now`` as the engine has it."""

    def __init__(self, trouble_s: float = TROUBLE_S) -> None:
        self._trouble_s = trouble_s
        self._troubles: dict[str, tuple[float, str]] = {}
        self._asked_at: float | None = None
        self._flows_since = self._moved_at = float("-inf")
        self._still_since: float | None = None
        self._lost_at: float | None = None

    @property
    def lost(self) -> bool:
        """Whether the last that was told is that something is out of reach."""
        return self._lost_at is not None

    def asked(self, now: float) -> None:
        """The service is to answer something."""
        self._asked_at = now

    def answered(self, who: str) -> None:
        self._troubles.pop(who, None)
        if who == SERVICE:
            self._asked_at = None
        else:
            self._still_since = None

    def failed(self, who: str, why: str, now: float) -> None:
        since, _ = self._troubles.get(who, (now, ""))
        self._troubles[who] = (since, f"{why[:1].lower()}{why[1:].rstrip('.')}")
        if who == SERVICE:
            self._asked_at = None

    def moved(self, count: int, busy: int, now: float, *, idle: bool = False) -> None:
        """So many bytes since the last call, with so many parts under way.

        ``idle``: there is none to send, so the storage is nothing to be missed.
        """
        if idle:
            self._troubles.pop(STORAGE, None)
        if count:
            self._flows_since = self._flows_since if self._flows(now) else now
            self._moved_at = now
        if count or not busy:
            self._still_since = None
        elif self._still_since is None:
            self._still_since = now

    def news(self, now: float) -> Event | None:
        """What is to be told now, if anything."""
        why = self._why(now)
        if why and self._lost_at is None:
            self._lost_at = now
            return OutOfReach(reason=why)
        if not why and self._lost_at is not None:
            seconds, self._lost_at = now - self._lost_at, None
            return InReach(seconds=round(seconds, 1))
        return None

    def _why(self, now: float) -> str:
        if self._flows(now) and now - self._flows_since >= FLOWS_S:
            self._troubles.pop(STORAGE, None)
            return ""
        for who, patience_s in ((SERVICE, 0.0), (STORAGE, self._trouble_s)):
            since, why = self._troubles.get(who, (now, ""))
            if why and now - since >= patience_s:
                return why
        return self._silence(now)

    def _silence(self, now: float) -> str:
        if self._asked_at is not None and now - self._asked_at >= SILENT_S:
            return f"{SERVICE} does not answer"
        still = self._still_since is not None and now - self._still_since >= STILL_S
        return f"{STORAGE} does not answer" if still else ""

    def _flows(self, now: float) -> bool:
        return now - self._moved_at < GAP_S
