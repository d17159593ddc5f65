"""What is known of the upload's progress, by all devices and by this one.

The number of bytes done never goes back: it is the board's, plus what this process has sent and not
yet reported. What is under way is told apart, because it may fail. The time left follows from the
rates of all devices that hold tickets; during the first seconds, while it is paused for everybody,
and when all is in, nothing is said of it.
"""

from manyhands.board.totals import present
from manyhands.engine.stages import Stage, stage_of
from manyhands.events import Progress
from manyhands.parts import PartPlan
from manyhands.wire import Client, ExchangeReply, Upload

QUIET_S = 5.0


class Tally:
    """``started`` and ``now`` by any clock that goes forward, in seconds.

    ``upload`` is as it was last seen.
    """

    def __init__(self, plan: PartPlan, upload: Upload, started: float) -> None:
        self._plan, self._started = plan, started
        self._board_bytes, self._board_parts = upload.bytes_done, upload.parts_done
        self._clients: list[Client] = []
        self._bytes_done = 0
        self.upload, self.status = upload, upload.status
        self.own_bytes = self.own_parts = self._number = 0

    def answered(self, reply: ExchangeReply) -> None:
        progress = reply.progress
        self._board_bytes, self._board_parts = progress.bytes_done, progress.parts_done
        self._clients, self.status = reply.clients, reply.status
        self._number = reply.number

    def seen(self, upload: Upload, clients: list[Client]) -> None:
        self._board_bytes, self._board_parts = upload.bytes_done, upload.parts_done
        self._clients, self.upload, self.status = clients, upload, upload.status

    def sent(self, part: int) -> None:
        self.own_parts += 1
        self.own_bytes += self._plan.length(part)

    @property
    def devices(self) -> int:
        """Devices at work now, this one included."""
        return max(1, sum(present(client) for client in self._clients))

    @property
    def contributors(self) -> int:
        """Devices that brought at least one part."""
        return max(1, sum(client.parts > 0 for client in self._clients))

    @property
    def brought(self) -> int:
        """Bytes by this device in all its runs; 0 if the board does not say."""
        rows = [client for client in self._clients if client.number == self._number]
        return rows[0].bytes if rows else 0

    def progress(
        self,
        unreported: list[int],
        own_rate: int,
        sending: int,
        now: float,
        *,
        in_reach: bool = True,
        under_way: int = 0,
    ) -> Progress:
        """Out of reach nobody knows how fast anybody is, and in a pause nobody is."""
        ahead = sum(self._plan.length(part) for part in unreported)
        self._bytes_done = max(self._bytes_done, min(self._plan.size, self._board_bytes + ahead))
        moving = in_reach and stage_of(self.status) is not Stage.PAUSED
        total = max(own_rate, self._rate_of_all()) * moving
        return Progress(
            bytes_done=self._bytes_done,
            size=self._plan.size,
            parts_done=min(self._plan.count, self._board_parts + len(unreported)),
            parts=self._plan.count,
            own_bytes=self.own_bytes,
            own_rate=own_rate * moving,
            total_rate=total,
            sending=sending,
            devices=self.devices,
            eta_s=self._eta_s(total, now),
            status=self.status,
            in_reach=in_reach,
            under_way=min(self._plan.size - self._bytes_done, under_way),
        )

    def _rate_of_all(self) -> int:
        """As the board last heard it; 0 if we are alone, who know our own better."""
        here = [client for client in self._clients if present(client)]
        return sum(client.rate for client in here if client.held) if len(here) > 1 else 0

    def _eta_s(self, rate: int, now: float) -> float | None:
        left = self._plan.size - self._bytes_done
        if now - self._started < QUIET_S or not rate or not left:
            return None
        return round(left / rate, 1)
