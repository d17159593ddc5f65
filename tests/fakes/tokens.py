"""Tokens that a test gives out itself."""

from chalicelib.domain.board import Person
from chalicelib.domain.errors import TokenExpired, TokenInvalid
from chalicelib.ports import Caller


class FakeTokens:
    """The port ``Tokens``."""

    def __init__(self) -> None:
        self._callers: dict[str, Caller] = {}
        self._expired: set[str] = set()

    def issue(self, person: Person, *groups: str) -> str:
        """A new token for a member of these groups."""
        token = f"token-{len(self._callers) + 1}"
        self._callers[token] = Caller(person, (f"user:{person.id}", *sorted(groups)))
        return token

    def expire(self, token: str) -> None:
        self._expired.add(token)

    def verify(self, token: str) -> Caller:
        if token not in self._callers:
            raise TokenInvalid
        if token in self._expired:
            raise TokenExpired
        return self._callers[token]
