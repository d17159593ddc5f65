"""What must hold after any crash, by the names of ``docs/design.md``.

Most of it is read from the table's own stream, so what stood there only for a moment counts too.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from chalicelib.adapters.items import BOARD, page_prefix, upload_of
from chalicelib.domain.lifetime import NOTIFIED
from chalicelib.domain.status import TRANSITIONS, Status
from chalicelib.domain.uploads import Upload
from tests.crashes.cases import Case
from tests.crashes.world import World, decoded


def check_history(world: World, id: str) -> None:
    for before, after in pairwise(_versions(world, id)):
        assert after.version == before.version + 1, "a change was lost"
        _check_step(before, after)


def _versions(world: World, id: str) -> Iterator[Upload]:
    """The upload as it stood, write by write; a mark that stays is no write of ours."""
    mark = None
    for record in world.history:
        image = record.get("NewImage", {})
        if image.get("sk", {}).get("S") == BOARD and image["pk"]["S"] == id:
            former, mark = mark, image["mark"]
            if mark == former:
                continue
            yield upload_of(decoded(image))


def _check_step(before: Upload, after: Upload) -> None:
    reopened = (before.status, after.status) == (Status.ASSEMBLING, Status.ACTIVE)
    if after.generation == before.generation and not reopened:
        gone = [n for n, t in enumerate(before.board.tickets) if t and not after.board.tickets[n]]
        assert not gone, "done never goes back"
    if after.status is not before.status and before.status is not Status.PAUSED:
        assert after.status in TRANSITIONS[before.status].values(), "the table of statuses"


def check_objects(case: Case, board: Upload) -> None:
    world, prefix = case.world, f"uploads/{board.id}/"
    listed = world.client("s3").list_objects_v2(Bucket=world.bucket, Prefix=prefix)
    keys = [entry["Key"] for entry in listed.get("Contents", [])]
    if case.foreign:
        got = world.client("s3").get_object(Bucket=world.bucket, Key=board.key)
        assert got["Body"].read() == case.foreign, "one object: another's was overwritten"
        return
    assert keys == ([board.key] if board.status is Status.COMPLETE else []), "one object"
    if board.status is Status.COMPLETE:
        url = case.device.call("GET", "/download").body["url"]
        status, _, body = world.wire.http("GET", url, {}, b"")
        assert (status, body) == (200, case.device.file.body), "right bytes"


def open_parts(world: World, id: str) -> list[Any]:
    """The multipart uploads of this upload that are neither joined nor thrown away."""
    listed = world.client("s3").list_multipart_uploads(Bucket=world.bucket)
    return [u for u in listed.get("Uploads", []) if u["Key"].startswith(f"uploads/{id}/")]


def check_rule(world: World, orphan: Any) -> None:
    """What nobody knows of is empty, and the bucket's own rule throws it away."""
    s3, place = world.client("s3"), {"Bucket": world.bucket, "Key": orphan["Key"]}
    assert "Parts" not in s3.list_parts(**place, UploadId=orphan["UploadId"]), "no orphans: bytes"
    rules = s3.get_bucket_lifecycle_configuration(Bucket=world.bucket)["Rules"]
    assert any("AbortIncompleteMultipartUpload" in rule for rule in rules), "no orphans: no rule"
    s3.abort_multipart_upload(**place, UploadId=orphan["UploadId"])


def check_pages(world: World, board: Upload) -> None:
    found = world.client("dynamodb").query(
        TableName=world.table,
        KeyConditionExpression="pk = :id AND begins_with(sk, :pages)",
        ExpressionAttributeValues={":id": {"S": board.id}, ":pages": {"S": "PAGE#"}},
    )["Items"]
    left = {item["sk"]["S"] for item in found}
    own = page_prefix(board.generation)
    assert all(page.startswith(own) for page in left), f"no orphans: {left} of {board.generation}"


def check_progress(world: World, id: str) -> None:
    """What is said to be done is in the storage. Not asked where a client has lied."""
    board = world.board(id)
    if board is None or board.status not in {Status.ACTIVE, Status.PAUSED, Status.INITIALIZED}:
        return
    listed = world.client("s3").list_parts(
        Bucket=world.bucket, Key=board.key, UploadId=board.multipart_id
    )
    there = {part["PartNumber"] for part in listed.get("Parts", [])}
    said = {n for n in range(1, board.plan.count + 1) if board.board.done(n)}
    assert said <= there, "honest progress"


def check_tallies(board: Upload) -> None:
    credited = Counter(ticket for ticket in board.board.tickets if ticket)
    tallies = {c.number: c.parts for c in board.board.clients if c.parts}
    assert tallies == dict(credited), "honest progress: tallies"
    if board.status is Status.COMPLETE:
        assert board.board.bytes_done == board.plan.size, "honest progress: bytes"


def check_notices(world: World, id: str, spare: int) -> int:
    """How many notices more than one there were for what happened; at most ``spare``."""
    versions = list(_versions(world, id))
    ends = sum(b.status is not a.status and b.status in NOTIFIED for a, b in pairwise(versions))
    warnings = sum(bool(b.warned_at) and not a.warned_at for a, b in pairwise(versions))
    published, mails = world.told(id)
    more = published - ends, mails - ends - warnings
    assert min(more) >= 0, f"one notice: {more} missing"
    assert sum(more) <= spare, f"one notice: {more} too many"
    return sum(more)


def check_tenancy(world: World, id: str) -> None:
    assert world.call("cleo", "GET", f"/uploads/{id}").status == 404, "tenancy"
