"""People whose addresses a test knows."""

from collections.abc import Mapping

from chalicelib.domain.board import Person


class FakePeople:
    """The port ``People``. ``addresses``: by the person's id, verified ones only."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._addresses = dict(addresses)

    def address(self, person: Person) -> str | None:
        return self._addresses.get(person.id)
