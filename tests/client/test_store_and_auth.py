"""What is remembered of a sign-in, and how it stays good."""

import stat
import threading
from pathlib import Path

import pytest

from manyhands.account.auth import StoredSession, address, login
from manyhands.account.store import Account, Store, home
from manyhands.errors import (
    BadAddress,
    NewPasswordNeeded,
    NotConfigured,
    NotSignedIn,
    StoreUnusable,
    WrongPassword,
)
from manyhands.net.transport import PoolTransport
from tests.client.fake_service import FakeService
from tests.client.runs import signed_in


def sign_in(service: FakeService, store: Store, password: str, new: str | None = None) -> Account:
    return login(
        service.url,
        "ana",
        password,
        new_password=(lambda: new) if new is not None else None,
        transport=PoolTransport(),
        store=store,
        clock=lambda: 1000.0,
    )


def test_a_sign_in_is_remembered_for_its_owner_only(service: FakeService, tmp_path: Path) -> None:
    store = Store(tmp_path / "a" / "b")
    account = sign_in(service, store, "right")
    assert store.load() == account
    assert (account.api, account.expires_at) == (f"{service.url}/api", 4600.0)
    (file,) = (tmp_path / "a" / "b").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert b"right" not in file.read_bytes()


def test_a_wrong_password_changes_nothing(service: FakeService, tmp_path: Path) -> None:
    store = signed_in(service, tmp_path)
    before = store.load()
    with pytest.raises(WrongPassword):
        sign_in(service, store, "wrong")
    assert store.load() == before


def test_a_temporary_password_asks_for_a_new_one(service: FakeService, tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(NewPasswordNeeded):
        sign_in(service, store, "temporary")
    assert sign_in(service, store, "temporary", new="fresh").access_token == "token-1"


def test_an_address_that_is_no_service_is_told_apart(service: FakeService, tmp_path: Path) -> None:
    service.fail("GET", "/config.json", status=404)
    with pytest.raises(NotConfigured, match="404"):
        sign_in(service, Store(tmp_path), "right")
    service.fail("GET", "/config.json", status=200, body=b"<html>")
    with pytest.raises(NotConfigured):
        sign_in(service, Store(tmp_path), "right")


def test_an_address_is_completed() -> None:
    assert address("example.org") == "https://example.org/"
    assert address("http://localhost:8000/") == "http://localhost:8000/"
    for bad in ("", "ftp://example.org", "https://", "https://a/?q=1"):
        with pytest.raises(BadAddress):
            address(bad)


def test_nobody_is_signed_in_before_the_first_sign_in_and_after_forgetting(
    service: FakeService, tmp_path: Path
) -> None:
    with pytest.raises(NotSignedIn):
        Store(tmp_path / "nowhere").load()
    store = signed_in(service, tmp_path)
    store.forget()
    store.forget()
    with pytest.raises(NotSignedIn):
        store.load()


def test_a_broken_file_is_not_taken_for_a_sign_in(tmp_path: Path) -> None:
    (tmp_path / "account.json").write_text('{"url": ')
    with pytest.raises(StoreUnusable):
        Store(tmp_path).load()


def test_a_write_that_fails_leaves_the_old_sign_in(service: FakeService, tmp_path: Path) -> None:
    store = signed_in(service, tmp_path)
    before = store.load()
    with pytest.raises(TypeError):
        store.save(Account(*[object()] * 8))  # type: ignore[arg-type]
    assert store.load() == before
    assert [file.name for file in (tmp_path / "home").iterdir()] == ["account.json"]


def test_readers_never_see_half_a_file(service: FakeService, tmp_path: Path) -> None:
    store = signed_in(service, tmp_path)
    account, done = store.load(), threading.Event()

    def write() -> None:
        for _ in range(50):
            store.save(account)
        done.set()

    threading.Thread(target=write).start()
    while not done.is_set():
        assert store.load() == account


def test_a_token_is_renewed_before_it_expires(service: FakeService, tmp_path: Path) -> None:
    store = signed_in(service, tmp_path)
    session = StoredSession(store, PoolTransport(), clock=lambda: 4e9 - 60)
    assert session.token() == "token-2"
    assert store.load().access_token == "token-2"
    assert store.load().refresh_token == "refresh"


def test_a_token_that_another_process_renewed_is_taken_over(
    service: FakeService, tmp_path: Path
) -> None:
    store = signed_in(service, tmp_path)
    one, other = (StoredSession(store, PoolTransport()) for _ in range(2))
    assert one.renewed("token-1") == "token-2"
    assert other.renewed("token-1") == "token-2"
    assert service.renewals == 1


def test_many_threads_renew_once(service: FakeService, tmp_path: Path) -> None:
    session = StoredSession(signed_in(service, tmp_path), PoolTransport())
    threads = [threading.Thread(target=session.renewed, args=("token-1",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert service.renewals == 1


def test_the_folder_is_chosen_by_the_environment(tmp_path: Path) -> None:
    assert home({"MANYHANDS_HOME": str(tmp_path)}) == tmp_path
    assert home({}).name == "manyhands"
