"""The connections to the storage: each a thread with its own reader and line.

Which part is on which connection is known only to the deciding thread, which gives the orders; a
connection reports with one message for each order, whatever happens, so none is ever lost to the
engine's count.
"""

from collections.abc import Callable
from pathlib import Path

from manyhands.files.hashing import Digests
from manyhands.files.reader import FileIdentity, PartReader
from manyhands.inbox import Broke, Counter, Worker
from manyhands.net.binding import ANY, Binding
from manyhands.net.limiter import Limiter
from manyhands.net.line import Line
from manyhands.upload.desk import Message
from manyhands.upload.sender import Sender
from manyhands.wire import Ticket


class Connection:
    """``part`` is what it sends, None while idle; ``left``: counts its bytes that have left.

    For the deciding thread.
    """

    def __init__(
        self, sender: Sender, left: Counter, put: Callable[[Message | Broke], None]
    ) -> None:
        self.part: int | None = None
        self.left = left
        self._sender, self._put = sender, put
        self._worker = Worker("sending", lambda error: put(Broke(error)))

    def send(self, ticket: Ticket) -> None:
        self.part = ticket.part
        self.left.take()
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
        put: Callable[[Message | Broke], None],
        binding: Binding = ANY,
    ) -> None:
        self.moved = Counter()
        self._most = count

        def make() -> Connection:
            left = Counter()

            def count(moved: int) -> None:
                left.add(moved)
                self.moved.add(moved)

            reader, line = PartReader(path, identity), Line(binding=binding)
            return Connection(Sender(reader, digests, limiter, line, count), left, put)

        self._make = make
        self._connections: list[Connection] = []

    @property
    def sending(self) -> int:
        """How many parts are under way."""
        return sum(connection.part is not None for connection in self._connections)

    @property
    def under_way(self) -> int:
        """Bytes that have left of them."""
        return sum(each.left.count for each in self._connections if each.part is not None)

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
        self._connections.append(self._make())
        return self._connections[-1]
