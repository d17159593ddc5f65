"""Where a sign-in is kept: in the keyring if that is willing, else in a file; never a hang."""

import time
from pathlib import Path

import msgspec
import pytest

from manyhands.account.keyrings import SystemKeyring, at_a_screen, system_keyring
from manyhands.account.store import Account, Store
from manyhands.errors import NotSignedIn
from tests.fakes.keyring import FakeKeyring

ACCOUNT = Account("https://a/", "https://a/api", "https://c", "c1", "ana", "access", "refresh", 1.0)
RENEWED = msgspec.structs.replace(ACCOUNT, access_token="another")


def store_of(folder: Path, backend: FakeKeyring, profile: str = "default") -> Store:
    return Store(folder, profile, keyring=SystemKeyring(lambda: backend, patience_s=0.2))


def files(folder: Path) -> list[str]:
    return sorted(f.name for f in (folder / "credentials").glob("*.json"))


def test_a_willing_keyring_keeps_the_sign_in_and_nothing_is_on_the_disk(tmp_path: Path) -> None:
    backend = FakeKeyring()
    store = store_of(tmp_path, backend)
    store.begin(ACCOUNT)
    store.save(RENEWED)
    assert store.load() == RENEWED
    assert store.place == "the keyring"
    assert files(tmp_path) == []
    store.forget()
    assert backend.kept == {}
    with pytest.raises(NotSignedIn):
        store.load()


def test_profiles_and_folders_do_not_share_an_entry(tmp_path: Path) -> None:
    backend = FakeKeyring()
    for folder in (tmp_path / "a", tmp_path / "b"):
        for profile in ("default", "work"):
            store_of(folder, backend, profile).begin(ACCOUNT)
    assert len(backend.kept) == 4


def locked() -> FakeKeyring:
    backend = FakeKeyring()
    backend.locked = True
    return backend


@pytest.mark.parametrize(
    "backend",
    [locked(), FakeKeyring(longest=10), FakeKeyring(forgets=True), FakeKeyring(hangs=True)],
    ids=["locked", "too small", "forgets", "hangs"],
)
def test_whatever_is_wrong_with_a_keyring_the_file_is_there(
    tmp_path: Path, backend: FakeKeyring
) -> None:
    store = store_of(tmp_path, backend)
    with pytest.raises(NotSignedIn):
        store.load()
    store.begin(ACCOUNT)
    store.save(RENEWED)
    assert store.load() == RENEWED
    assert store.place == str(tmp_path / "credentials" / "default.json")
    store.forget()
    with pytest.raises(NotSignedIn):
        store.load()


def test_a_keyring_that_does_not_answer_is_asked_once(tmp_path: Path) -> None:
    backend = FakeKeyring(hangs=True)
    keyring, started = SystemKeyring(lambda: backend, patience_s=0.1), time.monotonic()
    for _ in range(20):
        assert keyring.get("default") is None
        assert not keyring.put("default", "x")
    assert backend.calls == 1
    assert time.monotonic() - started < 1


def test_who_signed_in_without_a_keyring_is_not_asked_for_one(tmp_path: Path) -> None:
    Store(tmp_path).begin(ACCOUNT)
    backend = FakeKeyring()
    store = store_of(tmp_path, backend)
    assert store.load() == ACCOUNT
    store.save(RENEWED)
    assert (backend.calls, files(tmp_path)) == (0, ["default.json"])


def test_a_new_sign_in_moves_into_the_keyring(tmp_path: Path) -> None:
    Store(tmp_path).begin(ACCOUNT)
    store = store_of(tmp_path, FakeKeyring())
    store.begin(RENEWED)
    assert files(tmp_path) == []
    assert store.load() == RENEWED


def test_a_keyring_that_fails_later_loses_nothing_that_is_renewed(tmp_path: Path) -> None:
    backend = FakeKeyring()
    store = store_of(tmp_path, backend)
    store.begin(ACCOUNT)
    backend.locked = True
    store.save(RENEWED)
    backend.locked = False
    assert store.load() == RENEWED


@pytest.mark.parametrize(
    ("environment", "platform", "found"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":10", "SSH_CONNECTION": "a 1 b 2"}, "linux", False),
        ({}, "darwin", True),
        ({"SSH_CONNECTION": "a 1 b 2"}, "darwin", False),
        ({}, "win32", True),
    ],
)
def test_a_screen_is_where_somebody_can_sit(
    environment: dict[str, str], platform: str, found: bool
) -> None:
    assert at_a_screen(environment, platform) is found


def test_a_keyring_is_asked_before_a_screen_or_by_explicit_choice_only() -> None:
    screen = {"DISPLAY": ":0"}
    assert system_keyring(screen) is not None
    assert system_keyring({"SSH_CONNECTION": "a"}) is None
    assert system_keyring(screen | {"MANYHANDS_HOME": "/x"}) is None
    chosen = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    assert system_keyring(chosen | {"MANYHANDS_HOME": "/x"}) is not None


def test_the_real_library_that_has_no_keyring_is_no_obstacle(tmp_path: Path) -> None:
    store = Store(tmp_path, keyring=SystemKeyring())
    store.begin(ACCOUNT)
    assert store.load() == ACCOUNT
    assert files(tmp_path) == ["default.json"]
