"""A mail service that keeps what it is given, and refuses some addresses."""

from collections.abc import Collection

from chalicelib.ports import Mail


class FakeMailer:
    """The port ``Mailer``. ``refused``: addresses that it will never take."""

    def __init__(self, refused: Collection[str] = ()) -> None:
        self._refused = frozenset(refused)
        self.sent: list[tuple[str, Mail]] = []

    def send(self, address: str, mail: Mail) -> bool:
        if address in self._refused:
            return False
        self.sent.append((address, mail))
        return True
