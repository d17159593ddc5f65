"""What logs and refusals may never hold, whoever reads them: the server's.

A whole upload runs, with strangers knocking, tokens that are no good, a storage that fails and
defects of our own, while every logger is heard as loudly as an operator could set ours, and Chalice
too. Libraries are heard from INFO up: botocore's DEBUG writes down all that it signs, and nothing
of ours turns that on.
"""

import logging
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

import app
from chalicelib import wiring
from chalicelib.adapters.logs import SHAPE
from chalicelib.domain.status import Status
from local.people import PASSWORD
from local.stack import Stack
from tests.calls import PART, Answer, Caller, Device, File, send
from tests.security.conftest import stored, until
from tests.security.tokens import forgeries

OURS = ("chalicelib", "local", "manyhands", "app")
FILE_NAME = f"Unannounced-{secrets.token_hex(4)}.mov"
SIGNED = re.compile(r"X-Amz-(Signature|Credential|Security-Token)", re.I)
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
TOKEN = re.compile(r"eyJ[\w-]+\.")


class Ear(logging.Handler):
    """Keeps every line as it would be written, tracebacks and all: here, and on Lambda."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [self.format(record), SHAPE.format(record)]


@pytest.fixture
def ear() -> Iterator[Ear]:
    heard, loggers = Ear(), [logging.getLogger(name) for name in ("", *OURS)]
    levels = [logger.level for logger in loggers]
    heard.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    for logger in loggers:
        logger.setLevel(logging.DEBUG if logger.name in OURS else logging.INFO)
    deaf = (loggers[0], app.app.log)  # Chalice's own passes nothing on
    for logger in deaf:
        logger.addHandler(heard)
    yield heard
    for logger in deaf:
        logger.removeHandler(heard)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@contextmanager
def failing(client: Any, operation: str, error: Callable[[], Exception]) -> Iterator[None]:
    """While in here, the client's call fails before it leaves."""

    def fail(**_: Any) -> None:
        raise error()

    where = f"before-call.*.{operation}"
    client.meta.events.register(where, fail)
    yield
    client.meta.events.unregister(where, fail)


def busy() -> Exception:
    said = {"Error": {"Code": "SlowDown", "Message": "slow down"}}
    return ClientError(said, "CreateMultipartUpload")  # type: ignore[arg-type]


def defect() -> Exception:
    return RuntimeError("a defect of ours")


def troubles(stack: Stack, ana: Caller, cleo: Caller, file: File) -> Iterator[Answer]:
    """A whole upload, and all that went wrong on the way."""
    s3, table = wiring.core().store._client, wiring.core().uploads._client  # type: ignore[attr-defined]
    with failing(s3, "CreateMultipartUpload", busy):
        yield ana.post("/uploads", file.described())
    with failing(table, "PutItem", defect):
        yield ana.post("/uploads", file.described())
    upload = ana.post("/uploads", file.described()).body["upload"]["id"]
    for token in forgeries(stack, "ana", "cleo").values():
        yield Caller(stack.url, f"Bearer {token}").get(f"/uploads/{upload}")
    yield cleo.get(f"/uploads/{upload}")
    yield cleo.get(f"/uploads/{upload}/download")
    yield cleo.post("/uploads", file.described())
    device = Device(ana, upload)
    ticket = device.exchange(want=1).body["tickets"][0]
    assert send(ticket, b"wrong") == 403
    yield device.exchange(done=[99])
    yield ana.get(f"/uploads/{upload}/download")
    device.exchange(holding=[1], want=1)
    device.exchange(done=[1, 2])  # which is not true
    until(ana, upload, Status.ACTIVE)
    stored(ana, upload, file)
    yield cleo.delete(f"/uploads/{upload}")
    with failing(table, "GetItem", defect):
        yield ana.get(f"/uploads/{upload}")


def test_logs_and_refusals_hold_no_token_no_signature_no_name_and_no_address(
    stack: Stack, ana: Caller, cleo: Caller, ear: Ear, capfd: pytest.CaptureFixture[str]
) -> None:
    file = File.of(2 * PART, name=FILE_NAME)
    answers = list(troubles(stack, ana, cleo, file))
    assert {500, 503, 401, 403, 404, 400, 409} <= {answer.status for answer in answers}
    printed = capfd.readouterr()
    logged = "\n".join([*ear.lines, printed.out, printed.err])
    assert "a defect of ours" in logged and "storage_unavailable" in logged, "it was heard"
    assert '"route":"POST /uploads"' in logged and '"UploadsStored":[1.0]' in logged, (
        "and as on Lambda"
    )
    refused = "\n".join(str(answer.body) for answer in answers)
    for text in (logged, refused):
        for secret in (FILE_NAME, PASSWORD, ana.authorization, cleo.authorization):
            assert secret not in text
        for pattern in (SIGNED, ADDRESS, TOKEN):
            assert pattern.search(text) is None, pattern.search(text)
    assert "Traceback" not in refused and "a defect" not in refused


def test_a_defect_is_told_to_the_log_and_not_to_the_caller() -> None:
    """Chalice would send the traceback along if it were set to debug."""
    assert app.app.debug is False
