"""Carrying transfers in this process: from a list of numbers to the last line and an exit code."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import typer

from manyhands import words
from manyhands.cli import context, replies, runs
from manyhands.cli.display import Row, Screen
from manyhands.cli.saying import say
from manyhands.cli.sentences import result
from manyhands.cli.shelf_view import name_of
from manyhands.cli.signals import stopping
from manyhands.cli.workshop import Workshop
from manyhands.download.part_file import part_path
from manyhands.errors import (
    BadInput,
    ContentDiffers,
    NotComplete,
    NotNow,
    OutputLost,
    Paused,
    Refused,
    Stopped,
)
from manyhands.events import Downloaded, Event, Failed, PartFetched, PartSent
from manyhands.net.limiter import Limiter
from manyhands.net.schedule import schedule_of
from manyhands.transfers.queue import Queue, Result, Run
from manyhands.transfers.shelf import Transfer


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
    trip = Trip(shop, screen, json=json, count=len(wanted) + left_out)
    trip.look(wanted)
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
    count: int
    results: list[Result] = field(default_factory=list)
    limiters: dict[str, Limiter] = field(default_factory=dict)
    rows: dict[int, Row] = field(default_factory=dict)
    fresh: set[int] = field(default_factory=set)
    made: int = 0
    moved: Counter[int] = field(default_factory=Counter)
    lost: OutputLost | None = None

    @property
    def several(self) -> bool:
        return self.count > 1

    def look(self, ids: Iterable[int]) -> None:
        """Which of them nobody has carried before."""
        found = (self.shop.shelf.get(id) for id in ids)
        self.fresh = {each.id for each in found if each.changed_at == each.created_at}

    def make(self, transfer: Transfer) -> Run:
        self.made += 1
        name = f"{self.made} of {self.count}: {name_of(transfer)}" if self.several else ""
        row = self.rows[transfer.id] = self.screen.row(transfer.id, name)
        limit = str(transfer.options.get("limit_rate", ""))
        limiter = self.limiters.setdefault(limit, Limiter(schedule_of(limit)))

        def listen(event: Event) -> None:
            if isinstance(event, PartSent | PartFetched):
                self.moved[transfer.id] += event.bytes
            row.show(event)

        return runs.made(self.shop, transfer, limiter, listen)

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
        if isinstance(result.error, Paused | Stopped):
            id = result.transfer.id
            word = "Paused" if isinstance(result.error, Paused) else "Stopped"
            result.error.message = replies.stopped(word, result.transfer, self.moved[id])
        if never_began(result, fresh=result.transfer.id in self.fresh):
            self.shop.shelf.withdraw(result.transfer.id)
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
            raise NotNow(replies.elsewhere(self.shop.shelf.get(wanted[0]), _PAUSE_THERE))

    def _say(self, ended: Result) -> None:
        if ended.ended:
            say(result(ended.ended))
        elif self.several and ended.error:
            name = words.harmless(name_of(ended.transfer))
            typer.echo(f"{name}: {words.harmless(ended.error.message, 1000)}", err=True)

    def _sum_up(self, not_done: int) -> None:
        done = sum(each.ended is not None for each in self.results)
        typer.echo(f"{done} done, {not_done} not.", err=True)
        stopped = [e.error for e in self.results if isinstance(e.error, Stopped)]
        if stopped:
            typer.echo("«manyhands resume» goes on with what was stopped.", err=True)
        if not_done:
            raise typer.Exit(stopped[0].exit_code if stopped else 1)


def never_began(result: Result, *, fresh: bool) -> bool:
    """What was refused before there was anything to go on with is not worth a place on the list.

    Neither is a download of what is there. ``fresh``: nobody has carried it before.
    """
    refused = isinstance(result.error, BadInput | Refused | ContentDiffers | NotComplete)
    if result.transfer.kind == "upload":
        return refused and not result.transfer.upload
    ended = result.ended
    there = isinstance(ended, Downloaded) and ended.outcome == "already_there"
    kept = result.transfer.own_bytes or _part_of(result.transfer).exists()
    return fresh and (there or (refused and not kept))


def _part_of(transfer: Transfer) -> Path:
    return part_path(Path(transfer.path), transfer.aim)


_PAUSE_THERE = "«manyhands pause {id}» stops it there."
