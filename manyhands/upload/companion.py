"""Another way out of this machine: a second client of the same process, with its own connections.

A machine with two lines to the internet can use both for one file: each line is a client of its own
at the board, so slow and fast are told apart, and one that dies costs no more than any device that
does. Companions share the file, its digests and the limit with the first; they put no pages, and
what they send is told and counted by the first, who hears of it at its desk.
"""

import hashlib
import threading
from collections.abc import Callable, Iterable

from manyhands.engine.happenings import Rest, StatusSeen
from manyhands.errors import ManyhandsError, OutOfReach, Paused, Stopped
from manyhands.events import Event, PartSent, Progress, WayLost
from manyhands.inbox import Interrupted
from manyhands.net.api import Api
from manyhands.net.binding import Binding
from manyhands.upload.desk import Beside, Desk
from manyhands.upload.memory import Memory
from manyhands.upload.sender import DigestDiffers
from manyhands.upload.work import Work
from manyhands.wire import Upload

FAREWELL_S = 3.0


class Companion(threading.Thread):
    """``make`` makes its work for its own desk; ``first`` is the desk of the first client."""

    def __init__(
        self, binding: Binding, api: Api, first: Desk, make: Callable[["Companion"], Work]
    ) -> None:
        super().__init__(name=f"way {binding}", daemon=True)
        self.api, self.desk = api, Desk(lambda part: None)
        self.status, self.rate, self.sending, self.under_way = "", 0, 0, 0
        self._binding, self._first = binding, first
        self._work = make(self)
        self._ends: tuple[str, ...] = ()

    def bring(self, ends: tuple[str, ...]) -> None:
        """Begin; ends with one of these statuses, or with the first client."""
        self._ends = ends
        self.start()

    def heard(self, event: Event) -> None:
        """What its work tells, in its own thread."""
        if isinstance(event, PartSent):
            self._first.put(Beside(event))
        elif isinstance(event, Progress):
            self.rate, self.sending = event.own_rate, event.sending
            self.under_way = event.under_way

    def run(self) -> None:
        try:
            self.status = self._work.until(*self._ends)
            self._first.put(StatusSeen(self.status))
        except (Paused, Stopped):
            return
        except OutOfReach as error:
            self._first.put(Beside(WayLost(way=str(self._binding), message=error.message)))
        except (ManyhandsError, DigestDiffers) as error:
            self._first.broke(error)
        finally:
            self.rate = self.sending = self.under_way = 0
            self.desk.end()

    def rest(self) -> None:
        self.desk.put(Rest())

    def leave(self, signal_number: int = 0) -> None:
        self.desk.put(Interrupted(signal_number))
        self.join(FAREWELL_S)


class PartsOnly:
    """A companion's memory: only which parts it sent; the rest is the first client's to keep."""

    def __init__(self, memory: Memory) -> None:
        self.known, self.unreported = memory.known, memory.unreported
        self.sent, self.reported = memory.sent, memory.reported

    def hashed(self, digests: bytes) -> None:
        """Nothing."""

    def opened(self, upload: Upload) -> None:
        """Nothing."""

    def progress(self, progress: Progress, seq: int) -> None:
        """Nothing."""


def name_of(client: str, binding: Binding) -> str:
    """The companion's name at the board: the same again for the same way."""
    return hashlib.sha256(f"{client} {binding}".encode()).hexdigest()[:20]


def rates(companions: Iterable[Companion]) -> tuple[int, int, int]:
    """Bytes a second, parts under way and bytes of them that have left, of all of them."""
    found = [(each.rate, each.sending, each.under_way) for each in companions]
    rate, sending, under_way = (sum(figures) for figures in zip((0, 0, 0), *found, strict=True))
    return rate, sending, under_way
