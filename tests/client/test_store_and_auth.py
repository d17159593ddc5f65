"""What is remembered of a sign-in, and how it stays good."""

import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest

from manyhands.account import former
from manyhands.account.auth import StoredSession
from manyhands.account.folder import home, write
from manyhands.account.profiles import Profiles
from manyhands.account.signing import by_password, sign_out
from manyhands.account.store import Account, Store
from manyhands.errors import (
    NewPasswordNeeded,
    NotConfigured,
    NotSignedIn,
    StoreUnusable,
    Unreachable,
    WrongPassword,
)
from manyhands.net.transport import Answer, PoolTransport
from tests.client.fake_service import FakeService
from tests.client.runs import signed_in


def sign_in(service: FakeService, store: Store, password: str, new: str | None = None) -> Account:
    account = by_password(
        service.url,
        "ana",
        password,
        new_password=(lambda: new) if new is not None else None,
        transport=PoolTransport(),
        clock=lambda: 1000.0,
    )
    store.begin(account)
    return account


def test_a_sign_in_is_remembered_for_its_owner_only(service: FakeService, tmp_path: Path) -> None:
    store = Store(tmp_path / "a" / "b")
    account = sign_in(service, store, "right")
    assert store.load() == account
    assert (account.api, account.expires_at) == (f"{service.url}/api", 4600.0)
    (file,) = (tmp_path / "a" / "b" / "credentials").iterdir()
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


@pytest.mark.parametrize("content", ['{"url": ', "\xff", "[]", "{}"])
def test_a_broken_file_is_not_taken_for_a_sign_in_and_can_be_forgotten(
    tmp_path: Path, content: str
) -> None:
    file = tmp_path / "credentials" / "default.json"
    file.parent.mkdir()
    file.write_text(content, encoding="latin-1")
    with pytest.raises(StoreUnusable, match="manyhands login"):
        Store(tmp_path).load()
    assert "cannot be read" in sign_out(Store(tmp_path), PoolTransport())
    with pytest.raises(NotSignedIn):
        Store(tmp_path).load()


def test_each_profile_has_a_sign_in_of_its_own(service: FakeService, tmp_path: Path) -> None:
    work, home = Store(tmp_path, "work"), Store(tmp_path)
    account = sign_in(service, work, "right")
    with pytest.raises(NotSignedIn, match="manyhands login"):
        home.load()
    home.begin(msgspec.structs.replace(account, username="ben"))
    work.forget()
    assert home.load().username == "ben"


def test_a_sign_in_does_not_count_for_another_address(service: FakeService, tmp_path: Path) -> None:
    store = Store(tmp_path)
    account = sign_in(service, store, "right")
    assert Store(tmp_path, url=account.url).load() == account
    with pytest.raises(NotSignedIn, match=r"not to https://elsewhere\.example/"):
        Store(tmp_path, url="https://elsewhere.example/").load()


def former_file(service: FakeService, folder: Path) -> Account:
    """Writes what version 0.1 wrote."""
    store = signed_in(service, folder)
    account = store.load()
    store.forget()
    (folder / "home" / former.NAME).write_bytes(msgspec.json.encode(account))
    return account


def test_the_sign_in_of_a_former_version_becomes_the_default_profile(
    service: FakeService, tmp_path: Path
) -> None:
    account, folder = former_file(service, tmp_path), tmp_path / "home"
    for _ in range(2):
        former.adopt(folder)
        assert Store(folder).load() == account
        assert Profiles(folder).all() == {"default": account.url}
    assert not (folder / former.NAME).exists()


def test_a_former_sign_in_does_not_change_a_profile_that_is_configured(
    service: FakeService, tmp_path: Path
) -> None:
    former_file(service, tmp_path)
    Profiles(tmp_path / "home").set("default", "https://elsewhere.example/")
    former.adopt(tmp_path / "home")
    assert Profiles(tmp_path / "home").all() == {"default": "https://elsewhere.example/"}


def test_a_former_file_that_is_damaged_says_so_once(tmp_path: Path) -> None:
    (tmp_path / former.NAME).write_text("{")
    former.adopt(tmp_path)
    assert Profiles(tmp_path).all() == {}
    with pytest.raises(StoreUnusable):
        Store(tmp_path).load()


def test_a_write_that_fails_leaves_the_old_sign_in(service: FakeService, tmp_path: Path) -> None:
    store = signed_in(service, tmp_path)
    before = store.load()
    with pytest.raises(TypeError):
        store.save(Account(*[object()] * 8))  # type: ignore[arg-type]
    assert store.load() == before
    assert [f.name for f in (tmp_path / "home" / "credentials").iterdir()] == ["default.json"]


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken" / "by a folder").mkdir(parents=True)
    with pytest.raises(StoreUnusable):
        write(tmp_path / "taken", b"content")
    assert [f.name for f in tmp_path.iterdir()] == ["taken"]


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


RENEW = """
import sys
from pathlib import Path
from manyhands.account.auth import StoredSession
from manyhands.account.store import Store
from manyhands.net.transport import Answer, PoolTransport
session = StoredSession(Store(Path(sys.argv[1])), PoolTransport())
print("ready", flush=True)
sys.stdin.readline()
print(session.renewed("token-1"))
"""


def test_processes_that_renew_at_once_renew_once(service: FakeService, tmp_path: Path) -> None:
    signed_in(service, tmp_path)
    service.fail("POST", "^/$", before=lambda: time.sleep(0.3), times=4)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RENEW, str(tmp_path / "home")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout and process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate(timeout=20)[0] for process in processes] == ["token-2\n"] * 4
    assert service.renewals == 1


def test_a_refresh_token_that_is_refused_means_signing_in_again(
    service: FakeService, tmp_path: Path
) -> None:
    session = StoredSession(signed_in(service, tmp_path), PoolTransport())
    service.revoked.append("refresh")
    with pytest.raises(NotSignedIn, match="manyhands login"):
        session.renewed("token-1")


def test_signing_out_revokes_what_was_kept(service: FakeService, tmp_path: Path) -> None:
    store = signed_in(service, tmp_path)
    assert sign_out(store, PoolTransport()) == ""
    assert service.revoked == ["refresh"]
    with pytest.raises(NotSignedIn):
        store.load()
    assert sign_out(store, PoolTransport()) == ""
    assert service.revoked == ["refresh"]


class Nowhere:
    """A ``Transport`` that never arrives, and says how long it would have waited."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def send(self, method: str, url: str, *, timeout_s: float, **_: object) -> Answer:
        self.waits.append(timeout_s)
        raise Unreachable("No network.")


def test_who_signs_out_without_a_network_does_not_wait_long(
    service: FakeService, tmp_path: Path
) -> None:
    nowhere = Nowhere()
    assert sign_out(signed_in(service, tmp_path), nowhere) == "No network."
    assert len(nowhere.waits) == 1
    assert nowhere.waits[0] <= 5


@pytest.mark.parametrize("status", [400, 500])
def test_a_sign_in_that_cannot_be_revoked_is_forgotten_all_the_same(
    service: FakeService, tmp_path: Path, status: int
) -> None:
    store = signed_in(service, tmp_path)
    service.fail("POST", "^/$", status=status, body=b"no")
    assert sign_out(store, PoolTransport())
    with pytest.raises(NotSignedIn):
        store.load()


def test_the_folder_is_chosen_by_the_environment(tmp_path: Path) -> None:
    assert home({"MANYHANDS_HOME": str(tmp_path)}) == tmp_path
    assert home({}).name == "manyhands"
