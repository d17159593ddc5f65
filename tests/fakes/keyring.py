"""Keyrings in memory, good and bad, in place of the system's."""

import threading

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class FakeKeyring(KeyringBackend):
    """Keeps what it is given until the process ends.

    ``longest`` is what it takes at most, as Windows' has it; ``forgets`` is one that keeps nothing
    and says nothing; ``hangs`` waits for somebody at a screen; ``locked`` refuses everything.
    """

    priority = 0  # never found by itself

    def __init__(self, *, longest: int = 0, forgets: bool = False, hangs: bool = False) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.calls = 0
        self.locked = False
        self._longest, self._forgets, self._hangs = longest, forgets, hangs

    def get_password(self, service: str, username: str) -> str | None:
        self._ask()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._ask()
        if self._longest and len(password) > self._longest:
            raise OSError(1783, "The stub received bad data")
        if not self._forgets:
            self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._ask()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")

    def _ask(self) -> None:
        self.calls += 1
        if self.locked:
            raise KeyringLocked("locked")
        if self._hangs:
            threading.Event().wait()
