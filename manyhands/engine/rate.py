"""How fast this client sends, from the bytes that have left it.

An average whose memory fades with a half-life of two seconds, divided by the time it remembers,
so that it is right from the start and not only after some half-lives. Only time in which something
was under way counts: a client that waits for tickets is idle, not slow, and the server hands out
by this number. Until a first part was confirmed, or a second has passed, nothing is said, because
what the kernel buffers at the beginning of a connection is no measure of the line.
"""

HALF_LIFE_S = 2.0
UNKNOWN_FOR_S = 1.0


class RateMeter:
    """Feed it at any pace, at least about once a second."""

    def __init__(self) -> None:
        self._bytes = 0.0
        self._seconds = 0.0
        self._busy_s = 0.0
        self._confirmed = False
        self._last: float | None = None

    def add(self, sent: int, now: float, *, busy: bool) -> None:
        """``sent`` bytes have left since the last call; ``busy``: something was under way."""
        span = now - self._last if self._last is not None else 0.0
        self._last = now
        if not busy and not sent:
            return
        fade = 0.5 ** (span / HALF_LIFE_S)
        self._bytes = self._bytes * fade + sent
        self._seconds = self._seconds * fade + span
        self._busy_s += span

    def confirm(self) -> None:
        """The storage has a part: what left has arrived."""
        self._confirmed = True

    @property
    def rate(self) -> int:
        """Bytes a second; 0 while it is not known."""
        unproven = self._busy_s < UNKNOWN_FOR_S and not self._confirmed
        if unproven or not self._seconds:
            return 0
        return int(self._bytes / self._seconds)
