"""Carrying transfers in this process: from a list of numbers to the last line and an exit code."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer

from manyhands import words
from manyhands.account.folder import data
from manyhands.cli import context
from manyhands.cli.display import Row, Screen
from manyhands.cli.sentences import result
from manyhands.cli.signals import stopping
from manyhands.download import runner as downloading
from manyhands.engine.pace import Rules, enough_for
from manyhands.errors import BadInput, ContentDiffers, NotNow, OutputLost, Paused, Refused, Stopped
from manyhands.events import Downloaded, Event, Failed
from manyhands.net.api import Api
from manyhands.net.binding import binding_of
from manyhands.net.limiter import Limiter
from manyhands.net.presence import Presence, Towards
from manyhands.net.schedule import schedule_of
from manyhands.transfers.database import Database
from manyhands.transfers.journal import Journal
from manyhands.transfers.queue import Locks, Queue, Result, Run, recover
from manyhands.transfers.shelf import Shelf, Transfer, accounts
from manyhands.upload import runner as uploading


@dataclass(frozen=True, slots=True)
class Workshop:
    """This person's transfers on this machine, and the service they are with."""

    shelf: Shelf
    locks: Locks
    api: Api


def workshop() -> Workshop:
    """Raises NotSignedIn, StoreUnusable, NewerDatabase."""
    session = context.session()
    account = f"{session.account.username} at {session.account.url}"
    shelf, locks = _shelf(_database(), account)
    return Workshop(shelf, locks, context.api(session))


def shelves() -> dict[str, Shelf]:
    """Everybody's by account, where nobody is signed in. Raises StoreUnusable, NewerDatabase."""
    database = _database()
    return {account: _shelf(database, account)[0] for account in accounts(database)}


def _database() -> Database:
    return Database(data(os.environ), lambda text: typer.echo(text, err=True))


def _shelf(database: Database, account: str) -> tuple[Shelf, Locks]:
    shelf, locks = Shelf(database, account), Locks(data(os.environ) / "locks")
    recover(shelf, locks)
    return shelf, locks


def carry(
    shop: Workshop,
    ids: Iterable[int],
    *,
    json: bool,
    quiet: bool,
    at_once: int = 1,
    left_out: int = 0,
) -> None:
    """Until all have ended. Raises Exit, or the one transfer's error if there is but one.

    ``left_out``: how many more were asked for, and cannot even be begun.
    """
    wanted = list(ids)
    screen = context.screen(json, quiet)
    trip = Trip(shop, screen, json=json, several=len(wanted) + left_out > 1)
    queue = Queue(shop.shelf, shop.locks, trip.make, trip.ended, at_once)
    with stopping(queue.stop, screen.close):
        try:
            queue.run(wanted)
        finally:
            screen.close()
    trip.close(wanted, left_out)


@dataclass
class Trip:
    """One ``carry``: makes the runs, hears their ends, says what came of them."""

    shop: Workshop
    screen: Screen
    json: bool
    several: bool
    results: list[Result] = field(default_factory=list)
    limiters: dict[str, Limiter] = field(default_factory=dict)
    rows: dict[int, Row] = field(default_factory=dict)
    lost: OutputLost | None = None

    def make(self, transfer: Transfer) -> Run:
        name = Path(transfer.path).name if self.several else ""
        row = self.rows[transfer.id] = self.screen.row(transfer.id, name)
        limit = str(transfer.options.get("limit_rate", ""))
        limiter = self.limiters.setdefault(limit, Limiter(schedule_of(limit)))
        make = _upload if transfer.kind == "upload" else _download
        return make(self.shop, transfer, limiter, row.show)

    def ended(self, result: Result) -> None:
        """Never raises, whatever became of the output."""
        try:
            self._tell(result)
        except OutputLost as error:
            self.lost = error
        except OSError as error:
            self.lost = OutputLost(error)

    def _tell(self, result: Result) -> None:
        self.results.append(result)
        if isinstance(result.error, Paused):
            result.error.message = _paused(result.transfer.id)
        if _never_began(result):
            self.shop.shelf.remove(result.transfer.id)
        row = self.rows.pop(result.transfer.id)
        if result.error:
            row.show(Failed(message=result.error.message, exit_code=result.error.exit_code))
        elif self.json and result.ended:
            row.show(result.ended)
        row.end()
        if not self.json:
            self._say(result)

    def close(self, wanted: list[int], left_out: int) -> None:
        """Raises the error of a single transfer, Exit if one of several did not come to its end."""
        if self.lost:
            raise self.lost
        failed = [each for each in self.results if each.error]
        missing = len(wanted) - len(self.results)
        if self.several:
            self._sum_up(len(failed) + missing + left_out)
        elif failed and failed[0].error:
            raise failed[0].error
        elif missing:
            raise NotNow(_elsewhere(wanted[0]))

    def _say(self, ended: Result) -> None:
        if ended.ended:
            typer.echo(result(ended.ended))
        elif self.several and ended.error:
            name = words.harmless(Path(ended.transfer.path).name)
            typer.echo(f"{name}: {words.harmless(ended.error.message, 1000)}", err=True)

    def _sum_up(self, not_done: int) -> None:
        done = sum(each.ended is not None for each in self.results)
        typer.echo(f"{done} done, {not_done} not.", err=True)
        stopped = [e.error for e in self.results if isinstance(e.error, Stopped)]
        if not_done:
            raise typer.Exit(stopped[0].exit_code if stopped else 1)


def _never_began(result: Result) -> bool:
    """What was refused before there was anything to go on with is not worth a place on the list."""
    refused = isinstance(result.error, BadInput | Refused | ContentDiffers)
    return refused and result.transfer.kind == "upload" and not result.transfer.upload


def _paused(id: int) -> str:
    return f"Paused. What was sent or fetched is kept; «manyhands resume {id}» goes on."


def _elsewhere(id: int) -> str:
    return (
        f"Transfer {id} is under way in another process on this machine. «manyhands pause {id}» "
        "stops it there."
    )


def _upload(
    shop: Workshop, transfer: Transfer, limiter: Limiter, listen: Callable[[Event], None]
) -> Run:
    options: dict[str, Any] = dict(transfer.options)
    limit = schedule_of(str(options.get("limit_rate", ""))).highest
    connections = int(options.get("connections", 0)) or enough_for(limit)
    rules = Rules(connections=connections, first=connections) if connections else Rules()
    job = uploading.Job(
        path=Path(transfer.path),
        label=str(options.get("label", "")),
        group=transfer.group,
        name=transfer.name,
        limiter=limiter,
        rules=rules,
        wait=bool(options.get("wait", True)),
        helps=transfer.aim,
        bindings=tuple(binding_of(way) for way in options.get("bind", ())),
    )
    return uploading.Runner(job, shop.api, listen, memory=Journal(shop.shelf, transfer.id))


def _download(
    shop: Workshop, transfer: Transfer, limiter: Limiter, listen: Callable[[Event], None]
) -> Run:
    return Download(shop, transfer, limiter, listen)


class Download:
    """A download as the queue knows runs."""

    def __init__(
        self,
        shop: Workshop,
        transfer: Transfer,
        limiter: Limiter,
        listen: Callable[[Event], None],
    ) -> None:
        self._listen = listen
        self._presence = Presence(Towards(shop.api.host))
        job = downloading.Job(
            upload=transfer.aim,
            target=Path(transfer.path),
            overwrite=bool(transfer.options.get("overwrite")),
            limiter=limiter,
        )
        self._runner = downloading.Runner(job, shop.api, self._heard)

    def run(self) -> Downloaded:
        """Raises ManyhandsError; Paused if it was asked to rest."""
        ended = self._runner.run()
        if ended.outcome == "resting":
            raise Paused
        return ended

    def stop(self, signal_number: int) -> None:
        self._runner.stop(signal_number)

    def rest(self) -> None:
        self._runner.rest()

    def _heard(self, event: Event) -> None:
        if self._presence.woke():
            self._runner.woke()
        self._listen(event)
