"""``manyhands pause`` and ``resume``.

What they are about is a transfer of this machine, by its number, or an upload, by its id. So
"paused here" and "paused for everybody" are one word with two objects, as they are on the page.
"""

import time
from typing import Annotated

import typer

from manyhands import words
from manyhands.cli import carrying, context, known, refusing, replies
from manyhands.cli.saying import say
from manyhands.cli.sending import AtOnce
from manyhands.cli.shelf_view import name_of
from manyhands.cli.workshop import Workshop, workshop
from manyhands.errors import NotNow
from manyhands.transfers.cycle import CARRIED, Event, State
from manyhands.transfers.shelf import Transfer

PATIENCE_S = 60.0
LOOK_S = 0.2

Targets = Annotated[
    list[str],
    typer.Argument(
        help="Numbers of transfers here («transfers» lists them), or ids of uploads.",
        autocompletion=known.targets,
    ),
]


def pause(targets: Targets) -> None:
    """Pause transfers here, or uploads for all.

    A transfer pauses after the part in flight, also in another terminal.
    """
    shop = workshop()
    for target in targets:
        if target.isdecimal():
            _pause_here(shop, shop.shelf.get(int(target)))
        else:
            upload = refusing.move(shop.api, target, "pause").upload
            say(f"«{words.harmless(upload.name)}» is paused for everybody.")


def resume(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            help="Numbers of transfers or ids of uploads; else all that is suspended.",
            autocompletion=known.targets,
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what you paused, and what failed.")
    ] = False,
    at_once: AtOnce = 1,
    json: context.Json = False,
    quiet: context.Quiet = False,
) -> None:
    """Go on with transfers, or uploads for all.

    Nothing is sent or fetched again. A transfer keeps the limits, ways (--bind), connections and
    label that it was begun with; to change them, give the «upload» or «download» again.
    """
    shop = workshop()
    for upload in [target for target in targets or [] if not target.isdecimal()]:
        name = refusing.move(shop.api, upload, "resume").upload.name
        say(f"«{words.harmless(name)}» goes on for everybody.")
    ids = [int(target) for target in targets or [] if target.isdecimal()]
    for id in ids:
        shop.shelf.get(id)
    if not targets:
        states = (State.SUSPENDED, State.PAUSED, State.FAILED) if everything else (State.SUSPENDED,)
        ids = [each.id for each in shop.shelf.all(*states)]
    if ids:
        carrying.carry(shop, ids, json=json, quiet=quiet, at_once=at_once)
    elif not targets:
        say(replies.nothing_suspended(shop.shelf.all()), err=True)


def _pause_here(shop: Workshop, transfer: Transfer) -> None:
    id, name = transfer.id, words.harmless(name_of(transfer))
    if transfer.state in replies.NOT_PAUSED:
        raise NotNow(replies.said(replies.NOT_PAUSED[transfer.state], transfer))
    if shop.locks.is_free(id):
        shop.shelf.move(id, Event.PAUSE)
    else:
        shop.shelf.note(id, wish="pause")
        if transfer.state is State.ONGOING:
            say(f"{name} pauses after the part in flight…", err=True)
    after = settled(shop, id)
    if after.state is not State.PAUSED:
        raise NotNow(f"{name} is {after.state} now.")
    say(replies.paused(transfer))


def settled(shop: Workshop, id: int) -> Transfer:
    """As soon as no process carries it, or after a while anyway."""
    until = time.monotonic() + PATIENCE_S
    while (found := shop.shelf.get(id)).state in CARRIED and time.monotonic() < until:
        time.sleep(LOOK_S)
    return found
