"""Each function may do what it does, and nothing else.

A whole life of several uploads is played through the stack, the sweep's part with a clock set
ahead; then what was called is compared with what ``.chalice/`` grants, both ways.
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib import wiring
from chalicelib.domain.board import Person
from chalicelib.domain.lifetime import DAY, HOUR, MINUTE
from chalicelib.domain.manifest import pack
from chalicelib.domain.parts import plan_parts
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import FileIdentity, Upload, new_upload, object_key, token
from chalicelib.service.core import Core
from chalicelib.service.sweeping import sweep
from tests.calls import HTTP, PART, Caller, Device, File, send
from tests.fakes.clock import FakeClock
from tests.recorder import Recorder

CHALICE = Path(__file__).resolve().parents[2] / ".chalice"
EVERY_FUNCTION = ("api", "assemble", "notify", "sweep")

BY_THE_POLLER = {
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    "sqs:SendMessage",
}
LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
REPORTS = {"sqs:SendMessage"}
"""Lambda, in the name of a function that is called by an event, keeps what failed for good."""


def allowed(function: str) -> set[str]:
    """Without what an option adds."""
    policy = json.loads((CHALICE / f"policy-{function}.json").read_text())
    return {action for s in policy["Statement"] if "Action" in s for action in s["Action"]}


def granted(function: str) -> set[str]:
    return allowed(function) - LOGS - BY_THE_POLLER


@pytest.fixture(scope="module")
def lived(recorder: Recorder, ana: Caller) -> Recorder:
    """The recorder, after everything was done that can be done."""
    _through_the_api(ana)
    _lose_a_device(ana)
    owner = wiring.tokens().verify(ana.authorization.removeprefix("Bearer ")).person
    _lose_parts(wiring.core(), owner)
    thread = threading.Thread(target=_sweep_everything, args=[owner], name="schedule")
    thread.start()
    thread.join()
    return recorder


def test_lambda_may_do_in_a_functions_name_what_its_event_needs() -> None:
    """Read the stream, and keep what failed for good; the API is not called by events."""
    needed = {"assemble": BY_THE_POLLER, "notify": BY_THE_POLLER, "sweep": REPORTS}
    for function in EVERY_FUNCTION:
        assert allowed(function) >= LOGS
        assert allowed(function) & BY_THE_POLLER == needed.get(function, set())


@pytest.mark.parametrize("function", EVERY_FUNCTION)
def test_a_function_may_do_what_it_does_and_nothing_else(lived: Recorder, function: str) -> None:
    assert lived.actions[function] == granted(function)


def _through_the_api(ana: Caller) -> None:
    file = File.of(PART + 1, name="policies")
    first = ana.post("/uploads", file.described()).body["upload"]["id"]
    ana.post(f"/uploads/{first}/cancel")
    upload = ana.post("/uploads", file.described()).body["upload"]["id"]
    Device(ana, upload).send_all(file)
    _until(lambda: ana.get(f"/uploads/{upload}").body["upload"]["status"] == "complete")
    ana.get(f"/uploads/{upload}/download")
    ana.get(f"/uploads/{upload}/manifest/0")
    ana.get("/uploads?group=film")
    ana.delete(f"/uploads/{upload}")


def _lose_a_device(ana: Caller) -> None:
    """One that brought a part and holds another; its last sign of life is an hour ago."""
    file = File.of(PART + 1, name="a device is lost")
    upload = ana.post("/uploads", file.described()).body["upload"]["id"]
    gone = Device(ana, upload)
    (ticket,) = gone.exchange(want=1).body["tickets"]
    assert send(ticket, file.part(1)) == 200
    gone.exchange(want=1, done=[1])
    core = wiring.core()
    found = core.uploads.get(upload)
    assert found is not None
    (client,) = found.board.clients
    silent = replace(client, seen_at=client.seen_at - HOUR)
    core.uploads.save(replace(found, board=replace(found.board, clients=(silent,))))
    Device(ana, upload, "another").send_all(file)


def _lose_parts(core: Core, owner: Person) -> None:
    """An upload whose parts the storage has thrown away: ``assemble`` must look for the object."""
    upload = core.uploads.add(_begun(core, owner, sent=False))
    core.uploads.save(_full(upload))
    _until(lambda: _status(core, upload) is Status.FAILED)


def _sweep_everything(owner: Person) -> None:
    core, post = wiring.core(), wiring.post()
    clock = FakeClock(core.clock.now())
    ahead = replace(core, clock=clock)
    for sent in (True, False):
        core.uploads.add(_full(_begun(core, owner, sent)))
    core.uploads.add(_ended(_begun(core, owner, sent=True)))
    idle = core.uploads.add(_begun(core, owner, sent=True))
    for wait in (3 * MINUTE, 10 * MINUTE, 5 * DAY, 2 * DAY, 31 * MINUTE):
        clock.advance(wait + 61 * MINUTE)
        for _ in range(4):
            sweep(ahead, post)
    assert _status(core, idle) is Status.EXPIRED


def _begun(core: Core, owner: Person, sent: bool) -> Upload:
    """An upload of one byte that no board knows yet, its one part sent or thrown away."""
    digest = File(b"x").described()["digests"]
    file = FileIdentity("film", f"by hand {time.time_ns()}", plan_parts(1), pack(digest))
    key = object_key(file.upload_id, 1)
    multipart = core.store.create(key, token(file.upload_id, 1), file.name)
    core.manifests.put(file.upload_id, 1, 0, file.first_page)
    if sent:
        signed = core.store.sign_put(key, multipart, 1, 1, digest[0])
        headers = {**signed.headers, "Content-Type": "application/octet-stream"}
        assert HTTP.request("PUT", signed.url, body=b"x", headers=headers).status == 200
    else:
        core.store.abort(key, multipart)
    return new_upload(file, 1, owner, multipart, core.clock.now())


def _full(upload: Upload) -> Upload:
    board = replace(upload.board, status=Status.ASSEMBLING, tickets=b"\1")
    return replace(upload, board=board)


def _ended(upload: Upload) -> Upload:
    """Its notice is the sweep's to send: the stream brings changes of status, not beginnings."""
    return replace(upload, board=replace(upload.board, status=Status.FAILED))


def _status(core: Core, upload: Upload) -> Status:
    found = core.uploads.get(upload.id)
    assert found is not None
    return found.status


def _until(look: Callable[[], bool]) -> None:
    for _ in range(200):
        if look():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")
