"""A mail service that keeps what it is given, knows some addresses for none, or refuses all."""

from collections.abc import Collection

from chalicelib.ports import Mail, Mailed


class FakeMailer:
    """The port ``Mailer``. ``nowhere``: what is no address; ``closed``: to this sender."""

    def __init__(self, nowhere: Collection[str] = (), closed: bool = False) -> None:
        self._nowhere, self._closed = frozenset(nowhere), closed
        self.sent: list[tuple[str, Mail]] = []

    def send(self, address: str, mail: Mail) -> Mailed:
        if self._closed:
            return Mailed.REFUSED
        if address in self._nowhere:
            return Mailed.NO_ADDRESS
        self.sent.append((address, mail))
        return Mailed.TAKEN
