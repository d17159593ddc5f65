"""Every route, in each situation in which it calls AWS differently."""

from chalicelib.domain.board import Rules
from tests.crashes.cases import (
    COMPLETE,
    Case,
    created,
    device,
    full,
    scenario,
    stored,
)
from tests.crashes.device import Device
from tests.crashes.world import World

LEASE_MS = Rules().lease_ms
PAGED = 10
"""Parts of a file whose manifest has two pages."""


@scenario("GET /me", "me")
def _me(world: World) -> Case:
    who = created(world)
    return Case(world, who, lambda: world.call("ana", "GET", "/me"))


@scenario("POST /uploads", "create.new")
def _create(world: World) -> Case:
    who = device(world)
    return Case(world, who, who.create)


@scenario("POST /uploads", "create.joined")
def _joined(world: World) -> Case:
    who = created(world)
    return Case(world, who, Device(world, "ben", who.file).create)


@scenario("POST /uploads", "create.after-cancel")
def _after_cancel(world: World) -> Case:
    who = created(world)
    who.send(who.take(2))
    who.call("POST", "/cancel")
    again = Device(world, "ana", who.file)
    return Case(world, again, again.create)


@scenario("POST /uploads", "create.after-delete")
def _after_delete(world: World) -> Case:
    who = stored(world)
    who.call("DELETE")
    again = Device(world, "ana", who.file)
    return Case(world, again, again.create)


@scenario("POST /uploads", "create.paged")
def _create_paged(world: World) -> Case:
    who = device(world, PAGED)
    return Case(world, who, who.create)


@scenario("POST /uploads", "create.beaten")
def _create_beaten(world: World) -> Case:
    who = device(world)
    world.wire.meanwhile["s3.CreateMultipartUpload"] = Device(world, "ana", who.file).create
    return Case(world, who, who.create)


@scenario("PUT /uploads/{id}/manifest/{page}", "page.put")
def _put_page(world: World) -> Case:
    who = created(world, PAGED)
    return Case(world, who, lambda: who.put_page(1))


@scenario("PUT /uploads/{id}/manifest/{page}", "page.put-again")
def _put_page_again(world: World) -> Case:
    who = created(world)
    return Case(world, who, lambda: who.put_page(0))


@scenario("GET /uploads/{id}/manifest/{page}", "page.get")
def _get_page(world: World) -> Case:
    who = created(world)
    return Case(world, who, lambda: who.call("GET", "/manifest/0"))


@scenario("POST /uploads/{id}/tickets", "exchange.first")
def _exchange_first(world: World) -> Case:
    who = created(world)
    said = who.request(want=2)
    return Case(world, who, lambda: who.say(said))


@scenario("POST /uploads/{id}/tickets", "exchange.middle")
def _exchange_middle(world: World) -> Case:
    who = created(world)
    who.send(who.take(2))
    said = who.request(want=1, done=[1], holding=[2])
    return Case(world, who, lambda: who.say(said))


@scenario("POST /uploads/{id}/tickets", "exchange.last")
def _exchange_last(world: World) -> Case:
    who = created(world)
    who.send(who.take(3))
    said = who.request(done=[1, 2, 3])
    return Case(world, who, lambda: who.say(said))


@scenario("POST /uploads/{id}/tickets", "exchange.leaves")
def _exchange_leaves(world: World) -> Case:
    who = created(world)
    who.take(2)
    who.tickets = []
    said = who.request()
    return Case(world, who, lambda: who.say(said))


@scenario("POST /uploads/{id}/tickets", "exchange.beaten")
def _exchange_beaten(world: World) -> Case:
    who = created(world)
    other = Device(world, "ben", who.file)
    other.create()
    world.wire.meanwhile["dynamodb.PutItem"] = lambda: other.take(1)
    said = who.request(want=2)
    return Case(world, who, lambda: who.say(said))


@scenario("POST /uploads/{id}/tickets", "exchange.after-a-loss")
def _exchange_after_a_loss(world: World) -> Case:
    """A device is lost that had brought one part and sent another without reporting it."""
    gone = created(world)
    gone.send(gone.take(1))
    gone.send(gone.take(2, done=[1])[:1])
    world.clock.advance(LEASE_MS + 1)
    who = Device(world, "ben", gone.file)
    who.create()
    said = who.request(want=2)
    return Case(world, who, lambda: who.say(said))


@scenario("POST /uploads/{id}/pause", "pause")
def _pause(world: World) -> Case:
    who = created(world)
    who.send(who.take(1))
    return Case(world, who, lambda: who.call("POST", "/pause"))


@scenario("POST /uploads/{id}/resume", "resume.middle")
def _resume(world: World) -> Case:
    who = created(world)
    who.call("POST", "/pause")
    return Case(world, who, lambda: who.call("POST", "/resume"))


@scenario("POST /uploads/{id}/resume", "resume.last")
def _resume_last(world: World) -> Case:
    who = created(world)
    who.send(who.take(3))
    who.call("POST", "/pause")
    who.say(who.request(done=[1, 2, 3]))
    return Case(world, who, lambda: who.call("POST", "/resume"))


@scenario("POST /uploads/{id}/cancel", "cancel")
def _cancel(world: World) -> Case:
    who = created(world)
    who.send(who.take(2))
    ends = frozenset({"cancelled"})
    return Case(world, who, lambda: who.call("POST", "/cancel"), ends, unsaid=COMPLETE)


@scenario("DELETE /uploads/{id}", "delete")
def _delete(world: World) -> Case:
    who = stored(world)
    ends = frozenset({"deleted"})
    return Case(world, who, lambda: who.call("DELETE"), ends, unsaid=COMPLETE)


@scenario("GET /uploads/{id}/download", "download")
def _download(world: World) -> Case:
    who = stored(world)
    return Case(world, who, lambda: who.call("GET", "/download"))


@scenario("GET /uploads/{id}", "get")
def _get(world: World) -> Case:
    who = full(world)
    return Case(world, who, lambda: who.call("GET"))


@scenario("GET /uploads", "list")
def _list(world: World) -> Case:
    who = created(world)
    return Case(world, who, lambda: world.call("ana", "GET", "/uploads?group=film"))
