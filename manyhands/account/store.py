"""Who is signed in, for one profile: in the system's keyring if it takes it, else in a file.

A new sign-in is offered to the keyring; if that has not got it safely, it goes to
``credentials/<profile>.json``, readable by its owner only, plain text like the AWS command line's:
the machines that upload most have no keyring. From then on it stays where it is. The file is looked
at first and a keyring that takes a sign-in over removes it, so there is one answer; and who signed
in without a keyring is never asked to unlock one.

A sign-in belongs to an address. If the profile now points elsewhere it does not count, so that no
token ever goes to another service.

A lock for each profile keeps several processes from renewing the same sign-in at once.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from manyhands.account import folder as files
from manyhands.account.keyrings import Keyring
from manyhands.account.profiles import DEFAULT, command
from manyhands.errors import NotSignedIn, StoreUnusable

FOLDER = "credentials"


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


def credentials(folder: Path) -> list[str]:
    """The profiles whose sign-in is in a file."""
    return sorted(path.stem for path in (folder / FOLDER).glob("*.json"))


class Store:
    """The account of one profile. Every method raises StoreUnusable.

    ``url``: the address that a sign-in must be for, "" if any will do.
    """

    def __init__(
        self, folder: Path, profile: str = DEFAULT, *, url: str = "", keyring: Keyring | None = None
    ) -> None:
        self.profile, self._url, self._keyring = profile, url, keyring
        self._path = folder / FOLDER / f"{profile}.json"
        usual = folder == files.home({})
        self._entry = profile if usual else f"{profile} ({folder})"

    @property
    def place(self) -> str:
        """Where a sign-in that is there is kept, in words."""
        return str(self._path) if self._path.exists() else "the keyring"

    def load(self) -> Account:
        """Raises NotSignedIn."""
        account = self._read()
        if account is None:
            what = "login" if self._url else "login URL"
            raise NotSignedIn(
                f"You are not signed in. Please run «{command(self.profile, what)}» first."
            )
        if self._url and account.url != self._url:
            raise NotSignedIn(
                f"You are signed in to {account.url}, not to {self._url}. "
                f"Please run «{command(self.profile, 'login')}»."
            )
        return account

    def begin(self, account: Account) -> None:
        """Keep a new sign-in, instead of a former one."""
        text = _text(account)
        if self._keyring is not None and self._keyring.put(self._entry, text):
            self._remove_file()
        else:
            self._write(text)

    def save(self, account: Account) -> None:
        """Keep a renewed sign-in where it is."""
        text = _text(account)
        in_file = self._path.exists() or self._keyring is None
        if in_file or not (self._keyring and self._keyring.put(self._entry, text)):
            self._write(text)

    def forget(self) -> None:
        if self._keyring is not None:
            self._keyring.drop(self._entry)
        self._remove_file()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """One process at a time, among those that ask."""
        with files.locked(self._path.with_suffix(".lock")):
            yield

    def _read(self) -> Account | None:
        try:
            raw: bytes | str | None = self._path.read_bytes()
        except FileNotFoundError:
            raw = self._keyring.get(self._entry) if self._keyring else None
        except OSError as error:
            raise self._unreadable() from error
        try:
            return msgspec.json.decode(raw, type=Account) if raw is not None else None
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self._unreadable() from error

    def _unreadable(self) -> StoreUnusable:
        login = command(self.profile, "login")
        return StoreUnusable(f"{self.place} cannot be read. Please run «{login}» again.")

    def _write(self, text: str) -> None:
        files.write(self._path, msgspec.json.format(text).encode())

    def _remove_file(self) -> None:
        with files.telling(self._path.parent):
            self._path.unlink(missing_ok=True)


def _text(account: Account) -> str:
    return msgspec.json.encode(account).decode()
