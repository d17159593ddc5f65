"""From a transfer on the shelf to a run that the queue can carry."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from manyhands.cli.workshop import Workshop
from manyhands.download import runner as downloading
from manyhands.engine.pace import Rules, enough_for
from manyhands.errors import Paused
from manyhands.events import Downloaded, Event, Fetching
from manyhands.net.binding import binding_of
from manyhands.net.limiter import Limiter
from manyhands.net.presence import Presence, Towards
from manyhands.net.schedule import schedule_of
from manyhands.transfers.journal import PROGRESS_EVERY_S, Journal
from manyhands.transfers.queue import Run
from manyhands.transfers.shelf import Transfer
from manyhands.upload import runner as uploading

Listen = Callable[[Event], None]


def made(shop: Workshop, transfer: Transfer, limiter: Limiter, listen: Listen) -> Run:
    """Raises BadBinding, if what was asked for once is not there any more."""
    make = _upload if transfer.kind == "upload" else Download
    return make(shop, transfer, limiter, listen)


def _upload(shop: Workshop, transfer: Transfer, limiter: Limiter, listen: Listen) -> Run:
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
    return uploading.Runner(job, shop.patient, listen, memory=Journal(shop.shelf, transfer.id))


class Download:
    """A download as the queue knows runs."""

    def __init__(
        self,
        shop: Workshop,
        transfer: Transfer,
        limiter: Limiter,
        listen: Listen,
    ) -> None:
        self._shelf, self._id, self._listen = shop.shelf, transfer.id, listen
        self._noted_at = float("-inf")
        self._last: Fetching | None = None
        self._presence = Presence(Towards(shop.patient.host))
        job = downloading.Job(
            upload=transfer.aim,
            target=Path(transfer.path),
            overwrite=bool(transfer.options.get("overwrite")),
            limiter=limiter,
        )
        self._runner = downloading.Runner(job, shop.patient, self._heard)

    def run(self) -> Downloaded:
        """Raises ManyhandsError; Paused if it was asked to rest."""
        try:
            ended = self._runner.run()
        finally:
            self._note_last()
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
        if isinstance(event, Fetching):
            self._note(event)
        self._listen(event)

    def _note(self, event: Fetching) -> None:
        """For people who look from another terminal; what counts is what lies on the disk."""
        now, self._last = time.monotonic(), event
        if now - self._noted_at >= PROGRESS_EVERY_S:
            self._noted_at = now
            self._note_last()

    def _note_last(self) -> None:
        if self._last:
            done, own = self._last.bytes_done, self._last.own_bytes
            self._shelf.note(self._id, bytes_done=done, own_bytes=own)
