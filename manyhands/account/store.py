"""What is remembered between commands: where the service is, and who is signed in.

One JSON file in the platform's folder for configuration, or in ``MANYHANDS_HOME``, readable by its
owner only. It is replaced as a whole by a rename, so a reader never sees half of it and a crash
leaves the old one; a lock beside it keeps two processes from renewing the same sign-in at once.
The tokens are kept as plain text, like the AWS command line's: a keyring was refused, because the
machines that upload most have none.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import platformdirs

from manyhands.errors import NotSignedIn, StoreUnusable

FOLDER_VARIABLE = "MANYHANDS_HOME"


class Account(msgspec.Struct, frozen=True):
    """``expires_at``: seconds since the epoch by this machine's clock, of the access token."""

    url: str
    api: str
    cognito_endpoint: str
    client_id: str
    username: str
    access_token: str
    refresh_token: str
    expires_at: float


def home(environment: Mapping[str, str]) -> Path:
    """The folder for what is remembered."""
    chosen = environment.get(FOLDER_VARIABLE)
    return Path(chosen) if chosen else platformdirs.user_config_path("manyhands")


class Store:
    """The account of this person on this machine. Every method raises StoreUnusable."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "account.json"

    def load(self) -> Account:
        """Raises NotSignedIn."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Account)
        except FileNotFoundError as error:
            raise NotSignedIn from error
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise StoreUnusable(f"{self._path} cannot be read. Please sign in again.") from error

    def save(self, account: Account) -> None:
        with self._telling():
            self._make_folder()
            handle, name = tempfile.mkstemp(dir=self._folder, prefix="account.")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(msgspec.json.format(msgspec.json.encode(account)))
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(self._path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise

    def forget(self) -> None:
        with self._telling():
            self._path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """One process at a time, among those that ask."""
        with self._telling():
            self._make_folder()
            handle = os.open(self._folder / "account.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle)
            yield
        finally:
            os.close(handle)

    def _make_folder(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreUnusable(f"{self._folder} cannot be used: {error.strerror}.") from error


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        """Held until the handle is closed, also by the end of the process."""
        fcntl.flock(handle, fcntl.LOCK_EX)
