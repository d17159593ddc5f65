"""``manyhands pause``, ``resume``, ``cancel``, ``rm``.

What they are about is a transfer of this machine, by its number, or an upload, by its id. So
"paused here" and "paused for everybody" are one word with two objects, as they are on the page.
"""

import time
from pathlib import Path
from typing import Annotated

import typer

from manyhands import words
from manyhands.cli import asking, carrying, context, known, refusing
from manyhands.cli.sending import AtOnce
from manyhands.cli.shelf_view import name_of
from manyhands.cli.workshop import Workshop, workshop
from manyhands.download.part_file import part_path
from manyhands.errors import NotNow
from manyhands.transfers.cycle import CARRIED, OVER, Event, State
from manyhands.transfers.shelf import Transfer

PATIENCE_S = 60.0
LOOK_S = 0.2
NOT_CANCELLED, NOT_DELETED = "Nothing was cancelled.", "Nothing was deleted."

Targets = Annotated[
    list[str],
    typer.Argument(
        help="Numbers of transfers here («transfers» lists them), or ids of uploads.",
        autocompletion=known.targets,
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


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
            typer.echo(f"«{words.harmless(upload.name)}» is paused for everybody.")


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
        typer.echo(f"«{words.harmless(name)}» goes on for everybody.")
    ids = [int(target) for target in targets or [] if target.isdecimal()]
    for id in ids:
        shop.shelf.get(id)
    if not targets:
        states = (State.SUSPENDED, State.PAUSED, State.FAILED) if everything else (State.SUSPENDED,)
        ids = [each.id for each in shop.shelf.all(*states)]
    if ids:
        carrying.carry(shop, ids, json=json, quiet=quiet, at_once=at_once)
    elif not targets:
        typer.echo("Nothing is suspended. «manyhands transfers» lists all.", err=True)


def cancel(targets: Targets, yes: Yes = False) -> None:
    """Cancel uploads for everybody.

    What was sent of them is thrown away.
    """
    shop = workshop()
    for target in targets:
        if target.isdecimal():
            _cancel_here(shop, shop.shelf.get(int(target)), yes=yes)
        else:
            name = words.harmless(shop.api.upload(target).upload.name)
            question = f"Cancel «{name}» for everybody? What was sent of it is thrown away."
            asking.sure(question, NOT_CANCELLED, yes=yes)
            refusing.move(shop.api, target, "cancel")
            typer.echo(f"«{name}» is cancelled.")


def rm(targets: Targets, yes: Yes = False) -> None:
    """Forget transfers, or delete stored files.

    A transfer is only taken off the list here; a stored file is gone for everybody.
    """
    shop = workshop()
    for target in targets:
        if target.isdecimal():
            _forget(shop, shop.shelf.get(int(target)))
        else:
            name = words.harmless(shop.api.upload(target).upload.name)
            question = f"Delete «{name}» from the storage? Nobody can download it any more."
            asking.sure(question, NOT_DELETED, yes=yes)
            refusing.delete(shop.api, target)
            typer.echo(f"«{name}» is deleted.")


def _pause_here(shop: Workshop, transfer: Transfer) -> None:
    id, name = transfer.id, words.harmless(name_of(transfer))
    if transfer.state in OVER:
        raise NotNow(f"{name} is {transfer.state}; there is nothing to pause.")
    if shop.locks.is_free(id):
        shop.shelf.move(id, Event.PAUSE)
    else:
        shop.shelf.note(id, wish="pause")
        typer.echo(f"{name} pauses after the part in flight…", err=True)
    after = _settled(shop, id)
    if after.state is not State.PAUSED:
        raise NotNow(f"{name} is {after.state} now.")
    typer.echo(f"{name} is paused here. «manyhands resume {id}» goes on.")


def _settled(shop: Workshop, id: int) -> Transfer:
    """As soon as no process carries it, or after a while anyway."""
    until = time.monotonic() + PATIENCE_S
    while (found := shop.shelf.get(id)).state in CARRIED and time.monotonic() < until:
        time.sleep(LOOK_S)
    return found


def _cancel_here(shop: Workshop, transfer: Transfer, *, yes: bool) -> None:
    name = words.harmless(name_of(transfer))
    if transfer.state in (State.DONE, State.CANCELLED):
        raise NotNow(
            f"{name} is {transfer.state}; there is nothing to cancel. "
            f"«manyhands rm {transfer.id}» takes it off the list."
        )
    if transfer.kind == "download":
        _drop_download(shop, transfer)
    else:
        what = "What was sent of it is thrown away."
        question = f"Cancel the upload of {name} for everybody? {what}"
        asking.sure(question, NOT_CANCELLED, yes=yes)
        if transfer.upload:
            refusing.move(shop.api, transfer.upload, "cancel")
    if shop.locks.is_free(transfer.id):
        shop.shelf.move(transfer.id, Event.CANCEL)
    typer.echo(f"{name} is cancelled.")


def _drop_download(shop: Workshop, transfer: Transfer) -> None:
    if not shop.locks.is_free(transfer.id):
        raise NotNow(f"Another process carries it. Please pause it first: {_pause_of(transfer)}.")
    part_path(Path(transfer.path), transfer.aim).unlink(missing_ok=True)


def _forget(shop: Workshop, transfer: Transfer) -> None:
    name = words.harmless(name_of(transfer))
    if not shop.locks.is_free(transfer.id):
        raise NotNow(
            f"{name} is {transfer.state} in another process. "
            f"Please pause it first: {_pause_of(transfer)}."
        )
    if transfer.kind == "download":
        _drop_download(shop, transfer)
    shop.shelf.remove(transfer.id)
    typer.echo(f"{name} is forgotten here; what is stored stays.")


def _pause_of(transfer: Transfer) -> str:
    return f"«manyhands pause {transfer.id}»"
