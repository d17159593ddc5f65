"""What is known of the upload's progress, by all devices and by this one.

The number of bytes done never goes back: it is the board's, plus what this process has sent and not
yet reported. What is under way is not counted, because it may fail. The time left follows from the
rates of all devices together; during the first seconds, and when all is in, nothing is said of it.
"""

from manyhands.events import Progress
from manyhands.parts import PartPlan
from manyhands.wire import Client, ExchangeReply, Upload

QUIET_S = 5.0
PRESENT_S = 30.0


class Tally:
    """``started`` and ``now`` by any clock that goes forward, in seconds."""

    def __init__(self, plan: PartPlan, upload: Upload, started: float) -> None:
        self._plan, self._started = plan, started
        self._board_bytes, self._board_parts = upload.bytes_done, upload.parts_done
        self._clients: list[Client] = []
        self._bytes_done = 0
        self.status = upload.status
        self.own_bytes = self.own_parts = 0

    def answered(self, reply: ExchangeReply) -> None:
        progress = reply.progress
        self._board_bytes, self._board_parts = progress.bytes_done, progress.parts_done
        self._clients, self.status = reply.clients, reply.status

    def seen(self, upload: Upload, clients: list[Client]) -> None:
        self._board_bytes, self._board_parts = upload.bytes_done, upload.parts_done
        self._clients, self.status = clients, upload.status

    def sent(self, part: int) -> None:
        self.own_parts += 1
        self.own_bytes += self._plan.length(part)

    @property
    def devices(self) -> int:
        """Devices at work now, this one included."""
        return max(1, sum(_present(client) for client in self._clients))

    @property
    def contributors(self) -> int:
        """Devices that brought at least one part."""
        return max(1, sum(client.parts > 0 for client in self._clients))

    def progress(
        self,
        unreported: list[int],
        own_rate: int,
        sending: int,
        now: float,
        *,
        in_reach: bool = True,
    ) -> Progress:
        """Out of reach nobody knows how fast anybody is."""
        ahead = sum(self._plan.length(part) for part in unreported)
        self._bytes_done = max(self._bytes_done, min(self._plan.size, self._board_bytes + ahead))
        total = max(own_rate, self._rate_of_all()) * in_reach
        return Progress(
            bytes_done=self._bytes_done,
            bytes=self._plan.size,
            parts_done=min(self._plan.count, self._board_parts + len(unreported)),
            parts=self._plan.count,
            own_bytes=self.own_bytes,
            own_rate=own_rate * in_reach,
            total_rate=total,
            sending=sending,
            devices=self.devices,
            eta_s=self._eta_s(total, now),
            status=self.status,
            in_reach=in_reach,
        )

    def _rate_of_all(self) -> int:
        """As the board last heard it; 0 if we are alone, who know our own better."""
        rates = [client.rate for client in self._clients if _present(client)]
        return sum(rates) if len(rates) > 1 else 0

    def _eta_s(self, rate: int, now: float) -> float | None:
        left = self._plan.size - self._bytes_done
        if now - self._started < QUIET_S or not rate or not left:
            return None
        return round(left / rate, 1)


def _present(client: Client) -> bool:
    return client.alive and (bool(client.held) or client.seen_s < PRESENT_S)
