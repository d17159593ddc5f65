"""Every event function, in each situation in which it calls AWS differently."""

from contextlib import suppress

from chalicelib.adapters.items import page_key
from chalicelib.adapters.s3 import TOKEN
from chalicelib.domain.uploads import token
from tests.crashes.cases import Case, created, full, scenario, stored, taken
from tests.crashes.device import Device
from tests.crashes.wire import Killed, Point
from tests.crashes.world import MINUTE, World

HOUR = 60 * MINUTE
DAY = 24 * HOUR
FAILED, EXPIRED = frozenset({"failed"}), frozenset({"expired"})


def _assembling(world: World, who: Device, ends: frozenset[str] | None = None) -> Case:
    record = taken(world, "assemble")
    case = Case(world, who, lambda: world.run("assemble", record))
    case.ends = ends or case.ends
    return case


def _notifying(world: World, who: Device, ends: frozenset[str] | None = None) -> Case:
    record = taken(world, "notify")
    case = Case(world, who, lambda: world.run("notify", record))
    case.ends = ends or case.ends
    return case


def _place(world: World, who: Device) -> dict[str, str]:
    """Where the storage has the upload's parts."""
    board = world.board(who.id)
    assert board is not None
    return {"Bucket": world.bucket, "Key": board.key, "UploadId": board.multipart_id}


@scenario("assemble", "assemble.normal")
def _normal(world: World) -> Case:
    return _assembling(world, full(world))


@scenario("assemble", "assemble.lacking")
def _lacking(world: World) -> Case:
    """A part was said to be done that never arrived."""
    who = created(world)
    who.send([ticket for ticket in who.take(3) if ticket["part"] != 2])
    who.say(who.request(done=[1, 2, 3]))
    return _assembling(world, who)


@scenario("assemble", "assemble.joined-before")
def _joined_before(world: World) -> Case:
    who = full(world)
    s3, place = world.client("s3"), _place(world, who)
    names = ("PartNumber", "ETag", "ChecksumSHA256")
    parts = [{n: part[n] for n in names} for part in s3.list_parts(**place)["Parts"]]
    s3.complete_multipart_upload(**place, MultipartUpload={"Parts": parts})
    return _assembling(world, who)


@scenario("assemble", "assemble.place-taken")
def _place_taken(world: World) -> Case:
    """Somebody else's object is where ours should be; it must stay as it is."""
    who, foreign = full(world), b"somebody else's"
    place = _place(world, who)
    world.client("s3").put_object(Bucket=place["Bucket"], Key=place["Key"], Body=foreign)
    case = _assembling(world, who, FAILED)
    case.foreign = foreign
    return case


@scenario("assemble", "assemble.parts-gone")
def _parts_gone(world: World) -> Case:
    who = full(world)
    world.client("s3").abort_multipart_upload(**_place(world, who))
    return _assembling(world, who, FAILED)


@scenario("assemble", "assemble.given-up")
def _given_up(world: World) -> Case:
    """Five attempts have died already, and a day has passed."""
    case = _assembling(world, full(world), FAILED)
    for _ in range(5):
        with suppress(Killed), world.wire.watched(Point(4, "before")):
            case.act()
        world.clock.advance(16 * MINUTE)
    world.clock.advance(DAY)
    return case


@scenario("assemble", "assemble.twice")
def _assemble_twice(world: World) -> Case:
    case = _assembling(world, full(world))
    case.act()
    return case


@scenario("notify", "notify.complete")
def _notify_complete(world: World) -> Case:
    who = full(world)
    world.run("assemble", taken(world, "assemble"))
    return _notifying(world, who)


@scenario("notify", "notify.failed")
def _notify_failed(world: World) -> Case:
    failed = _parts_gone(world)
    failed.act()
    return _notifying(world, failed.device, FAILED)


@scenario("notify", "notify.expired")
def _notify_expired(world: World) -> Case:
    who = _idle(world, 7 * DAY)
    world.sweep()
    case = _notifying(world, who, EXPIRED)
    case.goes_on = False
    return case


@scenario("notify", "notify.twice")
def _notify_twice(world: World) -> Case:
    case = _notify_complete(world)
    case.act()
    return case


def _idle(world: World, ms: int) -> Device:
    who = created(world)
    who.send(who.take(1))
    world.clock.advance(ms + HOUR)
    return who


def _sweeping(world: World, who: Device, ends: frozenset[str] | None = None) -> Case:
    case = Case(world, who, world.sweep)
    case.ends = ends or case.ends
    return case


@scenario("sweep", "sweep.nothing")
def _nothing(world: World) -> Case:
    return _sweeping(world, created(world))


@scenario("sweep", "sweep.stuck")
def _stuck(world: World) -> Case:
    who = full(world)
    taken(world, "assemble")
    world.clock.advance(3 * MINUTE)
    return _sweeping(world, who)


@scenario("sweep", "sweep.joined-before")
def _sweep_joined(world: World) -> Case:
    """The function died when the storage had joined the parts, before it could say so."""
    case = _normal(world)
    with suppress(Killed), world.wire.watched(Point(5, "after")):
        case.act()
    world.clock.advance(16 * MINUTE)
    return _sweeping(world, case.device)


@scenario("sweep", "sweep.unsent")
def _unsent(world: World) -> Case:
    who = _notify_complete(world).device
    world.clock.advance(6 * MINUTE)
    return _sweeping(world, who)


@scenario("sweep", "sweep.warn")
def _warn(world: World) -> Case:
    return _sweeping(world, _idle(world, 5 * DAY))


@scenario("sweep", "sweep.expire")
def _expire(world: World) -> Case:
    case = _sweeping(world, _idle(world, 7 * DAY), EXPIRED)
    case.goes_on = False
    return case


@scenario("sweep", "sweep.orphan")
def _orphan(world: World) -> Case:
    """Cancelled by a function that died before it threw the parts away."""
    who = created(world)
    who.send(who.take(2))
    with suppress(Killed), world.wire.watched(Point(3, "before")):
        who.call("POST", "/cancel")
    world.clock.advance(31 * MINUTE)
    return _sweeping(world, who, frozenset({"cancelled"}))


@scenario("sweep", "sweep.deleted")
def _deleted(world: World) -> Case:
    """Deleted by a function that died before it threw the object away."""
    who = stored(world)
    with suppress(Killed), world.wire.watched(Point(3, "before")):
        who.call("DELETE")
    world.clock.advance(31 * MINUTE)
    return _sweeping(world, who, frozenset({"deleted"}))


@scenario("sweep", "sweep.late")
def _late(world: World) -> Case:
    """Begun anew after it was given up; then S3 has joined it after all, and a page comes late."""
    case = _given_up(world)
    case.act()
    world.deliver()
    former = world.board(case.device.id)
    assert former is not None
    again = Device(world, "ana", case.device.file)
    again.create()
    ours = {TOKEN: token(former.id, former.generation)}
    body, place = again.file.body, {"Bucket": world.bucket, "Key": former.key}
    world.client("s3").put_object(**place, Body=body, Metadata=ours)
    late = page_key(former.id, former.generation, 1)
    world.client("dynamodb").put_item(TableName=world.table, Item=late)
    world.clock.advance(HOUR + 31 * MINUTE)
    return _sweeping(world, again)


@scenario("sweep", "sweep.touched")
def _touched(world: World) -> Case:
    """The index says that it is due, the upload itself that it is not."""
    who = created(world)
    world.client("dynamodb").update_item(
        TableName=world.table,
        Key={"pk": {"S": who.id}, "sk": {"S": "BOARD"}},
        UpdateExpression="SET due_at = :long_ago",
        ExpressionAttributeValues={":long_ago": {"N": "1"}},
    )
    return _sweeping(world, who)
