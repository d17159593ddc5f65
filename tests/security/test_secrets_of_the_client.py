"""What the command line may never write down, even where it tells all it knows: with ``--debug``.

Runs against a service with faults, in this process; heard are stdout, stderr, our loggers and those
of the HTTP library at DEBUG, and the whole traceback with its causes.
"""

import contextlib
import io
import logging
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from manyhands.cli.main import main
from manyhands.cli.settings import SETTINGS
from manyhands.errors import ManyhandsError
from tests.client.conftest import film, service
from tests.client.fake_board import SIGNATURE
from tests.client.fake_service import BAD_DIGEST, FakeService
from tests.client.runs import Run, signed_in

__all__ = ["film", "service"]

PASSWORD = "wrong-Password-7"
TOKENS = ("token-1", "refresh", "Bearer")
FAULTS = {
    "the service knows no such upload": ("POST", r"/tickets", {"status": 404, "times": 9}),
    "the answer is no JSON": ("POST", r"/uploads$", {"status": 200, "body": b"<html>", "times": 9}),
    "the sign-in is over": ("GET", r"/me", {"status": 401, "times": 9}),
}


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MANYHANDS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(SETTINGS, "debug", False)


@contextlib.contextmanager
def heard(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Ours and urllib3's: whoever else works in this process, as a whole stack may, has its own."""
    with caplog.at_level(logging.DEBUG, "manyhands"), caplog.at_level(logging.DEBUG, "urllib3"):
        ours = logging.getLogger("manyhands")  # which Chalice, if it is here, makes deaf
        ours.addHandler(caplog.handler)
        yield
        ours.removeHandler(caplog.handler)


def told(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, *arguments: str
) -> str:
    """All that a command says anywhere, with what Python says of its error."""
    said = ""
    with heard(caplog):
        try:
            main(["--debug", *arguments])
        except SystemExit:
            pass
        except ManyhandsError as error:
            said = "".join(traceback.format_exception(error))
    printed = capsys.readouterr()
    return "\n".join([said, printed.out, printed.err, caplog.text])


@pytest.mark.parametrize("why", FAULTS)
def test_an_upload_that_fails_tells_no_token_and_no_signature(
    service: FakeService,
    film: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    why: str,
) -> None:
    signed_in(service, tmp_path)
    method, path, how = FAULTS[why]
    service.fail(method, path, **how)
    said = told(capsys, caplog, "upload", str(film), "--group", "film", "--json")
    assert "Traceback" in said, "it was heard"
    for secret in (*TOKENS, SIGNATURE, "X-Amz"):
        assert secret not in said


@pytest.mark.parametrize(("status", "body"), [(403, b"<Error>"), (400, BAD_DIGEST), (500, b"")])
def test_a_storage_that_refuses_every_url_is_told_of_without_any(
    service: FakeService, film: Path, caplog: pytest.LogCaptureFixture, status: int, body: bytes
) -> None:
    """With the waits of a test; the command's own would take a minute and a half."""
    service.fail("PUT", r"/s3/", status=status, body=body, times=999)
    run = Run(service, film)
    with heard(caplog), pytest.raises(ManyhandsError) as refused:
        run.go()
    said = "\n".join(
        [*traceback.format_exception(refused.value), *map(repr, run.events), caplog.text]
    )
    assert "Traceback" in said
    for secret in (*TOKENS, SIGNATURE, "X-Amz"):
        assert secret not in said


def test_a_service_that_is_away_hears_and_tells_nothing(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with FakeService().running() as gone:
        signed_in(gone, tmp_path)
    said = told(capsys, caplog, "whoami")
    assert "Traceback" in said
    for secret in TOKENS:
        assert secret not in said


@contextlib.contextmanager
def typed(text: str) -> Iterator[None]:
    kept, sys.stdin = sys.stdin, io.StringIO(text)
    yield
    sys.stdin = kept


def test_a_password_is_told_to_nobody(
    service: FakeService, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with typed(f"{PASSWORD}\n"):
        said = told(capsys, caplog, "login", service.url, "--username", "ana", "--password-stdin")
    assert "Traceback" in said
    assert PASSWORD not in said
