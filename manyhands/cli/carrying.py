"""Carrying transfers in this process: from a list of numbers to the last line and an exit code."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import typer

from manyhands import words
from manyhands.cli import context, runs
from manyhands.cli.display import Row, Screen
from manyhands.cli.sentences import result
from manyhands.cli.signals import stopping
from manyhands.cli.workshop import Workshop
from manyhands.errors import BadInput, ContentDiffers, NotNow, OutputLost, Paused, Refused, Stopped
from manyhands.events import Failed
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
        return runs.made(self.shop, transfer, limiter, row.show)

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
