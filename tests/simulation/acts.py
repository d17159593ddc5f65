"""What people do meanwhile, with what they may and may not; and what the hosts' clocks do."""

from collections.abc import Callable
from typing import Any

from chalicelib.domain.errors import ManyhandsError, Unavailable
from chalicelib.domain.exchange import Request
from chalicelib.service import boards, uploads
from chalicelib.service.creating import create
from tests import invariants
from tests.simulation.files import new_file
from tests.simulation.gates import CALM, FAIL_BEFORE
from tests.simulation.people import BEN, EVE, OWNER, STRANGER
from tests.simulation.server import DIED

OUTAGE = (FAIL_BEFORE,) * 256
SPANS_MS = (3_000, 30_000, 300_000)
STEPS_MS = (0, 1_500, -1_500, 5_000, -5_000)


def pause(world: Any) -> None:
    _call(world, "pause", uploads.pause, BEN)


def resume(world: Any) -> None:
    _call(world, "resume", uploads.resume, OWNER)


def cancel(world: Any) -> None:
    _call(world, "cancel", uploads.cancel, OWNER)


def delete(world: Any) -> None:
    _call(world, "delete", uploads.delete, OWNER)


def abandon(world: Any) -> None:
    """Everybody loses interest; the upload is left to expire."""
    for device in world.devices:
        if device.honest and not device.happy:
            device.leave(out=True)


def look_around(world: Any) -> None:
    """A member lists the group and downloads."""
    server, group = world.server, world.group
    server.start("list", uploads.listed, (BEN, group, None, 10), _listed, world)
    server.start("download", uploads.download, (BEN, world.id), _heard, None)


def _listed(world: Any, outcome: Any) -> None:
    if not isinstance(outcome, ManyhandsError | str):
        foreign = [u.id for u in outcome.uploads if u.group != world.group]
        world.holds(invariants.tenancy, "ben", "list", foreign or None)


def stranger_tries(world: Any) -> None:
    """Somebody of another group tries a verb with an id that leaked."""
    name, verb = world.tape.one_of(STRANGERS_VERBS)
    before = world.server.uploads.peek(world.id)

    def heard(_: object, outcome: Any) -> None:
        refused = isinstance(outcome, ManyhandsError) and (
            outcome.code in ("no_such_upload", "not_in_group") or isinstance(outcome, Unavailable)
        )
        gist = None if refused or outcome is DIED else outcome
        world.holds(invariants.tenancy, f"a stranger ({before})", name, gist)

    world.server.start(f"stranger's {name}", verb, (STRANGER, world.id, world), heard, None)


def member_tries(world: Any) -> None:
    """A member tries what only the owner may."""
    upload = world.server.uploads.peek(world.id)
    if upload is None or upload.owner.id == EVE.person.id:
        return

    def heard(_: object, outcome: Any) -> None:
        refused = isinstance(outcome, ManyhandsError) and (
            outcome.code == "not_owner" or isinstance(outcome, Unavailable)
        )
        gist = None if refused or outcome is DIED else outcome
        world.holds(invariants.tenancy, "a member who is not the owner", name, gist)

    name, verb = world.tape.one_of(OWNERS_VERBS)
    world.server.start(f"eve's {name}", verb, (EVE, world.id, world), heard, None)


def forge(world: Any) -> None:
    """An exchange with what comes to a hostile mind: others' parts, old numbers, others' names."""
    parts = range(1, world.parts + 1)
    pick = world.tape.one_of
    upload = world.server.uploads.peek(world.id)
    seated = [c.id for c in upload.board.clients] if upload else []
    request = Request(
        client=pick(("eve-9", "eve-8", *seated)),  # a name is random and secret until it is used
        person=EVE.person,
        label="eve",
        seq=pick((5, 1, 9, 10**13)),
        holding=tuple(pick(parts) for _ in range(pick((0, 2, 5)))),
        done=tuple(pick(parts) for _ in range(pick((1, 3, 0)))),
        want=pick((0, 1, 4)),
        rate=pick((0, 1, 10**9)),
    )
    world.server.start("forged exchange", boards.take, (EVE, world.id, request), _heard, None)


def step_clock(world: Any) -> None:
    clock = world.tape.one_of(world.server.clocks)
    clock.off_ms = world.tape.one_of(STEPS_MS)


def sweep_now(world: Any) -> None:
    world.server.sweep()


def index_behind(world: Any) -> None:
    """The index names all, due or not; a sweep comes."""
    world.server.uploads.behind = True
    world.server.sweep()
    world.server.uploads.behind = False


def outage(world: Any) -> None:
    """Nothing behind the service answers, for a while."""
    if world.calm or world.ports is OUTAGE:
        return
    before, world.ports = world.ports, OUTAGE
    world.at(world.now + world.tape.one_of(SPANS_MS), _over, (world, before))


def _over(about: tuple[Any, Any]) -> None:
    world, before = about
    world.ports = CALM if world.calm else before


ACTS: tuple[Callable[[Any], None], ...] = (
    pause,
    resume,
    stranger_tries,
    step_clock,
    cancel,
    delete,
    member_tries,
    forge,
    cancel,
    sweep_now,
    index_behind,
    outage,
    look_around,
    abandon,
)

_Verb = Callable[..., Any]


def _plain(verb: _Verb) -> _Verb:
    return lambda core, caller, id, world: verb(core, caller, id)


def _take(core: Any, caller: Any, id: str, world: Any) -> Any:
    request = Request("stranger-1", caller.person, "x", 1, (1,), (), 4, 0)
    return boards.take(core, caller, id, request)


def _add_page(core: Any, caller: Any, id: str, world: Any) -> Any:
    return boards.add_page(core, caller, id, 0, world.file.pages[0])


def _read_page(core: Any, caller: Any, id: str, world: Any) -> Any:
    return boards.read_page(core, caller, id, 0)


def _create(core: Any, caller: Any, id: str, world: Any) -> Any:
    return create(core, caller, new_file(world.file, world.group, ""))


def _list(core: Any, caller: Any, id: str, world: Any) -> Any:
    return uploads.listed(core, caller, world.group, None, 10)


OWNERS_VERBS: tuple[tuple[str, _Verb], ...] = (
    ("cancel", _plain(uploads.cancel)),
    ("delete", _plain(uploads.delete)),
    ("page", _add_page),
)
STRANGERS_VERBS: tuple[tuple[str, _Verb], ...] = (
    *OWNERS_VERBS,
    ("look", _plain(uploads.looked_at)),
    ("pause", _plain(uploads.pause)),
    ("resume", _plain(uploads.resume)),
    ("download", _plain(uploads.download)),
    ("exchange", _take),
    ("read page", _read_page),
    ("create", _create),
    ("list", _list),
)


def _call(world: Any, name: str, verb: _Verb, caller: Any) -> None:
    world.server.start(name, verb, (caller, world.id), _heard, None)


def _heard(tag: object, outcome: object) -> None:
    """Any refusal is fine here; the invariants see what was written."""
