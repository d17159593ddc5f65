"""The API over real HTTP, against the whole stack."""

import json
import time
from collections.abc import Callable
from urllib.parse import quote

import pytest

from local.stack import Stack
from manyhands.net.transport import PoolTransport
from tests.calls import HTTP, PART, Answer, Caller, Device, File, send
from tests.recorder import Recorder

pytestmark = pytest.mark.filterwarnings("error")


def created(caller: Caller, file: File) -> str:
    answer = caller.post("/uploads", file.described())
    assert answer.status == 201, answer.body
    return str(answer.body["upload"]["id"])


def eventually(look: Callable[[], Answer], status: str) -> Answer:
    """The answer once the upload has this status; it must come within ten seconds."""
    for _ in range(200):
        answer = look()
        if answer.body["upload"]["status"] == status:
            return answer
        time.sleep(0.05)
    raise AssertionError(answer.body)


def stored(caller: Caller, file: File) -> str:
    upload = created(caller, file)
    Device(caller, upload).send_all(file)
    eventually(lambda: caller.get(f"/uploads/{upload}"), "complete")
    return upload


def test_who_i_am_and_what_i_may_do(ana: Caller) -> None:
    answer = ana.get("/me")
    assert answer.body["user"]["name"] == "ana"
    personal, film = answer.body["groups"]
    assert (personal["personal"], film["id"]) == (True, "film")
    assert answer.body["limits"]["min_part_size"] == PART


def test_two_people_bring_one_file_and_it_comes_back_whole(ana: Caller, ben: Caller) -> None:
    file = File.of(3 * PART + 17, name="Größe – 大.mov")
    upload = created(ana, file)
    joined = ben.post("/uploads", file.described())
    assert (joined.status, joined.body["outcome"]) == (200, "joined")
    assert joined.body["upload"]["id"] == upload
    first, second = Device(ana, upload, "laptop"), Device(ben, upload, "phone")
    mine = first.exchange(want=1).body["tickets"]
    send(mine[0], file.part(1))
    second.send_all(file)
    assert first.exchange(done=[1]).body["status"] == "assembling"
    answer = eventually(lambda: ben.get(f"/uploads/{upload}"), "complete")
    assert {c["label"]: c["parts"] for c in answer.body["board"]["clients"]} == {
        "laptop": 1,
        "phone": 3,
    }
    download = ben.get(f"/uploads/{upload}/download").body
    got = HTTP.request("GET", download["url"])
    assert got.data == file.body
    assert got.headers["Content-Disposition"].endswith(quote("Größe – 大.mov"))
    assert got.headers["Content-Disposition"].startswith("attachment")


def test_the_storage_agrees_about_the_checksum(stack: Stack, ana: Caller) -> None:
    file = File.of(2 * PART + 1)
    upload = stored(ana, file)
    view = ana.get(f"/uploads/{upload}").body["upload"]
    head = stack.client("s3").head_object(
        Bucket=stack.resources.references.ref("Bucket"),
        Key=f"uploads/{upload}/{view['generation']}",
        ChecksumMode="ENABLED",
    )
    assert head["ChecksumSHA256"] == view["checksum"]
    assert head["ContentLength"] == len(file.body)


def test_empty_and_tiny_files_are_stored(ana: Caller) -> None:
    for size in (0, 1):
        stored(ana, File.of(size, name=f"{size}.bin"))


def test_the_owner_is_told_by_mail_in_text_and_html(stack: Stack, ana: Caller) -> None:
    upload = stored(ana, File.of(10, name="told <b>.bin"))
    for _ in range(100):
        mails = [m for m in stack.outbox.mails() if upload in m.text]
        if mails:
            break
        time.sleep(0.05)
    (mail,) = mails
    assert mail.to == "ana@example.org"
    assert "told <b>.bin" in mail.text
    assert "told &lt;b&gt;.bin" in mail.html
    page = HTTP.request("GET", f"{stack.url}/outbox")
    assert page.status == 200
    assert b"told &lt;b&gt;.bin" in page.data


def test_an_unchanged_board_is_not_sent_again(ana: Caller) -> None:
    upload = created(ana, File.of(10))
    first = ana.get(f"/uploads/{upload}")
    etag = first.headers["ETag"]
    assert ana.get(f"/uploads/{upload}", **{"If-None-Match": etag}).status == 304
    ana.post(f"/uploads/{upload}/pause")
    again = ana.get(f"/uploads/{upload}", **{"If-None-Match": etag})
    assert (again.status, again.body["upload"]["status"]) == (200, "paused")


def test_pausing_resuming_cancelling_and_beginning_again(ana: Caller, ben: Caller) -> None:
    file = File.of(2 * PART)
    upload = created(ana, file)
    device = Device(ana, upload)
    device.exchange(want=1)
    assert ben.post(f"/uploads/{upload}/pause").body["upload"]["status"] == "paused"
    assert device.exchange(want=1).body["tickets"] == []
    assert ben.post(f"/uploads/{upload}/resume").body["upload"]["status"] == "active"
    refused = ben.post(f"/uploads/{upload}/cancel")
    assert (refused.status, refused.code) == (403, "not_owner")
    assert ana.post(f"/uploads/{upload}/cancel").body["upload"]["status"] == "cancelled"
    again = ana.post("/uploads", file.described())
    assert (again.status, again.body["upload"]["generation"]) == (201, 2)


def test_a_stored_file_is_recognised_and_can_be_deleted(ana: Caller) -> None:
    file = File.of(20)
    upload = stored(ana, file)
    again = ana.post("/uploads", file.described())
    assert (again.status, again.body["upload"]["status"]) == (200, "complete")
    assert ana.delete(f"/uploads/{upload}").body["upload"]["status"] == "deleted"
    assert ana.get(f"/uploads/{upload}").status == 404
    assert ana.post("/uploads", file.described()).status == 201


def test_a_group_is_listed_newest_first_in_pages(ben: Caller) -> None:
    made = []
    for n in range(3):
        made.append(created(ben, File.of(5 + n, name=f"listed-{n}", group="lab")))
        time.sleep(0.002)
    first = ben.get("/uploads?group=lab&limit=2").body
    rest = ben.get(f"/uploads?group=lab&limit=2&cursor={first['next']}").body
    listed = [u["id"] for u in (*first["uploads"], *rest["uploads"])]
    assert listed[:3] == made[::-1]


def test_pages_of_the_manifest_go_up_and_come_down(ana: Caller) -> None:
    digests = File(b"x" * 10).described()["digests"] * 300
    described = File(b"", name="long").described(size=300 * PART, digests=digests[:8])
    upload = ana.post("/uploads", described).body["upload"]["id"]
    early = ana.put(f"/uploads/{upload}/manifest/2", {"digests": digests[:96]})
    assert (early.code, early.body["details"]) == ("page_out_of_order", {"next_page": 1})
    for _ in range(2):
        known = ana.put(f"/uploads/{upload}/manifest/1", {"digests": digests[:24]})
        assert known.body == {"parts_known": 32, "parts": 300, "checksum": ""}
    for page, count in ((2, 96), (3, 128), (4, 44)):
        last = ana.put(f"/uploads/{upload}/manifest/{page}", {"digests": digests[:count]})
    assert last.body["checksum"].endswith("-300")
    assert ana.get(f"/uploads/{upload}/manifest/4").body["digests"] == digests[:44]
    other = ana.put(f"/uploads/{upload}/manifest/1", {"digests": ["A" * 43 + "="] * 24})
    assert other.code == "content_differs"


def test_a_false_done_is_found_out_and_heals(ana: Caller) -> None:
    file = File.of(2 * PART)
    upload = created(ana, file)
    liar = Device(ana, upload, "liar")
    tickets = liar.exchange(want=2).body["tickets"]
    send(tickets[0], file.part(1))
    assert liar.exchange(done=[1, 2]).body["status"] == "assembling"
    eventually(lambda: ana.get(f"/uploads/{upload}"), "active")
    Device(ana, upload, "honest").send_all(file)
    eventually(lambda: ana.get(f"/uploads/{upload}"), "complete")


def test_the_storage_takes_only_the_bytes_that_a_ticket_is_for(ana: Caller) -> None:
    file = File.of(2 * PART)
    upload = created(ana, file)
    first, second = Device(ana, upload).exchange(want=2).body["tickets"]
    other = File.of(PART).body
    assert send(first, other) == 400
    assert send(first, file.part(1)[:-1]) == 403
    assert send(first | {"headers": {}}, file.part(1)) == 403
    assert send(first | {"headers": second["headers"]}, file.part(2)) == 403
    assert send(first | {"url": first["url"].replace("partNumber=1", "partNumber=2")}, other) == 403
    assert send(first, file.part(1)) == 200
    unsigned = HTTP.request("GET", first["url"].partition("?")[0])
    assert unsigned.status == 403


def test_an_exchange_is_one_read_and_one_write_however_many_tickets_it_moves(
    recorder: Recorder, ana: Caller
) -> None:
    file = File.of(9 * PART)
    device = Device(ana, created(ana, file))
    tickets = device.exchange(want=4).body["tickets"]
    for ticket in tickets:
        send(ticket, file.part(ticket["part"]))
    before = len(recorder.calls)
    device.exchange(want=4, done=[t["part"] for t in tickets])
    calls = [name for function, name in recorder.calls[before:] if function == "api"]
    table = [name for name in calls if name.startswith("dynamodb")]
    assert table == ["dynamodb:GetItem", "dynamodb:PutItem"]
    assert set(calls) - set(table) <= {"s3:UploadPart"}


def test_a_long_answer_is_compressed_for_who_asks_for_that(ana: Caller) -> None:
    upload = created(ana, File.of(3 * PART))
    path, body = f"/uploads/{upload}/tickets", json.dumps(asking("a-client")).encode()
    plain = ana.call("POST", path, body)
    packed = ana.call("POST", path, body, {"Accept-Encoding": "deflate, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert [t["part"] for t in packed.body["tickets"]] == [1, 2, 3]
    short = ana.call("GET", f"/uploads/{upload}/manifest/0", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in short.headers


def test_the_command_line_takes_compressed_answers(ana: Caller) -> None:
    upload = created(ana, File.of(3 * PART))
    answer = PoolTransport().send(
        "POST",
        f"{ana.url}/api/uploads/{upload}/tickets",
        headers={"Authorization": ana.authorization, "Content-Type": "application/json"},
        body=json.dumps(asking("a-client")).encode(),
        timeout_s=10,
    )
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(json.loads(answer.body)["tickets"]) == 3


def asking(client: str) -> dict[str, object]:
    """Its first exchange."""
    plain = {"client": client, "label": client, "seq": 1, "holding": [], "done": []}
    return plain | {"want": 3, "rate": 0}
