"""The system's keyring, where there is one; a guest that may fail, but never hold anybody up.

``keyring`` speaks to the macOS keychain, the Secret Service and KWallet, and Windows' Credential
Manager. What it does not do is promise an answer: a locked keyring asks on a screen, and where
nobody sits before one it waits for ever. So it is not asked at all without a screen; each call runs
in a thread of its own that is left behind after a while; and whatever a backend raises counts as
"there is no keyring here". What was written is read back, because there are backends that keep
nothing and say nothing. Whoever calls has a file to fall back to.

Windows takes 1,280 characters at most, fewer than Cognito's tokens have, so there it comes to the
file. Cutting them into pieces was refused: several entries cannot be replaced at once.

``MANYHANDS_HOME`` is a promise that everything is in that folder, so it keeps out the keyring. Who
sets ``PYTHON_KEYRING_BACKEND`` has chosen a backend, and gets it anywhere.
"""

import logging
import queue
import sys
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol, TypeVar

from manyhands.account import folder

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

log = logging.getLogger(__name__)

SERVICE = "manyhands"
PATIENCE_S = 30.0
BACKEND_VARIABLE = "PYTHON_KEYRING_BACKEND"
T = TypeVar("T")


class Keyring(Protocol):
    """A place for secrets that may refuse. No method raises, none waits for long."""

    def get(self, name: str) -> str | None:
        """None if it has none, or cannot say."""
        ...

    def put(self, name: str, secret: str) -> bool:
        """Whether it is kept, and can be read again."""
        ...

    def drop(self, name: str) -> None:
        """Gone, if it was there and the keyring is willing."""
        ...


def at_a_screen(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether a person sits before this machine, as far as one can tell."""
    if environment.get("SSH_CONNECTION"):
        return False
    if platform in ("win32", "darwin"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def system_keyring(environment: Mapping[str, str]) -> Keyring | None:
    """The keyring if it may be asked at all."""
    if environment.get(BACKEND_VARIABLE):
        return SystemKeyring()
    if environment.get(folder.VARIABLE) or not at_a_screen(environment):
        return None
    return SystemKeyring()


def _detected() -> "KeyringBackend":
    import keyring  # here: it takes a while, and most commands never need it

    return keyring.get_keyring()


class SystemKeyring:
    """``Keyring`` by the library of that name. After one call without an answer it is not asked
    again."""

    def __init__(
        self, backend: Callable[[], "KeyringBackend"] = _detected, patience_s: float = PATIENCE_S
    ) -> None:
        self._backend, self._patience_s = backend, patience_s
        self._silent = False

    def get(self, name: str) -> str | None:
        return self._ask(lambda keyring: keyring.get_password(SERVICE, name))

    def put(self, name: str, secret: str) -> bool:
        def keep(keyring: "KeyringBackend") -> bool:
            keyring.set_password(SERVICE, name, secret)
            return keyring.get_password(SERVICE, name) == secret

        return bool(self._ask(keep))

    def drop(self, name: str) -> None:
        self._ask(lambda keyring: keyring.delete_password(SERVICE, name))

    def _ask(self, what: Callable[["KeyringBackend"], T]) -> T | None:
        if self._silent:
            return None
        answers: queue.SimpleQueue[T | None] = queue.SimpleQueue()
        threading.Thread(target=self._run, args=(what, answers), daemon=True).start()
        try:
            return answers.get(timeout=self._patience_s)
        except queue.Empty:
            self._silent = True
            log.warning("the keyring did not answer within %s s", self._patience_s)
            return None

    def _run(
        self,
        what: Callable[["KeyringBackend"], T],
        answers: "queue.SimpleQueue[T | None]",
    ) -> None:
        try:
            answers.put(what(self._backend()))
        except Exception as error:  # noqa: BLE001 - backends raise what they like
            log.info("the keyring refused: %r", error)
            answers.put(None)
