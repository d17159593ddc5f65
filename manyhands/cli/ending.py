"""``manyhands cancel`` and ``rm``: about a transfer here by its number, or an upload by its id."""

from pathlib import Path
from typing import Annotated

import typer

from manyhands import words
from manyhands.cli import asking, refusing, replies
from manyhands.cli.managing import Targets, settled
from manyhands.cli.saying import say
from manyhands.cli.shelf_view import name_of
from manyhands.cli.workshop import Workshop, workshop
from manyhands.download.part_file import part_path
from manyhands.errors import NotNow
from manyhands.transfers.cycle import Event, State
from manyhands.transfers.shelf import Transfer

PAUSE_FIRST = "Please pause it first: «manyhands pause {id}»."
RESTED = (State.PAUSED, State.SUSPENDED)
"""Where a process leaves a transfer that it had ended before it heard of the cancel."""
NOT_CANCELLED, NOT_DELETED = "Nothing was cancelled.", "Nothing was deleted."

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def cancel(targets: Targets, yes: Yes = False) -> None:
    """Cancel uploads for everybody.

    What was sent of them is thrown away.
    """
    shop = workshop()
    for target in targets:
        if target.isdecimal():
            _cancel_here(shop, shop.shelf.get(int(target)), yes=yes)
        else:
            upload = shop.api.upload(target).upload
            refusing.insist_on_own(upload, "cancel", NOT_CANCELLED)
            name = words.harmless(upload.name)
            question = f"Cancel «{name}» for everybody? What was sent of it is thrown away."
            asking.sure(question, NOT_CANCELLED, yes=yes)
            refusing.move(shop.api, target, "cancel")
            say(f"«{name}» is cancelled.")


def rm(targets: Targets, yes: Yes = False) -> None:
    """Forget transfers, or delete stored files.

    A transfer is only taken off the list here; a stored file is gone for everybody.
    """
    shop = workshop()
    for target in targets:
        if target.isdecimal():
            _forget(shop, shop.shelf.get(int(target)))
        else:
            upload = shop.api.upload(target).upload
            refusing.insist_on_own(upload, "delete", NOT_DELETED)
            name = words.harmless(upload.name)
            question = f"Delete «{name}» from the storage? Nobody can download it any more."
            asking.sure(question, NOT_DELETED, yes=yes)
            refusing.delete(shop.api, target)
            say(f"«{name}» is deleted.")


def _cancel_here(shop: Workshop, transfer: Transfer, *, yes: bool) -> None:
    name = words.harmless(name_of(transfer))
    if transfer.state in replies.NOT_CANCELLED:
        raise NotNow(replies.said(replies.NOT_CANCELLED[transfer.state], transfer))
    if transfer.kind == "download":
        _drop_download(shop, transfer)
    elif transfer.upload:
        advice = replies.said(f"{NOT_CANCELLED} {replies.OFF_THE_LIST}", transfer)
        refusing.insist_on_own(shop.api.upload(transfer.upload).upload, "cancel", advice)
        what = "What was sent of it is thrown away."
        question = f"Cancel the upload of {name} for everybody? {what}"
        asking.sure(question, NOT_CANCELLED, yes=yes)
        refusing.move(shop.api, transfer.upload, "cancel")
    if shop.locks.is_free(transfer.id):
        shop.shelf.move(transfer.id, Event.CANCEL)
    else:
        shop.shelf.note(transfer.id, wish="cancel")
    after = settled(shop, transfer.id)
    if after.state in RESTED:
        after = shop.shelf.move(transfer.id, Event.CANCEL)
    if after.state is not State.CANCELLED:
        raise NotNow(f"{name} is {after.state} now.")
    say(replies.cancelled(transfer))


def _drop_download(shop: Workshop, transfer: Transfer) -> None:
    if not shop.locks.is_free(transfer.id):
        raise NotNow(replies.elsewhere(transfer, PAUSE_FIRST))
    part_path(Path(transfer.path), transfer.aim).unlink(missing_ok=True)


def _forget(shop: Workshop, transfer: Transfer) -> None:
    if not shop.locks.is_free(transfer.id):
        raise NotNow(replies.elsewhere(transfer, PAUSE_FIRST))
    if transfer.kind == "download":
        _drop_download(shop, transfer)
    shop.shelf.remove(transfer.id)
    say(replies.forgotten(transfer))
