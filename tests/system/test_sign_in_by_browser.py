"""A whole sign-in: the command line, the sign-in page, an upload, and out again."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin

import pytest

from local.people import PASSWORD
from local.stack import Stack
from manyhands.account.cognito import Cognito
from manyhands.account.store import Store
from manyhands.errors import WrongPassword
from manyhands.net.transport import PoolTransport
from tests.calls import HTTP

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    def process(*arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "manyhands", *arguments],
            env=os.environ | {"MANYHANDS_HOME": str(tmp_path / "home")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return process


def finished(process: "subprocess.Popen[str]") -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out


def printed_address(process: "subprocess.Popen[str]") -> str:
    assert process.stderr
    for line in process.stderr:
        if "/oauth2/authorize?" in line:
            return line.strip()
    raise AssertionError("no address was printed")


def browse(url: str, person: str, password: str) -> Any:
    """Fill in the form of the page and go where it leads, as a browser would."""
    page = HTTP.request("GET", url).data.decode()
    form = page[page.rindex("<form") :]
    assert {"username", "password"} == set(re.findall(r'name="(\w+)"', form))
    (action,) = re.findall(r'action="([^"]*)"', form)
    answer = HTTP.request(
        "POST",
        urljoin(url, unescape(action)),
        body=urlencode({"username": person, "password": password}).encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        redirect=False,
    )
    return HTTP.request("GET", answer.headers["Location"]) if answer.status == 302 else answer


def test_who_signs_in_by_browser_uploads_and_signs_out_for_good(
    stack: Stack, start: Start, tmp_path: Path
) -> None:
    login = start("--profile", "work", "login", stack.url, "--no-browser")
    url = printed_address(login)
    assert "User name or password is wrong" in browse(url, "ben", "wrong").data.decode()
    assert login.poll() is None
    page = browse(url, "ben", PASSWORD)
    assert (page.status, "close this window" in page.data.decode()) == (200, True)
    assert f"Signed in to {stack.url}/ as ben." in finished(login)

    shown = finished(start("--profile", "work", "whoami"))
    assert "person    ben" in shown
    assert "Personal, film, lab" in shown

    file = tmp_path / "small.bin"
    file.write_bytes(os.urandom(10_000))
    assert "was stored" in finished(start("--profile", "work", "upload", str(file)))

    account = Store(tmp_path / "home", "work").load()
    pool = Cognito(account.cognito_endpoint, account.client_id, PoolTransport())
    assert pool.renew(account.refresh_token).authentication_result
    assert finished(start("--profile", "work", "logout")) == "Signed out.\n"
    with pytest.raises(WrongPassword):
        pool.renew(account.refresh_token)
    refused = start("--profile", "work", "whoami")
    assert "not signed in" in refused.communicate(timeout=60)[1]
    assert refused.returncode == 253


def test_an_upload_goes_on_when_the_token_of_a_browsers_sign_in_is_old(
    stack: Stack, start: Start, tmp_path: Path
) -> None:
    login = start("login", stack.url, "--no-browser")
    browse(printed_address(login), "ana", PASSWORD)
    finished(login)
    store = Store(tmp_path / "home")
    old = store.load()
    store.save(type(old)(**{f: getattr(old, f) for f in old.__struct_fields__} | {"expires_at": 0}))
    assert "person    ana" in finished(start("whoami"))
    assert store.load().access_token != old.access_token
