"""``configure``, ``login``, ``whoami`` and ``logout``: what is said, and what is remembered."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from manyhands.account.store import Store
from tests.client.fake_service import FakeService
from tests.client.runs import signed_in

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The command line in a process of its own; names in capitals are its environment."""

    def command(*arguments: str, stdin: str = "", **environment: str) -> object:
        return subprocess.run(
            [sys.executable, "-m", "manyhands", *arguments],
            env=os.environ | {"MANYHANDS_HOME": str(tmp_path / "home")} | environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=30,
        )

    return command  # type: ignore[return-value]


LOGIN = ("login", "--username", "ana", "--password-stdin")


def test_a_profile_is_configured_once_and_signed_in_to_by_name(
    run: Run, service: FakeService
) -> None:
    assert "--profile work login" in run("configure", "--profile", "work", service.url).stdout
    assert run("--profile", "work", *LOGIN, stdin="right").returncode == 0
    assert run("--profile", "work", "status").returncode == 0
    assert run("status", MANYHANDS_PROFILE="work").returncode == 0
    without = run("status")
    assert (without.returncode, "manyhands login" in without.stderr) == (253, True)


def test_configure_remembers_addresses_and_lists_them(run: Run) -> None:
    assert run("configure", "a.example").returncode == 0
    assert run("--profile", "work", "configure", "https://b.example/x").returncode == 0
    listed = run("configure", "--list", MANYHANDS_PROFILE="work")
    assert listed.stdout.splitlines() == [
        "  default      https://a.example/",
        "* work         https://b.example/x/",
    ]
    assert run("configure", "ftp://x").returncode == 252
    assert run("configure", "--profile", "No Such", "x.example").returncode == 252


def test_an_address_at_login_is_remembered_once_somebody_is_signed_in(
    run: Run, service: FakeService
) -> None:
    login = ("login", service.url, "--username", "ana", "--password-stdin")
    assert run(*login, stdin="wrong").returncode == 253
    assert run("configure", "--list").stdout == ""
    assert run(*login, stdin="right").returncode == 0
    assert run("configure", "--list").stdout == f"* default      {service.url}/\n"
    assert run(*LOGIN, stdin="right").returncode == 0


def test_the_address_of_the_environment_counts_and_is_not_remembered(
    run: Run, service: FakeService
) -> None:
    assert run(*LOGIN, stdin="right", MANYHANDS_URL=service.url).returncode == 0
    assert run("whoami", MANYHANDS_URL=service.url).returncode == 0
    assert run("configure", "--list").stdout == ""
    elsewhere = run("whoami", MANYHANDS_URL="http://127.0.0.1:9")
    assert (elsewhere.returncode, "not to http://127.0.0.1:9/" in elsewhere.stderr) == (253, True)


def test_without_an_address_or_a_profile_it_says_what_to_do(run: Run) -> None:
    assert (login := run("login")).returncode == 253
    assert "manyhands login URL" in login.stderr
    for arguments in (["login"], ["status"], ["whoami"], ["logout"]):
        missing = run("--profile", "lab", *arguments)
        assert (missing.returncode, "no profile «lab»" in missing.stderr) == (253, True)


def test_who_is_signed_in_is_shown(run: Run, service: FakeService, tmp_path: Path) -> None:
    signed_in(service, tmp_path)
    shown = run("whoami")
    kept = tmp_path / "home" / "credentials" / "default.json"
    assert shown.stdout.splitlines() == [
        "profile   default",
        f"address   {service.url}/",
        "person    ana",
        "groups    Personal, film",
        f"kept in   {kept}",
    ]
    assert json.loads(run("whoami", "--json").stdout) == {
        "event": "account",
        "profile": "default",
        "address": f"{service.url}/",
        "person": "ana",
        "groups": ["Personal", "film"],
        "kept_in": str(kept),
    }
    run("logout")
    assert run("whoami").returncode == 253


def test_signing_out_revokes_and_signing_out_of_all_leaves_nobody(
    run: Run, service: FakeService, tmp_path: Path
) -> None:
    for profile in ("default", "work"):
        run("--profile", profile, "login", service.url, *LOGIN[1:], stdin="right")
    gone = signed_in(service, tmp_path / "other").load()
    Store(tmp_path / "home", "gone").begin(msgspec.structs.replace(gone, refresh_token="third"))
    assert run("logout").stdout == "Signed out.\n"
    assert run("--profile", "work", "whoami").returncode == 0
    assert service.revoked == ["refresh"]
    out = run("logout", "--all")
    assert (out.returncode, out.stderr) == (0, "")
    assert sorted(service.revoked) == ["refresh", "refresh", "third"]
    assert list((tmp_path / "home" / "credentials").glob("*.json")) == []


def test_without_a_network_it_is_forgotten_and_says_so(
    run: Run, service: FakeService, tmp_path: Path
) -> None:
    store = signed_in(service, tmp_path)
    store.save(msgspec.structs.replace(store.load(), cognito_endpoint="http://127.0.0.1:9"))
    out = run("logout")
    assert (out.returncode, out.stdout) == (0, "Signed out.\n")
    assert "could not be revoked" in out.stderr
    assert run("whoami").returncode == 253


def test_a_damaged_profile_file_is_a_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "config.ini").write_text("[[[")
    for arguments in (["status"], ["login"], ["configure", "x.example"], ["configure", "--list"]):
        told = run(*arguments)
        assert (told.returncode, "config.ini cannot be read" in told.stderr) == (253, True)
        assert "Traceback" not in told.stderr


def test_the_sign_in_of_a_former_version_goes_on(
    run: Run, service: FakeService, tmp_path: Path
) -> None:
    store = signed_in(service, tmp_path)
    account = store.load()
    store.forget()
    (tmp_path / "home" / "account.json").write_bytes(msgspec.json.encode(account))
    assert "person    ana" in run("whoami").stdout
    assert run("configure", "--list").stdout == f"* default      {service.url}/\n"


BROWSER = """
import os, sys, time, urllib.request
from urllib.parse import parse_qs, urlencode, urlsplit
asked = parse_qs(urlsplit(sys.argv[1]).query)
query = urlencode({"code": "good", "state": asked["state"][0]})
urllib.request.urlopen(asked["redirect_uri"][0] + "?" + query).read()
os.close(1), os.close(2)
time.sleep(15)
"""


def test_a_browser_is_opened_where_there_is_one_even_if_it_stays_in_front(
    run: Run, service: FakeService, tmp_path: Path
) -> None:
    script = tmp_path / "browser.py"
    script.write_text(BROWSER)
    started = time.monotonic()
    signed = run("login", service.url, BROWSER=f"{sys.executable} {script} %s")
    assert time.monotonic() - started < 12
    assert (signed.returncode, "Signed in to" in signed.stdout) == (0, True)
    assert f"{service.url}/authorize?" in signed.stderr


def test_without_a_screen_it_asks_for_a_password_though_there_is_a_browser_for_terminals(
    run: Run, service: FakeService, tmp_path: Path
) -> None:
    (tmp_path / "w3m").write_text("#!/bin/sh\n")
    (tmp_path / "w3m").chmod(0o700)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    headless = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": "", "SSH_CONNECTION": "a 1 b 2"}
    asked = run("login", service.url, stdin="", PATH=path, **headless)
    assert (asked.returncode, "--password-stdin" in asked.stderr) == (252, True)
    assert "authorize" not in asked.stderr
