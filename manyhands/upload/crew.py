"""The connections to the storage: each a thread with its own reader and line.

Which part is on which connection is known only to the deciding thread, which gives the orders; a
connection reports with one message for each order, whatever happens, so none is ever lost to the
engine's count.
"""

import threading
from collections.abc import Callable
from pathlib import Path

from manyhands.engine.happenings import Moved
from manyhands.files.hashing import Digests
from manyhands.files.reader import FileIdentity, PartReader
from manyhands.net.binding import ANY, Binding
from manyhands.net.limiter import Limiter
from manyhands.net.line import Line
from manyhands.upload.desk import Broke, Message, Worker
from manyhands.upload.sender import Sender
from manyhands.wire import Ticket


class BytesMoved:
    """Counts, over all connections, what has left."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0

    def add(self, count: int) -> None:
        with self._lock:
            self._count += count

    def take(self) -> Moved:
        """What has left since the last call."""
        with self._lock:
            count, self._count = self._count, 0
        return Moved(count)


class Connection:
    """``part`` is what it sends, None while idle; for the deciding thread."""

    def __init__(self, sender: Sender, put: Callable[[Message], None]) -> None:
        self.part: int | None = None
        self._sender, self._put = sender, put
        self._worker = Worker("sending", lambda error: put(Broke(error)))

    def send(self, ticket: Ticket) -> None:
        self.part = ticket.part
        self._sender.begin()
        self._worker.submit(lambda: self._put(self._sender.send(ticket)))

    def stop(self) -> None:
        self._sender.stop()

    def end(self) -> None:
        self._sender.stop()
        self._worker.submit(self._sender.close)
        self._worker.end()


class Crew:
    """At most ``count`` connections that share one limit, each made when it is first needed.

    Made and ordered by the deciding thread.
    """

    def __init__(
        self,
        count: int,
        path: Path,
        identity: FileIdentity,
        digests: Digests,
        limiter: Limiter,
        put: Callable[[Message], None],
        binding: Binding = ANY,
    ) -> None:
        self.moved = BytesMoved()
        self._most, self._put = count, put

        def make() -> Sender:
            reader = PartReader(path, identity)
            return Sender(reader, digests, limiter, Line(binding=binding), self.moved.add)

        self._make = make
        self._connections: list[Connection] = []

    @property
    def sending(self) -> int:
        """How many parts are under way."""
        return sum(connection.part is not None for connection in self._connections)

    def start(self, ticket: Ticket) -> None:
        (self._idle() or self._one_more()).send(ticket)

    def stop(self, part: int) -> None:
        for connection in self._connections:
            if connection.part == part:
                connection.stop()

    def stop_all(self) -> None:
        for connection in self._connections:
            if connection.part is not None:
                connection.stop()

    def ended(self, part: int) -> None:
        """The connection that sent this part has reported."""
        for connection in self._connections:
            if connection.part == part:
                connection.part = None

    def end(self) -> None:
        for connection in self._connections:
            connection.end()

    def _idle(self) -> Connection | None:
        return next((each for each in self._connections if each.part is None), None)

    def _one_more(self) -> Connection:
        assert len(self._connections) < self._most, "more PUTs than connections"
        self._connections.append(Connection(self._make(), self._put))
        return self._connections[-1]
